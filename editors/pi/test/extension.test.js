// node --test: the extension with a program that answers, and one that fails.
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "aicheck-pi-")));
const given = join(folder, "given");
const PATH = process.env.PATH;
const warnings = [];
const ctx = {
  cwd: mkdtempSync(join(tmpdir(), "aicheck-pi-project-")),
  hasUI: true,
  ui: { notify: (message) => warnings.push(message) },
  sessionManager: { getSessionId: () => "s" },
  model: { id: "m" },
};

const program = (does) => {
  writeFileSync(given, "");
  writeFileSync(join(folder, "aicheck"), `#!/bin/sh\ncat >> ${given}\n${does}\n`);
  chmodSync(join(folder, "aicheck"), 0o755);
  process.env.PATH = `${folder}:${PATH}`;
};

/** What the extension makes of an event. */
const said = async (name, event) => {
  const on = {};
  const extension = await import(`../index.js?${Math.random()}`);
  extension.default({ on: (event, run) => (on[event] = run) });
  return on[name](event, ctx);
};

const edit = {
  toolName: "write",
  toolCallId: "c|of-the-service",
  input: { path: "a.py", content: "x" },
  content: [{ type: "text", text: "written" }],
  isError: false,
};

after(() => (process.env.PATH = PATH));

test("what is found is added to the result, and the call is handed on whole", async () => {
  program(`echo '{"hookSpecificOutput": {"additionalContext": "a.py:5 TRU001 cut off"}}'`);
  assert.deepEqual(await said("tool_result", edit), {
    content: [
      { type: "text", text: "written" },
      { type: "text", text: "a.py:5 TRU001 cut off" },
    ],
  });
  assert.deepEqual(JSON.parse(readFileSync(given, "utf8")), {
    session_id: "s",
    cwd: ctx.cwd,
    hook_event_name: "PostToolUse",
    model: "m",
    tool_name: "write",
    tool_use_id: "c",
    tool_input: { path: "a.py", content: "x" },
    tool_response: {},
  });
});

test("an edit that failed is no output, and changes no result", async () => {
  program("true");
  assert.equal(await said("tool_result", { ...edit, isError: true }), undefined);
  assert.equal(JSON.parse(readFileSync(given, "utf8")).hook_event_name, "PostToolUseFailure");
  assert.equal(await said("tool_result", { ...edit, toolName: "read" }), undefined);
  assert.deepEqual(warnings, []);
});

test("a failure is told, and the agent goes on", async () => {
  program("exit 3");
  assert.equal(await said("tool_result", edit), undefined);
  assert.equal(await said("session_shutdown", {}), undefined);
  assert.deepEqual([...new Set(warnings)], ["aicheck ended with exit code 3"]);
});
