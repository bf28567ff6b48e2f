/** aicheck for VS Code: starts the server, tells it what only the editor knows, and shows what it says. */

import * as vscode from "vscode";
import { registerCommands } from "./commands";
import { Clipboard } from "./outputs/clipboard";
import { watch } from "./outputs/watch";
import { Client } from "./server/client";
import { NoServer } from "./server/find";
import { install } from "./server/install";
import { middleware } from "./server/middleware";
import { OutputPages } from "./views/outputPage";
import { OutputsView } from "./views/outputs";
import { statusBar } from "./views/statusBar";

let running: Client | undefined;

/** What the activation took, for those who measure it (milliseconds, without the server's start). */
interface Exports {
  activation: number;
}

export function activate(context: vscode.ExtensionContext): Exports {
  const began = performance.now();
  const log = vscode.window.createOutputChannel("aicheck", { log: true });
  const pages = new OutputPages();
  const client = new Client(
    context,
    log,
    middleware(pages, () => {
      view.refresh();
    }),
  );
  const view = new OutputsView(client);
  pages.client = running = client;
  const clipboard = new Clipboard((text) => void client.own(text));
  const actions = {
    restart: () => start(client, context),
    install: async () => {
      if (await install(context, log)) {
        await start(client, context);
      }
    },
  };
  context.subscriptions.push(
    log,
    pages.register(),
    clipboard.register(),
    watch(client, clipboard),
    statusBar(client),
    vscode.window.createTreeView("aicheck.outputs", { treeDataProvider: view, showCollapseAll: true }),
    registerCommands(client, view, actions),
    client.onRunning((is) => {
      void vscode.commands.executeCommand("setContext", "aicheck.running", is);
      view.refresh();
    }),
    client.onStatus((status) => {
      view.refresh();
      if (status.outputs > 0) {
        void vscode.commands.executeCommand("setContext", "aicheck.sawOutput", true);
      }
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("aicheck.server.path")) {
        void start(client, context);
      }
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      if (!client.isRunning) {
        void start(client, context);
      }
    }),
  );
  void start(client, context); // not waited for: the window must not
  return { activation: performance.now() - began };
}

export async function deactivate(): Promise<void> {
  await running?.stop();
}

async function start(client: Client, context: vscode.ExtensionContext): Promise<void> {
  try {
    await client.start();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    client.log.error(message);
    const missing = error instanceof NoServer;
    const choices = missing ? ["Install", "Open Settings"] : ["Show Log", "Restart"];
    const chosen = await vscode.window.showWarningMessage(
      missing ? message : `aicheck did not start: ${message}`,
      ...choices,
    );
    if (chosen === "Install" && (await install(context, client.log))) {
      await start(client, context);
    } else if (chosen === "Open Settings") {
      await vscode.commands.executeCommand("workbench.action.openSettings", "aicheck.server.path");
    } else if (chosen === "Show Log") {
      client.log.show();
    } else if (chosen === "Restart") {
      await start(client, context);
    }
  }
}
