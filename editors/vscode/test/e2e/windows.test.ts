/** Windows of other kinds: with notebooks and other tools, without a server, in restricted mode. */

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import { PATIENCE, ROOT, Workbench, missing, until } from "./workbench";

const SERVER = path.join(ROOT, ".venv/bin/aicheck");
const CELL = "def third(rows):\n    kept = list(rows)\n    return sorted(kept,\n";
const NOTEBOOK = JSON.stringify({
  cells: [{ cell_type: "code", source: [], metadata: {}, outputs: [], execution_count: null }],
  metadata: { language_info: { name: "python" } },
  nbformat: 4,
  nbformat_minor: 5,
});
const NAMED = "def second(data):\n    # as it is sent\n    text = json.dumps(data)\n    return text\n";

/** Insert a text at the end of a document, as another extension does. */
const INSERT = `
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, document.lineAt(document.lineCount - 1).range.end, given);
  await vscode.workspace.applyEdit(edit);`;
/** aicheck's findings of a document, as "CODE severity". */
const FOUND = `
  return vscode.languages.getDiagnostics(document.uri).filter((d) => d.source === "aicheck")
    .map((d) => (d.code.value ?? d.code) + " " + vscode.DiagnosticSeverity[d.severity]);`;
const CELL_DOCUMENT = `const document = vscode.window.activeNotebookEditor.notebook.cellAt(0).document;`;
const FILE = `
  const document = await vscode.workspace.openTextDocument(
    vscode.Uri.joinPath(vscode.workspace.workspaceFolders[0].uri, "a.py"));
  await vscode.window.showTextDocument(document);`;

const why = missing;

