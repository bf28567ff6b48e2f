import { expect, test } from "vitest";
import type { OutputRecord } from "../../src/protocol";
import { type Grouping, describe, findingLabel, grouped, label, tooltip } from "../../src/views/grouping";

const NOW = new Date(2026, 4, 3, 12);

function output(id: string, day: number, more: Partial<OutputRecord> = {}): OutputRecord {
  return { id, time: new Date(2026, 4, day, 9, 5).toISOString(), verdict: "clean", ...more };
}

const OUTPUTS = [
  output("a", 3, { path: "src/a.py", agent: "copilot", verdict: "suspect" }),
  output("b", 3, { path: "src/b.py", agent: "claude-code", model: "m" }),
  output("c", 2, { path: "src/a.py" }),
];

test.each<[Grouping, [string, string, string][]]>([
  [
    "time",
    [
      ["Today", "2 outputs, 1 suspect", "a,b"],
      ["Yesterday", "1 output", "c"],
    ],
  ],
  [
    "file",
    [
      ["src/a.py", "2 outputs, 1 suspect", "a,c"],
      ["src/b.py", "1 output", "b"],
    ],
  ],
  [
    "agent",
    [
      ["copilot", "1 output, 1 suspect", "a"],
      ["claude-code m", "1 output", "b"],
      ["AI, by the look of it", "1 output", "c"],
    ],
  ],
])("by %s", (by, groups) => {
  const found = grouped(OUTPUTS, by, NOW);
  expect(found.map((g) => [g.name, g.description, g.outputs.map((o) => o.id).join()])).toEqual(groups);
});

test("an output is called by what its group does not say", () => {
  expect(label(output("a", 3, { path: "src/a.py", agent: "copilot" }), "time")).toBe("a.py");
  expect(label(output("a", 3, { path: "src/a.py", agent: "copilot" }), "file")).toBe("copilot");
  expect(label(output("a", 3), "time")).toBe("AI, by the look of it");
});

test("what was found is said once, with how it is known", () => {
  const finding = { code: "TRU001", message: "", line: 1, column: 1, severity: "error", confidence: "high" };
  const told = describe(output("a", 3, { findings: [finding, finding], attribution: "heuristic", mark: "confirmed" }));
  expect(told).toMatch(/^TRU001 · .* · guessed · confirmed$/);
  expect(describe({ id: "a", time: "?", verdict: "clean" })).toBe("");
});

test("nothing that a record holds is hidden, turned round, a link or a picture", () => {
  const evil = "![x](https://example.org/x.png)\u202e\n[y](command:z)<b>\u0007";
  const shown = "![x](https://example.org/x.png)\\u{202e}\\u{a}[y](command:z)<b>\\u{7}";
  const finding = { code: evil, message: evil, line: 1, column: 1, severity: "error", confidence: "high" };
  const record = output("a", 3, {
    agent: evil,
    model: evil,
    path: evil,
    mark: evil,
    reason: evil,
    findings: [finding],
  });
  expect(tooltip(record).split("\n")).toEqual(["clean", shown, shown, shown, record.time, shown]);
  expect(findingLabel(finding)).toBe(`${shown} line 1: ${shown}`);
  expect(describe(record)).toContain(`${shown} · `);
  expect(label(record, "file")).toBe(`${shown} ${shown}`);
  for (const by of ["file", "agent", "time"] as const) {
    expect(grouped([record], by, NOW)[0]?.name).not.toContain("\u202e");
  }
});
