/** Hooks of the agents on this machine: with them an agent's edits are known exactly, and it is told what is wrong. */

import * as vscode from "vscode";
import type { Agent } from "../protocol";
import { BUNDLED } from "../server/candidates";
import type { Client } from "../server/client";
import { type Server, findInstalled } from "../server/find";
import { notice } from "../views/visible";
import { listed } from "./listed";

/** The agents that were offered before: each is offered once. */
const OFFERED = "aicheck.hooksOffered";

/** Offer to set up the hooks of agents that are installed and have none. */
export async function offerHooks(client: Client, context: vscode.ExtensionContext): Promise<void> {
  const before = context.globalState.get<string[]>(OFFERED, []);
  const agents = (await client.agents()).filter((one) => !one.hooked && !before.includes(one.name));
  if (agents.length === 0) {
    return;
  }
  await context.globalState.update(OFFERED, [...before, ...agents.map((one) => one.name)]);
  const names = listed(agents.map((one) => one.title));
  const chosen = await vscode.window.showInformationMessage(
    notice(`aicheck can check every edit of ${names} by a hook. Each change to settings is shown and asked for first.`),
    "Set Up Hooks",
  );
  if (chosen === "Set Up Hooks") {
    await vscode.commands.executeCommand("aicheck.setUpHooks");
  }
}

/** Let a person choose agents, and run `aicheck init` for each in a terminal, where it shows the change and asks. */
export async function setUpHooks(
  client: Client,
  context: vscode.ExtensionContext,
  install: () => Promise<boolean>,
): Promise<void> {
  const agents = await client.agents();
  if (agents.length === 0) {
    void vscode.window.showInformationMessage("aicheck: no agent that has hooks is installed on this machine.");
    return;
  }
  const items = agents.map((agent) => ({
    label: agent.title,
    description: agent.hooked ? "has the hook" : "",
    picked: !agent.hooked,
    agent,
  }));
  const chosen = await vscode.window.showQuickPick(items, { canPickMany: true, title: "Set up hooks of these agents" });
  const server = chosen?.length ? await thatStays(client, context, install) : undefined;
  for (const { agent } of server ? (chosen ?? []) : []) {
    await init(server as Server, agent);
  }
}

/** Hooks name a program: that which the extension brings goes with its next version, so one is installed for them. */
async function thatStays(
  client: Client,
  context: vscode.ExtensionContext,
  install: () => Promise<boolean>,
): Promise<Server | undefined> {
  if (client.server?.source !== BUNDLED) {
    return client.server;
  }
  const there = (): Promise<Server | undefined> => findInstalled(context).catch(() => undefined);
  return (await there()) ?? ((await install()) ? there() : undefined);
}

async function init({ program, start }: Server, agent: Agent): Promise<void> {
  const run = new vscode.ProcessExecution(program, ["init", agent.name], { cwd: start.cwd });
  const task = new vscode.Task({ type: "aicheck" }, vscode.TaskScope.Workspace, `init ${agent.name}`, "aicheck", run);
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, focus: true };
  const ended = new Promise<void>((resolve) => {
    const listening = vscode.tasks.onDidEndTask(({ execution }) => {
      if (execution.task.name === task.name) {
        listening.dispose();
        resolve();
      }
    });
  });
  await vscode.tasks.executeTask(task);
  await ended;
}
