/** Installing the server into an environment of the extension's own, after asking. */

import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import * as vscode from "vscode";
import { notice } from "../views/visible";
import { configuration } from "./find";
import { installInto } from "./pip";
import { refusal } from "./source";
import { forbidden, start } from "./start";

/** Ask, then make the environment and install; says whether a server is there now. */
export async function install(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): Promise<boolean> {
  const folder = path.join(context.globalStorageUri.fsPath, "server");
  const from = await source(context);
  if (from === undefined || !(await consents(from, folder))) {
    return false;
  }
  try {
    const own = await start(context);
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: "Installing aicheck" },
      () =>
        installInto(folder, from, own, (command) => {
          log.info(command);
        }),
    );
  } catch (error) {
    void failed(String(error), log);
    return false;
  }
  await configuration()
    .update("server.installFrom", from, vscode.ConfigurationTarget.Global)
    .then(undefined, (error: unknown) => {
      log.warn(`aicheck.server.installFrom could not be written: ${String(error)}`);
    });
  return true;
}

async function failed(error: string, log: vscode.LogOutputChannel): Promise<void> {
  log.error(error);
  if (await vscode.window.showErrorMessage(notice(`aicheck could not be installed: ${error}`), "Show Log")) {
    log.show();
  }
}

/** The setting, or what a person types; undefined if they leave. */
async function source(context: vscode.ExtensionContext): Promise<string | undefined> {
  const setting = configuration().get<string>("server.installFrom", "") || builtFrom(context.extensionPath);
  if (refusal(setting, forbidden()) === undefined) {
    return setting;
  }
  const typed = await vscode.window.showInputBox({
    title: "Install aicheck's server from",
    prompt: "The absolute path of a clone of aicheck or of a wheel, or the address of its repository",
    value: setting,
    ignoreFocusOut: true,
    validateInput: (text) => refusal(text.trim(), forbidden()),
  });
  return typed?.trim();
}

/** What the package was built from (esbuild.mjs): an address, or a clone or a wheel that is still there. */
function builtFrom(extension: string): string {
  try {
    const { from } = JSON.parse(readFileSync(path.join(extension, "dist", "source.json"), "utf8")) as { from: string };
    return path.isAbsolute(from) && !existsSync(from) ? "" : from;
  } catch {
    return "";
  }
}

async function consents(from: string, folder: string): Promise<boolean> {
  const detail = `pip install ${from}\ninto ${folder}\nIts dependencies come from the package index that pip is set up for.`;
  const answer = await vscode.window.showInformationMessage(
    "Install aicheck's server?",
    { modal: true, detail },
    "Install",
  );
  return answer === "Install";
}
