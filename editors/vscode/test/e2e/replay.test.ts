/**
 * Whose text it is, in a real workbench: real insertions, arriving in every way that an assistant's text comes,
 * are outputs; what a person types, copies, undoes, formats or checks out is none.
 * AICHECK_REPLAY=200 takes minutes and gives the figures of editors/vscode/README.md.
 */

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { insertions } from "./corpus";
import { OPEN, TEXT, accept } from "./scripts";
import { PATIENCE, Workbench, missing, until } from "./workbench";

const COUNT = Number(process.env["AICHECK_REPLAY"] ?? "8");
/** AICHECK_REASONS=off: as in released builds of VS Code, which do not say how a change came about. */
const REASONS = process.env["AICHECK_REASONS"] !== "off";
const WAYS = ["completion", "at-once", "stream", "disk"];
/** For each way texts of its own: one that an open document holds already is copied from it. */
const TEXTS = insertions((WAYS.length + 1) * COUNT);
const SHARE = Math.floor(TEXTS.length / (WAYS.length + 1));
const textsOf = (way: number): string[] => TEXTS.slice(way * SHARE, (way + 1) * SHARE);
/** An output settles in 0.6 s; a machine under load takes longer to log it. */
const SETTLED = 4000;

const AT_ONCE = `${OPEN} await editor.edit((edit) => edit.insert(end, given.text))`.replace(
  ", given)",
  ", given.file)",
);
const STREAMED = `
  const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders[0].uri, given.file);
  const editor = await vscode.window.showTextDocument(uri);
  for (let at = 0; at < given.text.length; at += 24) {
    const last = editor.document.lineAt(editor.document.lineCount - 1).range.end;
    await editor.edit((edit) => edit.insert(last, given.text.slice(at, at + 24)), { undoStopBefore: false, undoStopAfter: false });
  }`;
const CLOSE = `
  await vscode.window.activeTextEditor.document.save();
  await vscode.commands.executeCommand("workbench.action.closeActiveEditor")`;
const SAVE = `await vscode.window.activeTextEditor.document.save()`;

const why = missing ?? (TEXTS.length === 0 ? "the optional corpus is absent" : undefined);

