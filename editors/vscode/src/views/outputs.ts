/** The view "AI Outputs": what was written, grouped, with its findings. */

import * as vscode from "vscode";
import type { OutputRecord } from "../protocol";
import type { Client } from "../server/client";
import { type Group, type Grouping, describe, findingLabel, grouped, label, tooltip } from "./grouping";
import { visible } from "./visible";

/** Outputs looked at. */
const LIMIT = 300;
/** Outputs that come in a burst make one refresh (milliseconds). */
const PAUSE = 300;

export type Node = { group: Group } | { output: OutputRecord } | { output: OutputRecord; finding: number };

export class OutputsView implements vscode.TreeDataProvider<Node> {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private grouping: Grouping = "time";
  private onlySuspect = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly client: Client) {}

  refresh(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.changed.fire(undefined);
    }, PAUSE);
  }

  groupBy(grouping: Grouping): void {
    this.grouping = grouping;
    this.refresh();
  }

  async showOnlySuspect(only: boolean): Promise<void> {
    this.onlySuspect = only;
    await vscode.commands.executeCommand("setContext", "aicheck.onlySuspect", only);
    this.refresh();
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (!node) {
      const outputs = await this.client.outputs(LIMIT);
      const shown = this.onlySuspect ? outputs.filter((one) => one.verdict === "suspect") : outputs;
      return grouped(shown, this.grouping).map((group) => ({ group }));
    }
    if ("group" in node) {
      return node.group.outputs.map((output) => ({ output }));
    }
    return "finding" in node
      ? []
      : (node.output.findings ?? []).map((_, finding) => ({ output: node.output, finding }));
  }

  getTreeItem(node: Node): vscode.TreeItem {
    if ("group" in node) {
      const item = new vscode.TreeItem(node.group.name, vscode.TreeItemCollapsibleState.Expanded);
      item.description = node.group.description;
      return item;
    }
    return "finding" in node ? this.findingItem(node.output, node.finding) : this.outputItem(node.output);
  }

  private outputItem(output: OutputRecord): vscode.TreeItem {
    const open = output.findings ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None;
    const item = new vscode.TreeItem(label(output, this.grouping), open);
    item.id = output.id;
    item.description = describe(output);
    item.iconPath = icon(output);
    item.contextValue = `output.${output.verdict}`;
    item.command = { command: "aicheck.outputs.reveal", title: "Go to File", arguments: [{ output }] };
    item.tooltip = tooltip(output);
    return item;
  }

  private findingItem(output: OutputRecord, number: number): vscode.TreeItem {
    const finding = output.findings?.[number];
    const item = new vscode.TreeItem(finding ? findingLabel(finding) : "");
    item.contextValue = "finding";
    item.tooltip = visible(finding?.message ?? "");
    item.command = { command: "aicheck.outputs.reveal", title: "Go to File", arguments: [{ output, finding: number }] };
    return item;
  }
}

function icon(output: OutputRecord): vscode.ThemeIcon {
  if (output.mark === "dismissed") {
    return new vscode.ThemeIcon("circle-slash");
  }
  switch (output.verdict) {
    case "suspect":
      return new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground"));
    case "clean":
      return new vscode.ThemeIcon("pass", new vscode.ThemeColor("testing.iconPassed"));
    default:
      return new vscode.ThemeIcon("circle-outline");
  }
}
