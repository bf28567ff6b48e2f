/** Installing the server into an environment of the extension's own, after asking. */

import { execFile } from "node:child_process";
import * as path from "node:path";
import * as vscode from "vscode";
import { configuration } from "./find";

const PYTHONS = process.platform === "win32" ? ["py", "python"] : ["python3", "python"];

/** Ask, then make the environment and install; says whether a server is there now. */
export async function install(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): Promise<boolean> {
  const from = configuration().get<string>("server.installFrom", "aicheck-lsp");
  const folder = path.join(context.globalStorageUri.fsPath, "server");
  const answer = await vscode.window.showInformationMessage(
    "Install aicheck's server?",
    { modal: true, detail: `pip install ${from}\ninto ${folder}` },
    "Install",
  );
  if (answer !== "Install") {
    return false;
  }
  try {
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: "Installing aicheck" },
      async () => {
        await environment(folder, log);
        const python = path.join(folder, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
        await run(python, ["-m", "pip", "install", "--upgrade", from], log);
      },
    );
    return true;
  } catch (error) {
    log.error(String(error));
    const chosen = await vscode.window.showErrorMessage(`aicheck could not be installed: ${String(error)}`, "Show Log");
    if (chosen) {
      log.show();
    }
    return false;
  }
}

async function environment(folder: string, log: vscode.LogOutputChannel): Promise<void> {
  for (const python of PYTHONS) {
    try {
      await run(python, ["-c", "import sys; sys.exit(sys.version_info < (3, 11))"], log);
    } catch {
      continue;
    }
    await run(python, ["-m", "venv", folder], log);
    return;
  }
  try {
    await run("uv", ["venv", "--seed", "--python", ">=3.11", folder], log); // fetches a Python, if need be
  } catch (error) {
    throw new Error(`no Python 3.11 or newer was found on the PATH, and uv did not bring one (${String(error)})`);
  }
}

async function run(program: string, args: string[], log: vscode.LogOutputChannel): Promise<void> {
  log.info([program, ...args].join(" "));
  return new Promise((resolve, reject) => {
    execFile(program, args, { maxBuffer: 1 << 26 }, (error, output, errors) => {
      log.debug(output);
      if (error) {
        const said = errors.trim().split("\n").at(-1);
        reject(new Error(said === undefined || said === "" ? error.message : said));
      } else {
        resolve();
      }
    });
  });
}
