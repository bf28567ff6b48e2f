/** The packaged extension in a real workbench, with the real server. */

import { writeFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { FOUND, OPEN, TEXT, accept } from "./scripts";
import { PATIENCE, Workbench, missing, until } from "./workbench";

const HEAD = "import os\n\n\ndef first(path):\n    return os.path.basename(path)\n";
const DAMAGED = "\n\ndef second(data):\n    # as it is sent\n    text = json.dumps(data)\n    return text\n";
const CUT = "\n\ndef third(rows):\n    return sorted(rows,\n";

describe.skipIf(missing !== undefined)(`in a workbench${missing === undefined ? "" : ` (skipped: ${missing})`}`, () => {
  let bench: Workbench;

  beforeAll(async () => {
    bench = await Workbench.open({ "a.py": HEAD, "b.py": HEAD, "c.py": HEAD, "notes.md": "# Notes\n" });
    await bench.eventually<string>(`return vscode.extensions.getExtension("aicheck.aicheck")?.isActive`, Boolean);
    await until(() => Promise.resolve(bench.servers().length === 1));
  }, 2 * PATIENCE);

  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") {
      await bench.picture(`failed ${task.name}.png`);
    }
  });

  afterAll(async () => {
    await bench.close();
  }, PATIENCE);

  test("a damaged completion is underlined, explained, fixed and counted", { timeout: 3 * PATIENCE }, async () => {
    const { page } = bench;
    await bench.run(OPEN, "a.py");
    await accept(bench, DAMAGED);
    await bench.eventually<string[]>(FOUND, (found) => found.join() === "IMP001 10", "a.py");
    await page.waitForSelector(".squiggly-error", { timeout: PATIENCE });
    await page
      .locator(".codelens-decoration")
      .filter({ hasText: "probe: suspect" })
      .first()
      .waitFor({ timeout: PATIENCE });
    await bench.run(`await vscode.commands.executeCommand("workbench.actions.view.problems")`);
    const problem = page.locator(".markers-panel .monaco-list-row").filter({ hasText: "json" });
    await problem.first().waitFor({ timeout: PATIENCE });
    expect(await problem.first().getAttribute("aria-label")).toContain("'json' is used but never imported");
    await page.locator(".statusbar-item").filter({ hasText: "1 of 1 suspect" }).waitFor({ timeout: PATIENCE });
    await bench.picture("vscode-finding.png");

    await bench.run(
      `${OPEN}; editor.selection = new vscode.Selection(9, 12, 9, 12); await vscode.commands.executeCommand("editor.action.quickFix")`,
      "a.py",
    );
    const fix = page.locator(".action-widget .monaco-list-row").filter({ hasText: "Add 'import json'" });
    await fix.waitFor({ timeout: PATIENCE });
    await bench.picture("vscode-quick-fix.png");
    await fix.click();
    await bench.eventually<string[]>(FOUND, (found) => found.length === 0, "a.py");
    const text = await bench.run<string>(TEXT);
    expect(text.startsWith("import json\nimport os\n") || text.startsWith("import os\nimport json\n")).toBe(true);
    const [logged] = outputs(bench);
    expect(logged).toMatchObject({ verdict: "suspect", attribution: "editor", tool: "completion", path: "a.py" });
  });

  test("a file that an agent rewrites on disk is known from its hook", { timeout: PATIENCE }, async () => {
    await bench.run(OPEN, "b.py");
    const before = outputs(bench).length;
    const whole = HEAD + CUT;
    const payload = {
      session_id: "s1", transcript_path: "/x/.claude/projects/p/s1.jsonl", cwd: bench.folder, hook_event_name: "PostToolUse",
      tool_name: "Write", tool_use_id: "toolu_1", tool_input: { file_path: bench.file("b.py"), content: whole },
      tool_response: { type: "update", filePath: bench.file("b.py"), content: whole, structuredPatch: [], originalFile: HEAD },
    }; // prettier-ignore
    writeFileSync(bench.file("b.py"), whole);
    expect(bench.aicheck(["hook"], JSON.stringify(payload))).toContain("TRU001");
    await bench.eventually<string[]>(FOUND, (found) => found.join() === "TRU001 9", "b.py");
    const after = outputs(bench);
    expect(after.length).toBe(before + 1);
    expect(after.at(-1)).toMatchObject({ agent: "claude-code", attribution: "hook", path: "b.py" });
    await bench.page.locator(".codelens-decoration").filter({ hasText: "claude-code: suspect" }).first().waitFor();
  });

  test("the view lists the outputs, and a judgement counts", { timeout: PATIENCE }, async () => {
    const { page } = bench;
    await bench.run(`await vscode.commands.executeCommand("aicheck.outputs.focus")`);
    const rows = page.locator(".pane-body .monaco-list-row");
    await rows.filter({ hasText: "b.py" }).first().waitFor();
    await rows.filter({ hasText: "2 outputs, 2 suspect" }).first().waitFor();
    await bench.picture("vscode-outputs.png");
    await rows.filter({ hasText: "b.py" }).first().click({ button: "right" });
    const item = page.locator(".monaco-menu .action-item").filter({ hasText: "This Output Is Degraded" });
    await item.waitFor();
    await page.waitForTimeout(300); // a menu takes no click that may belong to its opening
    await item.click();
    await page.locator(".quick-input-widget input").fill("the call ends in the middle");
    await page.keyboard.press("Enter");
    await rows.filter({ hasText: "confirmed" }).first().waitFor();
    expect(outputs(bench).find((one) => one.path === "b.py")?.mark).toBe("confirmed");
  });

  test("the evidence of an output is copied and read", { timeout: PATIENCE }, async () => {
    const { id } = outputs(bench).find((one) => one.path === "b.py") ?? {};
    await bench.run(`await vscode.commands.executeCommand("aicheck.copyEvidence", given)`, id);
    const copied = await bench.run<string>(`return vscode.env.clipboard.readText()`);
    expect(copied).toContain(`**suspect** output ${id ?? "?"}`);
    expect(copied).toContain("TRU001 line 9");
    await bench.run(`await vscode.commands.executeCommand("aicheck.showOutput", given)`, id);
    const shown = `const { document } = vscode.window.activeTextEditor; return [document.languageId, document.getText()]`;
    expect(await bench.run<string[]>(shown)).toEqual(["plaintext", copied]);
    await bench.run(`await vscode.commands.executeCommand("workbench.action.closeActiveEditor")`);
  });

  test("the report opens in the editor's colours and holds no scripts", { timeout: PATIENCE }, async () => {
    await bench.run(`await vscode.commands.executeCommand("aicheck.openReport")`);
    const report = bench.page.frameLocator("iframe.webview.ready").frameLocator("iframe");
    await report.locator("p.claim").waitFor();
    expect(await report.locator("p.claim").innerText()).toMatch(/2 of 2 checked outputs were suspect/);
    await bench.picture("vscode-report.png");
    await bench.run(`await vscode.commands.executeCommand("workbench.action.closeActiveEditor")`);
  });

  test("what a person types, copies and pastes is no output", { timeout: PATIENCE }, async () => {
    const before = outputs(bench).length;
    await bench.run(OPEN, "c.py");
    await bench.page.locator(".monaco-editor .view-lines").first().click();
    await bench.page.keyboard.press("Control+a");
    await bench.page.keyboard.press("Control+c");
    await bench.page.keyboard.press("Control+End");
    await bench.page.keyboard.press("Control+v");
    await bench.eventually<string>(TEXT, (text) => text === HEAD + HEAD);
    await bench.page.keyboard.type("x = 1\n", { delay: 60 });
    await bench.run(`await vscode.commands.executeCommand("undo"); await vscode.commands.executeCommand("redo")`);
    await bench.run(`await new Promise((resolve) => setTimeout(resolve, 1500))`); // an output settles in 0.6 s
    expect(outputs(bench).slice(before)).toEqual([]);
  });

  test("what is pasted from another program may be anyone's", { timeout: PATIENCE }, async () => {
    const before = outputs(bench).length;
    await bench.run(
      `${OPEN} await vscode.env.clipboard.writeText("def far(x):\\n    y = x + 1\\n    return y\\n")`,
      "c.py",
    );
    await bench.page.locator(".monaco-editor .view-lines").first().click();
    await bench.page.keyboard.press("Control+End");
    await bench.page.keyboard.press("Control+v");
    await until(() => Promise.resolve(outputs(bench).length > before));
    expect(outputs(bench).at(-1)).toMatchObject({ attribution: "heuristic", tool: "paste", path: "c.py" });
  });

  test(
    "a damaged file opened by hand is told of, checked with all others, and cleared when it is mended",
    {
      timeout: 3 * PATIENCE,
    },
    async () => {
      const { page } = bench;
      writeFileSync(bench.file("d.py"), HEAD + CUT);
      writeFileSync(bench.file("e.py"), HEAD + DAMAGED);
      await bench.run(OPEN, "d.py");
      const told = page.locator(".notification-list-item").filter({ hasText: "found a problem in d.py" });
      await told.waitFor({ timeout: PATIENCE });
      expect(await bench.run<string[]>(FOUND, "d.py")).toEqual([]);
      await bench.picture("vscode-hidden.png");
      await told.locator(".monaco-button").filter({ hasText: "Check All Files" }).click();
      await bench.eventually<string[]>(FOUND, (found) => found.join() === "TRU001 9", "d.py");
      await bench.eventually<string[]>(FOUND, (found) => found.join() === "IMP001 10", "e.py");
      await bench.run(`await vscode.commands.executeCommand("workbench.actions.view.problems")`);
      await bench.picture("vscode-checked.png");
      await bench.run(OPEN, "e.py");
      await bench.eventually<string[]>(FOUND, (found) => found.join() === "IMP001 10", "e.py"); // once, not twice
      await bench.run(`await vscode.commands.executeCommand("workbench.action.closeActiveEditor")`);
      writeFileSync(bench.file("e.py"), HEAD);
      await bench.eventually<string[]>(FOUND, (found) => found.length === 0, "e.py");
      await bench.run(
        `${OPEN}; await editor.edit((edit) => edit.replace(new vscode.Range(8, 0, 9, 0), "    return sorted(rows)\\n"))`,
        "d.py",
      );
      await bench.eventually<string[]>(FOUND, (found) => found.length === 0, "d.py");
      await bench.run(`await vscode.window.activeTextEditor.document.save()`);
    },
  );

  test("the sample shows what there is to see, and is no output", { timeout: 2 * PATIENCE }, async () => {
    const before = outputs(bench).length;
    await bench.run(`await vscode.commands.executeCommand("aicheck.trySample")`);
    const found = `return vscode.languages.getDiagnostics(vscode.window.activeTextEditor.document.uri).map((d) => d.code.value)`;
    await bench.eventually<string[]>(found, (codes) => codes.includes("IMP001") && codes.includes("ELI001"));
    await bench.page.waitForSelector(".squiggly-error", { timeout: PATIENCE });
    await bench.picture("vscode-sample.png");
    await bench.run(`await vscode.commands.executeCommand("workbench.action.closeActiveEditor")`);
    expect(outputs(bench).length).toBe(before);
  });

  test("settings that an extension changes are no output", { timeout: PATIENCE }, async () => {
    const before = outputs(bench).length;
    await bench.run(`
      const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders[0].uri, ".vscode/settings.json");
      await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode("{}\\n"));
      await vscode.window.showTextDocument(uri);
      for (const key of ["rulers", "tabSize", "wordWrapColumn", "fontSize"]) {
        await vscode.workspace.getConfiguration("editor").update(key, key === "rulers" ? [80, 100, 120] : 3, false);
      }
      await new Promise((resolve) => setTimeout(resolve, 2500));
      await vscode.commands.executeCommand("workbench.action.closeActiveEditor");`);
    expect(outputs(bench).slice(before)).toEqual([]);
  });

  test("a killed server comes back and goes on", { timeout: 2 * PATIENCE }, async () => {
    const [pid] = bench.servers();
    process.kill(pid ?? 0, "SIGKILL");
    await until(() => {
      const now = bench.servers();
      return Promise.resolve(now.length === 1 && now[0] !== pid);
    });
    await bench.eventually<object>(
      `return vscode.commands.executeCommand("aicheck.status").catch(() => ({}))`,
      (s) => "outputs" in s,
    );
    await bench.run(OPEN, "c.py");
    await accept(bench, DAMAGED.replace("second", "again"));
    await bench.eventually<string[]>(FOUND, (found) => found.some((one) => one.startsWith("IMP001")), "c.py");
  });
});

interface Logged {
  id: string;
  path?: string;
  mark?: string;
  verdict: string;
}

function outputs(bench: Workbench): Logged[] {
  try {
    return (JSON.parse(bench.aicheck(["log", "list", "--format", "json"])) as { outputs: Logged[] }).outputs;
  } catch {
    return []; // nothing was captured yet
  }
}
