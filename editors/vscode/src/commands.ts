/** The extension's commands. */

import * as vscode from "vscode";
import type { OutputRecord, Place } from "./protocol";
import type { Client } from "./server/client";
import { askForReason, copied } from "./server/middleware";
import { checkFiles, trySample } from "./findings/check";
import { openReport } from "./views/report";
import { type Node, OutputsView } from "./views/outputs";
import { reveal } from "./views/reveal";
import { notice } from "./views/visible";

export interface Actions {
  restart(): Promise<void>;
  install(): Promise<void>;
  setUpHooks(): Promise<void>;
}

export function registerCommands(
  context: vscode.ExtensionContext,
  client: Client,
  view: OutputsView,
  actions: Actions,
): vscode.Disposable {
  const judge = (command: string) => async (node: Node) => {
    const output = outputOf(node);
    const reason = output ? await askForReason(command) : undefined;
    if (output && reason !== undefined) {
      await client.execute(command, output.id, reason, ...placeOf(node));
      view.refresh();
    }
  };
  const commands: Record<string, (...args: never[]) => unknown> = {
    "aicheck.restart": () => actions.restart(),
    "aicheck.install": () => actions.install(),
    "aicheck.showServerLog": () => {
      client.log.show();
    },
    "aicheck.openReport": () => openReport(client),
    "aicheck.checkFiles": () => checkFiles(client),
    "aicheck.trySample": () => trySample(client, context),
    "aicheck.setUpHooks": () => actions.setUpHooks(),
    "aicheck.menu": () => menu(client),
    "aicheck.outputs.refresh": () => {
      view.refresh();
    },
    "aicheck.outputs.byTime": () => {
      view.groupBy("time");
    },
    "aicheck.outputs.byFile": () => {
      view.groupBy("file");
    },
    "aicheck.outputs.byAgent": () => {
      view.groupBy("agent");
    },
    "aicheck.outputs.onlySuspect": () => view.showOnlySuspect(true),
    "aicheck.outputs.all": () => view.showOnlySuspect(false),
    "aicheck.outputs.reveal": (node: Node) => {
      const output = outputOf(node);
      return output && reveal(output, "finding" in node ? node.finding : 0);
    },
    "aicheck.outputs.confirm": judge("aicheck.confirm"),
    "aicheck.outputs.dismiss": judge("aicheck.dismiss"),
    "aicheck.outputs.copyEvidence": async (node: Node) => {
      const output = outputOf(node);
      if (output) {
        await copied(await client.execute<string>("aicheck.copyEvidence", output.id));
      }
    },
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([name, run]) => vscode.commands.registerCommand(name, guarded(run))),
  );
}

/** A command whose failure is told in a sentence. */
function guarded(run: (...args: never[]) => unknown): (...args: never[]) => Promise<void> {
  return async (...args) => {
    try {
      await run(...args);
    } catch (error) {
      void vscode.window.showErrorMessage(notice(`aicheck: ${error instanceof Error ? error.message : String(error)}`));
    }
  };
}

/** The one finding that is meant, if it is one. */
function placeOf(node: Node): Place[] {
  const found = "finding" in node ? node.output.findings?.[node.finding] : undefined;
  return found ? [{ code: found.code, line: found.line - 1, character: found.column - 1 }] : [];
}

function outputOf(node: Node): OutputRecord | undefined {
  return "output" in node ? node.output : undefined;
}

async function menu(client: Client): Promise<void> {
  const running = client.isRunning;
  const items: { label: string; command: string; when: boolean; detail?: string }[] = [
    { label: "$(list-tree) Show AI Outputs", command: "aicheck.outputs.focus", when: running },
    { label: "$(graph) Show Report", command: "aicheck.openReport", when: running },
    { label: "$(checklist) Check All Files of the Workspace", command: "aicheck.checkFiles", when: running },
    { label: "$(plug) Set Up Hooks of Agents", command: "aicheck.setUpHooks", when: running },
    { label: "$(cloud-download) Install Server", command: "aicheck.install", when: !running },
    { label: "$(refresh) Restart Server", command: "aicheck.restart", when: true },
    { label: "$(output) Show Server Log", command: "aicheck.showServerLog", when: true },
    { label: "$(gear) Open Settings", command: "aicheck.openSettings", when: true },
  ];
  const title =
    client.server && running ? `aicheck ${client.server.version} (${client.server.source})` : "aicheck is not running";
  const chosen = await vscode.window.showQuickPick(
    items.filter((item) => item.when),
    { title },
  );
  if (chosen?.command === "aicheck.openSettings") {
    await vscode.commands.executeCommand("workbench.action.openSettings", "@ext:aicheck.aicheck");
  } else if (chosen) {
    await vscode.commands.executeCommand(chosen.command);
  }
}
