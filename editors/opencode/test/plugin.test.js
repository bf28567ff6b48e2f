// node --test: the plugin with programs that answer, are silent, fail, hang or are not there.
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, mock, test } from "node:test";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "aicheck-opencode-")));
const project = join(folder, "project");
const given = join(folder, "given");
const FOUND = '{"hookSpecificOutput": {"additionalContext": "a.py:5 TRU001 cut off"}}';
const PATH = process.env.PATH;
const warnings = [];

/** A program called aicheck that keeps what it is given and then does this. */
const program = (place, does) => {
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, "aicheck"), `#!/bin/sh\ncat >> ${given}\n${does}\n`);
  chmodSync(join(place, "aicheck"), 0o755);
  process.env.PATH = `${place}:${PATH}`;
};

/** The result of an edit, as the model gets it, by a plugin that was just loaded. */
const edited = async (tool = "write") => {
  const { Aicheck } = await import(`../index.js?${Math.random()}`);
  const client = { app: { log: async ({ body }) => void warnings.push(body.message) } };
  const hooks = await Aicheck({ client, directory: project });
  await hooks["chat.params"]({ sessionID: "s", model: { id: "m" } });
  const result = { title: "", output: "done", metadata: {} };
  const call = { tool, sessionID: "s", callID: "c", args: { filePath: "a.py", content: "x" } };
  await hooks["tool.execute.after"](call, result);
  await hooks["tool.execute.after"](call, { ...result });
  return result.output;
};

before(() => mkdirSync(project));
after(() => (process.env.PATH = PATH));

test("what is found is added to the result, and the call is handed on whole", async () => {
  program(join(folder, "answers"), `echo '${FOUND}'`);
  assert.equal(await edited(), "done\n\na.py:5 TRU001 cut off");
  assert.deepEqual(JSON.parse(readFileSync(given, "utf8").split("}{")[0] + "}"), {
    session_id: "s",
    cwd: project,
    hook_event_name: "PostToolUse",
    model: "m",
    tool_name: "write",
    tool_use_id: "c",
    tool_input: { filePath: "a.py", content: "x" },
    tool_response: {},
  });
});

test("a clean edit, and a tool that edits nothing, add nothing", async () => {
  program(join(folder, "silent"), "true");
  assert.equal(await edited(), "done");
  program(join(folder, "answers"), `echo '${FOUND}'`);
  assert.equal(await edited("read"), "done");
  assert.deepEqual(warnings, []);
});

const FAULTS = {
  "aicheck ended with exit code 3": "exit 3",
  "aicheck's answer can't be read": "echo not JSON",
  "aicheck's answer is too long": "head -c 3000000 /dev/zero | tr '\\0' a",
};
for (const [fault, does] of Object.entries(FAULTS)) {
  test(`told once, and the agent goes on: ${fault}`, async () => {
    program(join(folder, "fails"), does);
    assert.equal(await edited(), "done");
    assert.deepEqual(warnings.splice(0), [fault]);
  });
}

test("a program that hangs is not waited for", async () => {
  program(join(folder, "hangs"), "exec sleep 60");
  mock.timers.enable({ apis: ["setTimeout"] });
  const ticking = setInterval(() => mock.timers.tick(10000), 50);
  assert.equal(await edited(), "done");
  clearInterval(ticking);
  mock.timers.reset();
  assert.deepEqual(warnings.splice(0), ["aicheck did not answer within 20 s"]);
});

test("without the program the agent goes on, and a program of the project itself is not started", async () => {
  program(join(project, "node_modules", ".bin"), `echo '${FOUND}'`);
  process.env.PATH = `${join(project, "node_modules", ".bin")}:.::${join(folder, "none")}`;
  assert.equal(await edited(), "done");
  assert.deepEqual(warnings.splice(0), ["aicheck is not on the PATH, so no edit is checked"]);
});
