/** Finding the server on this machine. */

import * as path from "node:path";
import * as vscode from "vscode";
import { BUNDLED, type Candidate, type Strategy, candidates } from "./candidates";
import { isInside } from "./inside";
import { type Start, isExecutable, run } from "./programs";
import { folders, start } from "./start";

const SECONDS = 20;

export interface Server extends Candidate {
  version: string;
  start: Start;
}

/** What stands in the way of a server, in words for a person. */
export class NoServer extends Error {}

/** The first candidate that runs; throws NoServer. */
export async function find(context: vscode.ExtensionContext): Promise<Server> {
  return firstOf(context, () => true);
}

/** The first one that stays where it is when the extension is updated; throws NoServer. */
export async function findInstalled(context: vscode.ExtensionContext): Promise<Server> {
  return firstOf(context, ({ source }) => source !== BUNDLED);
}

async function firstOf(context: vscode.ExtensionContext, wanted: (candidate: Candidate) => boolean): Promise<Server> {
  const setting = configuration().get<string>("server.path", "");
  if (setting && !path.isAbsolute(setting)) {
    throw new NoServer(`'${setting}' (setting aicheck.server.path) is no absolute path.`);
  }
  const own = await start(context);
  const trusted = vscode.workspace.isTrusted;
  const places = {
    setting,
    folders: trusted ? folders() : [],
    interpreter: trusted ? await interpreter() : undefined,
    searchPath: own.env["PATH"] ?? "",
    storage: context.globalStorageUri.fsPath,
    extension: context.extensionPath,
    windows: process.platform === "win32",
    strategy: configuration().get<Strategy>("importStrategy", "useBundled"),
  };
  for (const candidate of candidates(places).filter(wanted)) {
    const server = { ...candidate, start: { ...own, env: { ...own.env, ...candidate.environment } } };
    const version = await versionOf(server);
    if (version !== undefined) {
      return { ...server, version };
    }
  }
  throw new NoServer(setting ? wrong(setting) : missing(trusted));
}

function wrong(setting: string): string {
  return `'${setting}' (setting aicheck.server.path) is no aicheck that runs, or is in a workspace that is not trusted.`;
}

function missing(trusted: boolean): string {
  return `aicheck's server is not installed: ${trusted ? "neither in this workspace's environment nor" : "it is not"} on the PATH.`;
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

/** What `aicheck --version` says; undefined for another program, one that is broken, or one that may not be run. */
async function versionOf({
  program,
  before,
  needs,
  ours,
  start,
}: Candidate & { start: Start }): Promise<string | undefined> {
  const mayRun = ours === true || !isInside(program, start.forbidden);
  if (!(mayRun && (await isExecutable(needs ?? program)) && (await isExecutable(program)))) {
    return undefined;
  }
  const output = await run(program, [...(before ?? []), "--version"], start, SECONDS).catch(() => "");
  return /^aicheck, version ([\w.+-]+)/.exec(output)?.[1];
}
