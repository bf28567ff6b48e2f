/** The words of the status bar. */

import type { Status } from "../protocol";

export function statusText(running: boolean, status: Status | undefined): string {
  if (!running) {
    return "$(circle-slash) aicheck";
  }
  if (status?.changed?.length) {
    return `$(graph) changed${status.suspect > 0 ? `, ${status.suspect} of ${status.outputs} suspect` : ""}`;
  }
  if (!status || status.outputs === 0) {
    return "$(shield) aicheck";
  }
  return status.suspect > 0
    ? `$(warning) ${status.suspect} of ${status.outputs} suspect`
    : `$(shield) ${status.outputs} clean`;
}

export function statusTooltip(running: boolean, status: Status | undefined): string {
  if (!running) {
    return "aicheck's server is not running";
  }
  const changed = status?.changed?.length ? `. Changed: ${status.changed.join("; ")} (aicheck trend)` : "";
  if (!status || status.outputs === 0) {
    return `aicheck: no AI output today (UTC)${changed}`;
  }
  const outputs = `${status.outputs} AI ${status.outputs === 1 ? "output" : "outputs"}`;
  return `aicheck today (UTC): ${outputs}, ${status.suspect} suspect; the newest one is ${status.verdict}${changed}`;
}
