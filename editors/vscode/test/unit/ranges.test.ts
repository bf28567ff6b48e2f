import { expect, test } from "vitest";
import { isPasteOf, linesIn, rangeAfter } from "../../src/outputs/ranges";

const AT = { start: { line: 2, character: 4 }, end: { line: 3, character: 9 } };

test.each([
  ["x", { line: 2, character: 5 }],
  ["x\n", { line: 3, character: 0 }],
  ["x\r\nyz", { line: 3, character: 2 }],
  ["", { line: 2, character: 4 }],
  ["é😀", { line: 2, character: 7 }],
])("%j ends where it stands", (text, end) => {
  expect(rangeAfter({ range: AT, text })).toEqual({ start: AT.start, end });
});

test("blank lines do not count", () => {
  expect(linesIn("a\n\n  \nb\n")).toBe(2);
});

test("a paste may be indented anew", () => {
  expect(isPasteOf("    if x:\r\n        y\r\n", "if x:\n    y\n")).toBe(true);
  expect(isPasteOf("if x:\n    z\n", "if x:\n    y\n")).toBe(false);
});
