import { expect, test, vi } from "vitest";
import type { StepBack } from "../../src/findings/stepBack";
import { middleware } from "../../src/server/middleware";

const { MarkdownString } = vi.hoisted(() => ({
  MarkdownString: class {
    constructor(public value: string) {}
  },
}));

vi.mock("vscode", () => ({ MarkdownString, workspace: { isTrusted: false } }));

const HIDDEN = "a\u202eb\u0007\nc";
const SHOWN = "a\\u{202e}b\\u{7}\nc";
/** Arguments that the functions hand on without a look. */
const unused = {} as never;

function made(items: { message: string }[] = []) {
  const twins = { provideDiagnostics: () => Promise.resolve({ items }) };
  return middleware({ showOutput: () => Promise.resolve() }, twins as unknown as StepBack, () => undefined);
}

test("what findings, lenses and hovers quote is made visible", async () => {
  const item = { message: HIDDEN };
  await made([item]).provideDiagnostics?.(unused, undefined, unused, unused);
  expect(item.message).toBe(SHOWN);
  const lens = { command: { title: HIDDEN, command: "" } };
  await made().provideCodeLenses?.(unused, unused, () => [lens, {}] as never);
  expect(lens.command.title).toBe(SHOWN.replace("\n", "\\u{a}"));
  const hover = { contents: [new MarkdownString(HIDDEN)] };
  await made().provideHover?.(unused, unused, unused, () => hover as never);
  expect(hover.contents[0]?.value).toBe(SHOWN);
});

test("settings reach the server only by what it asks for, with the workspace's trust", async () => {
  const { workspace } = made();
  const asked = await workspace?.configuration?.(unused, unused, () => [{ tools: ["tsc"], trusted: true }, null]);
  const told = { tools: [], deep: false, trusted: false };
  expect(asked).toEqual([told, told]);
  const next = vi.fn(() => Promise.resolve());
  await workspace?.didChangeConfiguration?.(["aicheck"], next);
  expect(next).toHaveBeenCalledWith(undefined);
});