describe.skipIf(why !== undefined)(`windows of other kinds${why === undefined ? "" : ` (skipped: ${why})`}`, () => {
  let bench: Workbench;

  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") {
      await bench.picture(`failed ${task.name}.png`);
    }
    await bench.close();
  }, PATIENCE);

  test("a notebook's cell, and another tool's word", { timeout: 4 * PATIENCE }, async () => {
    bench = await Workbench.open({ "a.py": "import os\n\n\n", "n.ipynb": NOTEBOOK });
    await until(() => Promise.resolve(bench.servers().length === 1));

    await bench.run(`
      const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders[0].uri, "n.ipynb");
      await vscode.window.showNotebookDocument(await vscode.workspace.openNotebookDocument(uri));`);
    await bench.run(CELL_DOCUMENT + INSERT, CELL);
    await bench.eventually<string[]>(CELL_DOCUMENT + FOUND, (found) => found.join() === "TRU001 Error");

    await bench.run(FILE + INSERT, NAMED);
    await bench.eventually<string[]>(FILE + FOUND, (found) => found.join() === "IMP001 Error");
    await bench.run(`${FILE}
      const said = new vscode.Diagnostic(new vscode.Range(5, 11, 5, 15), '"json" is not defined', 1);
      said.source = "Pylance";
      globalThis.pylance = vscode.languages.createDiagnosticCollection("pylance");
      globalThis.pylance.set(document.uri, [said]);`);
    await bench.eventually<string[]>(FILE + FOUND, (found) => found.join() === "IMP001 Hint");
    const fixes = await bench.run<string[]>(`${FILE}
      const actions = await vscode.commands.executeCommand(
        "vscode.executeCodeActionProvider", document.uri, new vscode.Range(5, 11, 5, 15));
      return actions.map((action) => action.title);`);
    expect(fixes).toContain("Add 'import json'");
    await bench.run(`globalThis.pylance.clear()`);
    await bench.eventually<string[]>(FILE + FOUND, (found) => found.join() === "IMP001 Error");
  });

  test.runIf(process.env["AICHECK_MEASURE"] !== undefined)(
    "the workbench's own stop watch, and the package's size",
    { timeout: 2 * PATIENCE },
    async () => {
      bench = await Workbench.open({ "a.py": "" });
      await until(() => Promise.resolve(bench.servers().length === 1));
      await bench.run(`await vscode.commands.executeCommand("workbench.action.showRuntimeExtensions")`);
      const rows = bench.page.locator(".runtime-extensions-editor .monaco-list-row");
      const row = rows.filter({ hasText: "aicheck" }).first();
      await row.waitFor({ timeout: PATIENCE });
      const took = /Activation: (\d+)ms/.exec(await row.innerText())?.[1];
      const size = statSync(path.join(ROOT, "editors/vscode/aicheck.vsix")).size;
      console.log(`activation, with loading the code: ${took ?? "?"} ms; aicheck.vsix: ${Math.round(size / 1024)} kB`);
      expect(Number(took)).toBeLessThan(100);
      expect(size).toBeLessThan(64 * 1024 * 1024); // with the server for four versions of Python
    },
  );

  test("the server that the package brings is run by default", { timeout: 4 * PATIENCE }, async () => {
    bench = await Workbench.open({ "a.py": "" }, { "aicheck.server.path": "" });
    await bench.eventually<object>(
      `return vscode.commands.executeCommand("aicheck.status").then((s) => s, () => ({}))`,
      (status) => "outputs" in status,
    );
    expect(bench.servers()).toEqual([]); // none that is installed
    await bench.run(`${FILE} ${INSERT}`, `import os\n\n${CELL}`);
    await bench.eventually<string[]>(`${FILE} ${FOUND}`, (found) => found.includes("TRU001 Error"));
  });

  test("hooks of an agent on this machine are offered, shown and set up", { timeout: 4 * PATIENCE }, async () => {
    bench = await Workbench.open({ "a.py": "", "../.claude/settings.json": '{"model": "opus"}\n' });
    const { page } = bench;
    const offer = page.locator(".notification-list-item").filter({ hasText: "every edit of Claude Code by a hook" });
    await offer.waitFor({ timeout: PATIENCE });
    await bench.picture("vscode-hooks-offer.png");
    await offer.locator(".monaco-button").filter({ hasText: "Set Up Hooks" }).click();
    await page.locator(".quick-input-list .monaco-list-row").filter({ hasText: "Claude Code" }).waitFor();
    await page.keyboard.press("Enter");
    await page.locator(".terminal.xterm, .terminal .xterm-screen").first().waitFor({ timeout: PATIENCE });
    await page.waitForTimeout(5000); // the terminal draws on a canvas: what it shows can't be asked for
    await bench.picture("vscode-hooks-terminal.png");
    await page.keyboard.type("y\n");
    const settings = (): string => readFileSync(bench.file("../.claude/settings.json"), "utf8");
    await until(() => Promise.resolve(settings().includes("aicheck hook")));
    expect(settings()).toContain('"model": "opus"');
  });

  test("without a server there is an offer, which installs one", { timeout: 4 * PATIENCE }, async () => {
    bench = await Workbench.open({ "a.py": "" }, { "aicheck.server.path": "" }, { bundle: false });
    const wheel = standIn(path.dirname(bench.folder));
    await bench.run(
      `await vscode.workspace.getConfiguration("aicheck").update("server.installFrom", given, vscode.ConfigurationTarget.Global)`,
      wheel,
    );
    const { page } = bench;
    const offer = page.locator(".notification-list-item").filter({ hasText: "aicheck's server is not installed" });
    await offer.waitFor({ timeout: PATIENCE });
    await page.locator(".statusbar-item").filter({ hasText: "aicheck" }).first().waitFor();
    await bench.picture("vscode-no-server.png");
    await offer.locator(".monaco-button").filter({ hasText: "Install" }).click();
    const consent = page.locator(".monaco-dialog-box");
    await consent.waitFor({ timeout: PATIENCE });
    expect(await consent.innerText()).toContain(`pip install ${wheel}`);
    expect(bench.servers()).toEqual([]);
    await consent.locator(".monaco-button").filter({ hasText: "Install" }).click();
    await until(() => Promise.resolve(bench.servers().length === 1));
    await bench.eventually<object>(
      `return vscode.commands.executeCommand("aicheck.status").then((s) => s, () => ({}))`,
      (status) => "outputs" in status,
    );
  });

  test("in restricted mode the workspace's own server is not run", { timeout: 4 * PATIENCE }, async () => {
    const own = '#!/bin/sh\ntouch "$(dirname "$0")/ran"\nexec ' + SERVER + ' "$@"\n';
    bench = await Workbench.open(
      { "a.py": "", ".venv/bin/aicheck": own },
      {
        "aicheck.server.path": "",
        "security.workspace.trust.enabled": true,
        "security.workspace.trust.startupPrompt": "never",
      },
      { bundle: false },
    );
    execFileSync("chmod", ["+x", bench.file(".venv/bin/aicheck")]);
    expect(await bench.run<boolean>(`return vscode.workspace.isTrusted`)).toBe(false);
    await bench.page
      .locator(".notification-list-item")
      .filter({ hasText: "not installed" })
      .waitFor({ timeout: PATIENCE });
    await bench.run(`await vscode.commands.executeCommand("aicheck.restart")`).catch(() => undefined);
    expect(existsSync(bench.file(".venv/bin/ran"))).toBe(false);
  });

  test.each([true, false])("what the server is told of trust: %s", { timeout: 4 * PATIENCE }, async (trusted) => {
    const hostile = { tools: ["eslint"], deep: true, trusted: !trusted, "server.path": "/w", excerpt: "full" };
    const settings = Object.fromEntries(Object.entries(hostile).map(([name, value]) => [`aicheck.${name}`, value]));
    const own = mkdtempSync(path.join(tmpdir(), "aicheck-server-"));
    onTestFinished(() => {
      rmSync(own, { recursive: true });
    });
    const server = path.join(own, "aicheck");
    writeFileSync(
      server,
      `#!/bin/sh\n[ "$1" = lsp ] && tee -a '${server}.told' | exec ${SERVER} lsp || exec ${SERVER} "$@"\n`,
      { mode: 0o755 },
    );
    bench = await Workbench.open(
      { "a.py": "", ".vscode/settings.json": JSON.stringify(settings) },
      {
        "aicheck.server.path": server,
        "security.workspace.trust.enabled": !trusted,
        "security.workspace.trust.startupPrompt": "never",
      },
    );
    const answer = /"result":\[(\{[^\n]*?"trusted"[^\n]*?\})\]\}/;
    const told = (): string => (existsSync(`${server}.told`) ? readFileSync(`${server}.told`, "utf8") : "");
    await until(() => Promise.resolve(answer.test(told())));
    const expected = trusted
      ? { trusted, tools: ["eslint"], deep: true, excerpt: "full" }
      : { trusted, tools: [], deep: false, excerpt: null };
    expect(JSON.parse(answer.exec(told())?.[1] ?? "")).toMatchObject(expected);
  });
});

/** A package whose program is the clone's server: it installs without a network. */
function standIn(folder: string): string {
  const wheel = path.join(folder, "standin-1.0-py3-none-any.whl");
  const files = {
    "standin-1.0.data/scripts/aicheck": `#!/bin/sh\nexec ${SERVER} "$@"\n`,
    "standin-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: standin\nVersion: 1.0\n",
    "standin-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    "standin-1.0.dist-info/RECORD": "",
  };
  const zip = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    for name, text in json.load(sys.stdin).items():
        entry = zipfile.ZipInfo(name)
        entry.external_attr = 0o100755 << 16
        wheel.writestr(entry, text)`;
  execFileSync("python3", ["-c", zip, wheel], { input: JSON.stringify(files) });
  return wheel;
}
