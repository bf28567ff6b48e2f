/** Today's numbers in the status bar. */

import * as vscode from "vscode";
import type { Status } from "../protocol";
import type { Client } from "../server/client";
import { statusText, statusTooltip } from "./statusText";

export function statusBar(client: Client): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("aicheck.status", vscode.StatusBarAlignment.Right, 90);
  item.name = "aicheck";
  item.command = "aicheck.menu";
  let status: Status | undefined;
  const draw = (): void => {
    item.text = statusText(client.isRunning, status);
    item.tooltip = statusTooltip(client.isRunning, status);
    item.backgroundColor =
      client.isRunning && status?.verdict === "suspect"
        ? new vscode.ThemeColor("statusBarItem.warningBackground")
        : undefined;
  };
  draw();
  item.show();
  return vscode.Disposable.from(
    item,
    client.onRunning(draw),
    client.onStatus((told) => {
      status = told;
      draw();
    }),
  );
}
