/** aicheck for VS Code: starts the server, tells it what only the editor knows, and shows what it says. */

import * as vscode from "vscode";
import { offerHooks, setUpHooks } from "./agents/hooks";
import { registerCommands } from "./commands";
import { tellHidden } from "./findings/hidden";
import { StepBack } from "./findings/stepBack";
import { Clipboard } from "./outputs/clipboard";
import { watch } from "./outputs/watch";
import { Client } from "./server/client";
import { NoServer } from "./server/find";
import { install } from "./server/install";
import { middleware } from "./server/middleware";
import { OutputPages } from "./views/outputPage";
import { OutputsView } from "./views/outputs";
import { statusBar } from "./views/statusBar";
import { notice } from "./views/visible";

let running: Client | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("aicheck", { log: true });
  const pages = new OutputPages();
  const twins = new StepBack();
  const between = middleware(pages, twins, () => {
    view.refresh();
  });
  const client = new Client(context, log, between, twins);
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
    setUpHooks: () => setUpHooks(client, context, () => install(context, log)),
  };
  context.subscriptions.push(
    log,
    pages.register(),
    clipboard.register(),
    twins.register(),
    watch(client, clipboard),
    statusBar(client),
    vscode.window.createTreeView("aicheck.outputs", { treeDataProvider: view, showCollapseAll: true }),
    registerCommands(context, client, view, actions),
    tellHidden(client, context),
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
      if (["aicheck.server.path", "aicheck.importStrategy"].some((one) => event.affectsConfiguration(one))) {
        void start(client, context);
      }
    }),
    // The workspace's own server may be asked for now, and its tools may run.
    vscode.workspace.onDidGrantWorkspaceTrust(() => void start(client, context)),
  );
  void start(client, context); // not waited for: the window must not
}

export async function deactivate(): Promise<void> {
  await running?.stop();
}

async function start(client: Client, context: vscode.ExtensionContext): Promise<void> {
  try {
    await client.start();
    void offerHooks(client, context).catch((error: unknown) => {
      client.log.warn(wordsOf(error));
    });
  } catch (error) {
    client.log.error(wordsOf(error));
    void offer(error, client, context); // nobody waits for the answer
  }
}

/** Say why there is no server, and what can be done about it. */
async function offer(error: unknown, client: Client, context: vscode.ExtensionContext): Promise<void> {
  const missing = error instanceof NoServer;
  const words = missing ? error.message : `aicheck did not start: ${wordsOf(error)}`;
  const chosen = await vscode.window.showWarningMessage(
    notice(words),
    ...(missing ? ["Install", "Open Settings"] : ["Show Log", "Restart"]),
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

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
