import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { statusText, statusTooltip } from "../../src/views/statusText";
import { themed } from "../../src/views/themed";

test.each([
  [false, undefined, "$(circle-slash) aicheck"],
  [true, undefined, "$(shield) aicheck"],
  [true, { outputs: 0, suspect: 0, verdict: "", uri: "" }, "$(shield) aicheck"],
  [true, { outputs: 4, suspect: 0, verdict: "clean", uri: "" }, "$(shield) 4 clean"],
  [true, { outputs: 4, suspect: 1, verdict: "clean", uri: "" }, "$(warning) 1 of 4 suspect"],
])("the status bar, running %s with %j", (running, status, text) => {
  expect(statusText(running, status)).toBe(text);
  expect(statusTooltip(running, status)).toContain("aicheck");
});

test("the status bar tells what changed", () => {
  const status = { outputs: 4, suspect: 1, verdict: "clean", uri: "", changed: ["Output tokens since 2026-05-01"] };
  expect(statusText(true, status)).toBe("$(graph) changed, 1 of 4 suspect");
  expect(statusTooltip(true, status)).toContain("Changed: Output tokens since 2026-05-01");
  expect(statusText(true, { ...status, outputs: 0, suspect: 0 })).toBe("$(graph) changed");
});

test("the status bar's tooltip counts one as one", () => {
  const status = { outputs: 1, suspect: 0, verdict: "clean", uri: "" };
  expect(statusTooltip(true, status)).toContain("1 AI output, 0 suspect");
  expect(statusTooltip(true, { ...status, outputs: 2 })).toContain("2 AI outputs, 0 suspect");
});

test("the report's own page takes the theme's colours and keeps its policy", () => {
  const page = readFileSync(
    new URL("../../../../app/aicheck_app/report/evidence/page.html.j2", import.meta.url),
    "utf8",
  );
  const made = page.replace("{{ policy }}", "'sha256-abc='");
  expect(themed(made)).toContain("--vscode-editor-background");
  expect(themed(made)).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-abc='"`);
  expect(() => themed(page.replace("{{ policy }}", "'unsafe-inline'"))).toThrow("no content security policy");
  expect(() => themed("<html><head></head></html>")).toThrow("no content security policy");
});
