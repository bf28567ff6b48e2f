/** Outputs in groups, and their words; knows nothing of the editor. */

import type { Finding, OutputRecord } from "../protocol";
import { visible } from "./visible";

export type Grouping = "time" | "file" | "agent";

export interface Group {
  name: string;
  description: string;
  outputs: OutputRecord[];
}

/** The groups in the order of their newest output; outputs come newest first. */
export function grouped(outputs: readonly OutputRecord[], by: Grouping, now = new Date()): Group[] {
  const groups = new Map<string, OutputRecord[]>();
  for (const output of outputs) {
    const name = nameOf(output, by, now);
    const group = groups.get(name);
    if (group) {
      group.push(output);
    } else {
      groups.set(name, [output]);
    }
  }
  return [...groups].map(([name, members]) => ({
    name: visible(name),
    description: counts(members),
    outputs: members,
  }));
}

/** "12 outputs, 1 suspect". */
export function counts(outputs: readonly OutputRecord[]): string {
  const suspect = outputs.filter((one) => one.verdict === "suspect").length;
  const said = `${outputs.length} ${outputs.length === 1 ? "output" : "outputs"}`;
  return suspect > 0 ? `${said}, ${suspect} suspect` : said;
}

/** What an output is called in its group: the file, or the agent where the file is the group. */
export function label(output: OutputRecord, by: Grouping): string {
  const file = (output.path ?? "").split(/[\\/]/).at(-1) ?? "";
  return visible(by === "file" || file === "" ? agentOf(output) : file);
}

/** Beside the label: what was found, when, and how it is known. */
export function describe(output: OutputRecord): string {
  const codes = [...new Set((output.findings ?? []).map((finding) => finding.code))].join(" ");
  const how = output.attribution === "heuristic" ? "guessed" : "";
  return visible([codes, clock(output.time), how, output.mark].filter(Boolean).join(" · "));
}

export function findingLabel(finding: Finding): string {
  return visible(`${finding.code} line ${finding.line}: ${finding.message}`);
}

/** All that is known of an output, a line each, as plain text: nothing of a record becomes a link or a picture. */
export function tooltip({ verdict, reason, model, path, time, mark }: OutputRecord): string {
  return [verdict, reason, model, path, time, mark].flatMap((one) => (one ? [visible(one)] : [])).join("\n");
}

function nameOf(output: OutputRecord, by: Grouping, now: Date): string {
  if (by === "file") {
    return output.path ?? "no file";
  }
  return by === "agent" ? agentOf(output) : day(output.time, now);
}

function agentOf(output: OutputRecord): string {
  const said = [output.agent, output.model].filter(Boolean).join(" ");
  return said === "" ? "AI, by the look of it" : said;
}

function day(time: string, now: Date): string {
  const then = new Date(time);
  const days = Math.round((midnight(now) - midnight(then)) / 86_400_000);
  return days === 0 ? "Today" : days === 1 ? "Yesterday" : time.slice(0, 10);
}

function midnight(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

function clock(time: string): string {
  const then = new Date(time);
  return Number.isNaN(then.getTime()) ? "" : then.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
}
