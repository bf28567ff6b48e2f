/** A damaged file that was opened by hand: why nothing is underlined in it, and what can be done. Said once a window. */

import * as vscode from "vscode";
import type { Client } from "../server/client";
import { notice } from "../views/visible";
import { hiddenWords } from "./words";

const NEVER = "aicheck.neverTellHidden";

export function tellHidden(client: Client, context: vscode.ExtensionContext): vscode.Disposable {
  let told = false;
  return client.onHidden(({ uri, findings }) => {
    if (!told && context.globalState.get(NEVER) !== true) {
      told = true;
      void offer(client, context, uri, findings);
    }
  });
}

async function offer(client: Client, context: vscode.ExtensionContext, uri: string, findings: number): Promise<void> {
  const name = vscode.Uri.parse(uri).path.split("/").at(-1) ?? uri;

  const chosen = await vscode.window.showInformationMessage(
    notice(hiddenWords(name, findings)),
    "Show in This File",
    "Check All Files",
    "Don't Show Again",
  );
  if (chosen === "Show in This File") {
    await client.execute("aicheck.checkFile", uri);
  } else if (chosen === "Check All Files") {
    await vscode.commands.executeCommand("aicheck.checkFiles");
  } else if (chosen === "Don't Show Again") {
    await context.globalState.update(NEVER, true);
  }
}
