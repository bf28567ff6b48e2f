/** The report in an editor tab. */

import * as vscode from "vscode";
import type { Client } from "../server/client";
import { themed } from "./themed";

let panel: vscode.WebviewPanel | undefined;

/** Make the report anew and show it. */
export async function openReport(client: Client): Promise<void> {
  const path = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: "aicheck: making the report" },
    () => client.execute<string>("aicheck.report", "html"),
  );
  const html = await vscode.workspace.fs.readFile(vscode.Uri.file(path));
  if (!panel) {
    panel = vscode.window.createWebviewPanel("aicheck.report", "aicheck report", vscode.ViewColumn.Active, {
      enableScripts: true,
      localResourceRoots: [],
      enableFindWidget: true,
    });
    panel.onDidDispose(() => {
      panel = undefined;
    });
  }
  panel.webview.html = themed(new TextDecoder().decode(html));
  panel.reveal();
}
