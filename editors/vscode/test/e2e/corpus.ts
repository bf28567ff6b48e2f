/** Insertions of real agents: what they wrote in the optional corpus of sessions beside the checkout. */

import { existsSync, readFileSync, readdirSync } from "node:fs";
import * as path from "node:path";
import { gunzipSync } from "node:zlib";
import { ROOT } from "./workbench";

const SESSIONS = path.join(
  process.env["AICHECK_CORPUS"] ?? path.resolve(ROOT, "../shared/corpus"),
  "transcripts/claude_code",
);
/** Characters: longer ones only take longer. */
const LONGEST = 2500;

interface Block {
  type: string;
  input?: { new_string?: string; content?: string };
}

/** Up to `limit` different texts of three lines or more, none inside another; none where the corpus is absent. */
export function insertions(limit: number): string[] {
  const found: string[] = [];
  for (const file of existsSync(SESSIONS) ? readdirSync(SESSIONS).sort() : []) {
    for (const line of gunzipSync(readFileSync(path.join(SESSIONS, file)))
      .toString()
      .split("\n")) {
      for (const text of written(line)) {
        const lines = text.split("\n").filter((one) => one.trim() !== "").length;
        if (lines >= 3 && text.length <= LONGEST && !found.some((one) => one.includes(text) || text.includes(one))) {
          found.push(text.endsWith("\n") ? text : `${text}\n`);
        }
        if (found.length === limit) {
          return found;
        }
      }
    }
  }
  return found;
}

function written(line: string): string[] {
  try {
    const content = (JSON.parse(line) as { message?: { content?: Block[] | string } }).message?.content;
    return (Array.isArray(content) ? content : [])
      .filter((block) => block.type === "tool_use")
      .map((block) => block.input?.new_string ?? block.input?.content ?? "");
  } catch {
    return [];
  }
}
