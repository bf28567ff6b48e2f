/** Checking on request: all files of the workspace, or a sample that shows what there is to see. */

import * as vscode from "vscode";
import type { Client } from "../server/client";
import { notice } from "../views/visible";

interface Counts {
  files: number;
  checked: number;
  suspect: number;
}

export async function checkFiles(client: Client): Promise<void> {
  const { files, checked, suspect } = await client.execute<Counts>("aicheck.checkWorkspace");
  const words =
    files === 0
      ? "there are no files to check in this window's folders."
      : `${checked} ${checked === 1 ? "file" : "files"} checked, ${suspect} suspect.`;
  void vscode.window.showInformationMessage(notice(`aicheck: ${words}`));
}

/** Open a copy of the damaged sample and show all that is found in it. It is no output: nothing is logged of it. */
export async function trySample(client: Client, context: vscode.ExtensionContext): Promise<void> {
  const sample = vscode.Uri.joinPath(context.extensionUri, "media", "walkthrough", "sample.txt");
  const copy = vscode.Uri.joinPath(context.globalStorageUri, "sample.py");
  await vscode.workspace.fs.copy(sample, copy, { overwrite: true });
  const document = await vscode.workspace.openTextDocument(copy);
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Active });
  await client.execute("aicheck.checkFile", document.uri.toString());
}
