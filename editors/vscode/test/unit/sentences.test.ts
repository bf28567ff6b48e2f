import { expect, test } from "vitest";
import { listed } from "../../src/agents/listed";
import { hiddenWords } from "../../src/findings/words";

test.each([
  [[], ""],
  [["Claude Code"], "Claude Code"],
  [["Claude Code", "Codex CLI"], "Claude Code and Codex CLI"],
  [["A", "B", "C"], "A, B and C"],
])("names in a sentence: %j", (names, text) => {
  expect(listed(names)).toBe(text);
});

test("what is not shown is said in a sentence that counts", () => {
  expect(hiddenWords("a.py", 1)).toBe(
    "aicheck found a problem in a.py and does not show it: by default only AI-written text is shown.",
  );
  expect(hiddenWords("a.py", 2)).toContain("found 2 problems in a.py and does not show them");
});
