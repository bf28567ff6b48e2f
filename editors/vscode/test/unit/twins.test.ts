import { expect, test } from "vitest";
import { type Said, hasTwin } from "../../src/findings/twins";

function said(more: Partial<Said>): Said {
  const start = { line: 3, character: 11 };
  return {
    source: "aicheck",
    code: "IMP001",
    message: "",
    severity: 0,
    start,
    end: { line: 3, character: 15 },
    ...more,
  };
}

const PYLANCE = said({
  source: "Pylance",
  code: "reportUndefinedVariable",
  message: '"json" is not defined',
  severity: 1,
});

test.each<[string, Partial<Said>, Said, boolean]>([
  ["the same name", {}, PYLANCE, true],
  ["its own word", {}, { ...PYLANCE, source: "aicheck" }, false],
  ["another name", {}, { ...PYLANCE, message: '"yaml" is not defined' }, false],
  ["another line", { start: { line: 4, character: 0 }, end: { line: 4, character: 4 } }, PYLANCE, false],
  ["beside it", { start: { line: 3, character: 20 }, end: { line: 3, character: 24 } }, PYLANCE, false],
  ["a mere hint", {}, { ...PYLANCE, severity: 3 }, false],
  ["a package that does not exist is more than an unresolved one", { code: "IMP006" }, PYLANCE, false],
  ["a cut is more than an open bracket", { code: "TRU001" }, { ...PYLANCE, message: "'(' was not closed" }, false],
  [
    "syntax, elsewhere in the line",
    { code: "SYN001", end: { line: 3, character: 12 } },
    said({ source: "Pylance", start: { line: 3, character: 30 } }),
    true,
  ],
])("%s", (_, ours, other, twin) => {
  expect(hasTwin(said(ours), "json", [other])).toBe(twin);
});
