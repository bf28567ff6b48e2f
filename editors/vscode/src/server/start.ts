/** What the extension starts programs with, as this window's trust has it. */

import { mkdir, realpath } from "node:fs/promises";
import * as path from "node:path";
import * as vscode from "vscode";
import { environment } from "./environment";
import type { Start } from "./programs";

export async function start(context: vscode.ExtensionContext): Promise<Start> {
  const folder = context.globalStorageUri.fsPath;
  await mkdir(folder, { recursive: true });
  return { cwd: await realpath(folder), env: environment(process.env, forbidden()), forbidden: forbidden() };
}

/** The workspace's folders, and that of its file, as long as it is not trusted: nothing in them is run. */
export function forbidden(): string[] {
  const { isTrusted, workspaceFile } = vscode.workspace;
  const above = workspaceFile?.scheme === "file" ? [path.dirname(workspaceFile.fsPath)] : [];
  return isTrusted ? [] : [...folders(), ...above];
}

export function folders(): string[] {
  return (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);
}
