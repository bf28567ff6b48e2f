/** Where the texts of a change stand once it is made. */

import type { Position } from "../protocol";

export interface Change {
  range: { start: Position; end: Position };
  text: string;
}

/** The range that a change's text takes afterwards. */
export function rangeAfter(change: Change): { start: Position; end: Position } {
  const lines = change.text.split(/\r\n|\r|\n/);
  const last = lines.at(-1) ?? "";
  const { start } = change.range;
  const character = lines.length === 1 ? start.character + last.length : last.length;
  return { start, end: { line: start.line + lines.length - 1, character } };
}

/** How many lines of a text have something on them. */
export function linesIn(text: string): number {
  return text.split("\n").filter((line) => line.trim() !== "").length;
}

/** Whether a change inserts a copied text: editors indent what is pasted anew. */
export function isPasteOf(inserted: string, copied: string): boolean {
  return inserted.replace(/\s+/g, "") === copied.replace(/\s+/g, "");
}
