/** Finding the server on this machine. */

import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import * as vscode from "vscode";
import { type Candidate, candidates } from "./candidates";

const SECONDS = 20;

export interface Server extends Candidate {
  version: string;
}

/** What stands in the way of a server, in words for a person. */
export class NoServer extends Error {}

/** The first candidate that runs; throws NoServer. */
export async function find(context: vscode.ExtensionContext): Promise<Server> {
  const setting = configuration().get<string>("server.path", "");
  for (const candidate of candidates({
    setting,
    folders: (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath),
    interpreter: await interpreter(),
    searchPath: process.env["PATH"] ?? "",
    storage: context.globalStorageUri.fsPath,
    extension: context.extensionPath,
    trusted: vscode.workspace.isTrusted,
    windows: process.platform === "win32",
  })) {
    if ((await exists(candidate.needs ?? candidate.program)) && (await exists(candidate.program))) {
      const version = await versionOf(candidate);
      if (version !== undefined) {
        return { ...candidate, version };
      }
    }
  }
  throw new NoServer(
    setting
      ? `'${setting}' (setting aicheck.server.path) is no aicheck that runs.`
      : "aicheck's server is not installed: neither in this workspace's environment nor on the PATH.",
  );
}

export function configuration(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration("aicheck");
}

/** The interpreter that the Python extension has chosen, where it is installed and says so. */
async function interpreter(): Promise<string | undefined> {
  const python = vscode.extensions.getExtension<PythonExtension>("ms-python.python");
  try {
    const exports = await python?.activate();
    return exports?.environments?.getActiveEnvironmentPath(vscode.workspace.workspaceFolders?.[0]?.uri).path;
  } catch {
    return undefined;
  }
}

interface PythonExtension {
  environments?: { getActiveEnvironmentPath(resource?: vscode.Uri): { path: string } };
}

async function exists(program: string): Promise<boolean> {
  try {
    await access(program, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What `aicheck --version` says; undefined for another program, or one that is broken. */
async function versionOf({ program, before, environment }: Candidate): Promise<string | undefined> {
  const options = { timeout: SECONDS * 1000, env: { ...process.env, ...environment } };
  return new Promise((resolve) => {
    execFile(program, [...(before ?? []), "--version"], options, (error, output) => {
      resolve(error ? undefined : /^aicheck, version (\S+)/.exec(output)?.[1]);
    });
  });
}
