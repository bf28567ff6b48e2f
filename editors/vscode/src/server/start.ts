/** What the extension starts programs with, as this window's trust has it. */

import { mkdir, realpath } from "node:fs/promises";
import * as vscode from "vscode";
import { environment } from "./environment";
import type { Start } from "./programs";

export async function start(context: vscode.ExtensionContext): Promise<Start> {
  const folder = context.globalStorageUri.fsPath;
  await mkdir(folder, { recursive: true });
  return { cwd: await realpath(folder), env: environment(process.env, forbidden()), forbidden: forbidden() };
}

/** The workspace's folders as long as it is not trusted: nothing in them is run. */
export function forbidden(): string[] {
  return vscode.workspace.isTrusted ? [] : folders();
}

export function folders(): string[] {
  return (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);
}
