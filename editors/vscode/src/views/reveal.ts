/** From a record of the log to the file: the log names files relative to their project. */

import * as path from "node:path";
import * as vscode from "vscode";
import type { OutputRecord } from "../protocol";
import { notice } from "./visible";

/** Open an output's file, at a finding if there is one. */
export async function reveal(output: OutputRecord, finding = 0): Promise<void> {
  const uri = await fileOf(output);
  if (!uri) {
    void vscode.window.showInformationMessage(
      notice(output.path ? `${output.path} is in none of this window's folders.` : "This output is in no file."),
    );
    return;
  }
  const place = output.findings?.[finding];
  const document = await vscode.workspace.openTextDocument(uri);
  const line = Math.min(Math.max((place?.line ?? 1) - 1, 0), document.lineCount - 1);
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(line, 0, line, 0) });
}

async function fileOf(output: OutputRecord): Promise<vscode.Uri | undefined> {
  if (output.path === undefined || output.path === "") {
    return undefined;
  }
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    const uri = vscode.Uri.joinPath(folder.uri, output.path);
    if (uri.path.startsWith(`${folder.uri.path}/`) && (await isFile(uri))) {
      return uri;
    }
  }
  const name = path.posix.basename(output.path.replaceAll("\\", "/"));
  const found = await vscode.workspace.findFiles(`**/${name.replace(/[[\]{}*?]/g, "?")}`, undefined, 2);
  return found.length === 1 ? found[0] : undefined;
}

async function isFile(uri: vscode.Uri): Promise<boolean> {
  try {
    return ((await vscode.workspace.fs.stat(uri)).type & vscode.FileType.File) !== 0;
  } catch {
    return false;
  }
}
