// Made by docs/generate.py from app/aicheck_app/hook/plugins.
import { spawn } from "node:child_process";
import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { delimiter, isAbsolute, join, sep } from "node:path";

const PROGRAM = "aicheck";
const AGENT = "pi";
const MILLISECONDS = 20000;
const MOST = 1000000; // characters of an answer
const PACKAGES = /[\\/]node_modules([\\/]|$)/; // a project's too, which may be in a folder above

/** The program's file; none of the project's own, wherever the PATH and links lead. */
const programFor = (project) => {
  if (isAbsolute(PROGRAM)) return PROGRAM;
  const name = process.platform === "win32" ? `${PROGRAM}.exe` : PROGRAM;
  for (const folder of (process.env.PATH ?? "").split(delimiter).filter(isAbsolute)) {
    if (PACKAGES.test(folder)) continue;
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      const root = join(realpathSync(project), sep);
      const inside = [join(realpathSync(folder), name), realpathSync(file)].some((place) => place.startsWith(root));
      if (statSync(file).isFile() && !inside) return file;
    } catch {
      continue;
    }
  }
  return "";
};

/** What 'aicheck hook' answers, and what went wrong; both may be empty. Never rejects, and never takes longer than it may. */
const ask = (payload, project) =>
  new Promise((done) => {
    const program = programFor(project);
    if (!program) return done({ found: "", fault: "aicheck is not on the PATH, so no edit is checked" });
    let said = "";
    const child = spawn(program, ["hook", "--agent", AGENT], { stdio: ["pipe", "pipe", "ignore"], shell: false });
    const end = (fault, found = "") => {
      clearTimeout(timer);
      child.kill("SIGKILL");
      done({ found, fault });
    };
    const timer = setTimeout(() => end(`aicheck did not answer within ${MILLISECONDS / 1000} s`), MILLISECONDS);
    child.on("error", (error) => end(`aicheck can't be started: ${error.message}`));
    child.on("close", (code) => {
      if (code !== 0) return end(`aicheck ended with exit code ${code}`);
      try {
        end("", said.trim() ? (JSON.parse(said).hookSpecificOutput?.additionalContext ?? "") : "");
      } catch {
        end("aicheck's answer can't be read");
      }
    });
    child.stdout.setEncoding("utf8");
    child.stdout.on("data", (piece) => {
      said += piece;
      if (said.length > MOST) end("aicheck's answer is too long");
    });
    child.stdin.on("error", () => {}); // it has ended already, and 'close' says how
    child.stdin.end(JSON.stringify(payload));
  });

const told = new Set();

/** As 'ask', for what was found; what went wrong is told once. */
const run = async (payload, project, tell) => {
  const { found, fault } = await ask(payload, project).catch((error) => ({ found: "", fault: `aicheck: ${error}` }));
  if (fault && !told.has(fault)) {
    told.add(fault);
    await Promise.resolve()
      .then(() => tell(fault))
      .catch(() => {});
  }
  return found;
};

const EDITS = /^(write|edit)$/;

export default function (pi) {
  const send = (ctx, event, more = {}) => {
    const about = {
      session_id: ctx.sessionManager?.getSessionId?.() ?? "",
      cwd: ctx.cwd,
      hook_event_name: event,
      model: ctx.model?.id ?? "",
    };
    const tell = (message) => (ctx.hasUI ? ctx.ui.notify(message, "warning") : console.error(message));
    return run({ ...about, ...more }, ctx.cwd, tell);
  };
  pi.on("tool_result", async (event, ctx) => {
    if (!EDITS.test(event.toolName)) return;
    const identifier = event.toolCallId.split("|")[0]; // some services add one of their own
    const edit = { tool_name: event.toolName, tool_use_id: identifier, tool_input: event.input };
    if (event.isError) return void (await send(ctx, "PostToolUseFailure", edit));
    const found = await send(ctx, "PostToolUse", { ...edit, tool_response: {} });
    if (found) return { content: [...event.content, { type: "text", text: found }] };
  });
  pi.on("session_compact", async (_event, ctx) => void (await send(ctx, "PostCompact")));
  pi.on("session_shutdown", async (_event, ctx) => void (await send(ctx, "SessionEnd")));
}
