/** Installing the server into an environment of the extension's own, after asking. */

import { existsSync } from "node:fs";
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
  const setting = configuration().get<string>("server.installFrom", "");
  if (refusal(setting, forbidden()) === undefined) {
    return setting;
  }
  const typed = await vscode.window.showInputBox({
    title: "Install aicheck's server from",
    prompt: "The absolute path of a clone of aicheck or of a wheel, or the address of its repository",
    value: setting || clone(context.extensionPath),
    ignoreFocusOut: true,
    validateInput: (text) => refusal(text.trim(), forbidden()),
  });
  return typed?.trim();
}

/** The clone that an extension in development is run from. */
function clone(extension: string): string {
  const above = path.resolve(extension, "../..");
  return existsSync(path.join(above, "app", "aicheck_app")) ? above : "";
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
