import { expect, test } from "vitest";
import { notice, visible, visibleLines } from "../../src/views/visible";

test.each([
  ["app.py", "app.py"],
  ["Größe 结果 🙂 é", "Größe 结果 🙂 é"],
  ["a\tb", "a\tb"],
  ["a\u202ecod.exe", "a\\u{202e}cod.exe"],
  ["a\r\nb\x1b[31m\x07", "a\\u{d}\\u{a}b\\u{1b}[31m\\u{7}"],
  ["\u2066a\u2069\u200b\u00ad\ufeff\u2028", "\\u{2066}a\\u{2069}\\u{200b}\\u{ad}\\u{feff}\\u{2028}"],
  ["\u{e0041}\u{e0100}\u3164\u2800", "\\u{e0041}\\u{e0100}\\u{3164}\\u{2800}"],
  ["\ud83d", "\\u{d83d}"],
  ["\u0085\u009b", "\\u{85}\\u{9b}"],
])("%j is shown as %j", (text, shown) => {
  expect(visible(text)).toBe(shown);
});

test("a page keeps its lines", () => {
  expect(visibleLines("a\r\n\tb\n\u202ec\n")).toBe("a\n\tb\n\\u{202e}c\n");
});

test("no link of the editor's notifications is left", () => {
  expect(notice("[a](command:workbench.action.quit) is in none\n")).toBe(
    "[a] (command:workbench.action.quit) is in none\\u{a}",
  );
});