describe.skipIf(why !== undefined)(`replayed in a workbench${why === undefined ? "" : ` (skipped: ${why})`}`, () => {
  let bench: Workbench;

  beforeAll(async () => {
    bench = await Workbench.open({ "me.py": "# start\n", "other.py": "# other\n" }, {}, { reasons: REASONS });
    await until(() => Promise.resolve(bench.servers().length === 1));
    await bench.eventually<object>(
      `return vscode.commands.executeCommand("aicheck.status").then((s) => s, () => ({}))`,
      (status) => "outputs" in status,
    );
  }, 2 * PATIENCE);

  afterAll(async () => {
    await bench.close();
  }, PATIENCE);

  const counted = async (): Promise<number> =>
    (await bench.run<{ outputs: number }>(`return vscode.commands.executeCommand("aicheck.status")`)).outputs;

  const arrive: Record<string, (file: string, text: string, number: number) => Promise<void>> = {
    completion: async (file, text) => {
      await bench.run(OPEN, file);
      await accept(bench, `\n${text}`); // the workbench shows no completion of an empty last line
    },
    "at-once": (file, text) => bench.run(AT_ONCE, { file, text }),
    stream: (file, text) => bench.run(STREAMED, { file, text }),
    disk: async (file, text, number) => {
      await bench.run(OPEN, file);
      await bench.run(SAVE);
      const path = bench.file(file);
      const before = readFileSync(path, "utf8");
      const content = before + text;
      writeFileSync(path, content);
      const response = { type: "update", filePath: path, content, structuredPatch: [], originalFile: before };
      const payload = {
        session_id: "s1", transcript_path: "/x/.claude/projects/p/s1.jsonl", cwd: bench.folder, hook_event_name: "PostToolUse",
        tool_name: "Write", tool_use_id: `toolu_${number}`, tool_input: { file_path: path, content }, tool_response: response,
      }; // prettier-ignore
      bench.aicheck(["hook"], JSON.stringify(payload));
      await bench.eventually<string>(TEXT, (now) => now === content);
    },
  };

  test.each(WAYS)("an insertion is an output, once: %s", { timeout: PATIENCE + COUNT * 15_000 }, async (way) => {
    const texts = textsOf(WAYS.indexOf(way));
    const missed: string[] = [];
    for (const [number, text] of texts.entries()) {
      const file = `${way}-${number}.py`; // of its own: what was in a document before is undone or redone, not new
      writeFileSync(bench.file(file), "# start\n");
      const before = await counted();
      await arrive[way]?.(file, text, number);
      await until(async () => (await counted()) > before, SETTLED).catch(() => undefined);
      const gained = (await counted()) - before;
      if (gained !== 1) {
        missed.push(`${gained}: ${text.slice(0, 60)}`);
      }
      await bench.run(CLOSE);
    }
    console.log(`${way}: ${texts.length - missed.length} of ${texts.length} recognised`, missed);
    expect(missed.length).toBeLessThanOrEqual(texts.length * 0.01);
  });

  test("what a person does is no output", { timeout: PATIENCE + COUNT * 30_000 }, async () => {
    const { page } = bench;
    execFileSync("git", ["init", "-q"], { cwd: bench.folder });
    const git = (...args: string[]): Buffer =>
      execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.c", ...args], { cwd: bench.folder });
    await bench.run(`
      vscode.languages.registerDocumentFormattingEditProvider({ pattern: "**/me.py" }, {
        provideDocumentFormattingEdits: (document) => [vscode.TextEdit.replace(
          new vscode.Range(0, 0, document.lineCount, 0), document.getText().replaceAll("\\t", "  ").replaceAll("; ", ";\\n"))],
      })`);
    const before = await counted();
    let actions = 0;
    for (const text of textsOf(WAYS.length)) {
      // a text of the person's own, in another file, as if it had always been there
      writeFileSync(bench.file("other.py"), text);
      git("add", "-A");
      git("commit", "-qm", "theirs");
      await bench.run(OPEN, "me.py");
      await page.locator(".monaco-editor .view-lines").first().click();
      await page.keyboard.press("Control+End");
      await page.keyboard.type(text.trimStart().slice(0, 60), { delay: 70 });
      await bench.run(OPEN, "other.py");
      await page.keyboard.press("Control+a");
      await page.keyboard.press("Control+c");
      await bench.run(`${OPEN} await vscode.commands.executeCommand("workbench.action.closeOtherEditors")`, "me.py");
      await page.keyboard.press("Control+v");
      for (const command of ["undo", "redo", "editor.action.formatDocument", "undo"]) {
        await bench.run(`await vscode.commands.executeCommand(given)`, command);
      }
      await bench.run(SAVE);
      git("add", "-A");
      git("commit", "-qm", "mine");
      git("checkout", "-q", "HEAD~1"); // the file on disk, and so the buffer, is again as it was
      git("checkout", "-q", "-");
      await page.waitForTimeout(1500);
      actions += 8; // typed, pasted, undone, done again, formatted, undone, checked out twice
    }
    const wrong = (await counted()) - before;
    console.log(`a person: ${wrong} of ${actions} actions in ${SHARE} rounds taken for outputs`, newest(bench, wrong));
    expect(wrong).toBeLessThanOrEqual(actions / 200);
  });
});

/** The newest outputs of the log, in a few words. */
function newest(bench: Workbench, count: number): unknown[] {
  if (count === 0) {
    return [];
  }
  const listed = bench.aicheck(["log", "list", "--limit", String(count), "--format", "json"]);
  return (JSON.parse(listed) as { outputs: Record<string, unknown>[] }).outputs.map(
    ({ path, attribution, tool, lines, bytes }) => ({ path, attribution, tool, lines, bytes }),
  );
}
