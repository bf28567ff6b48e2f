// Made by docs/generate.py from app/aicheck_app/hook/plugins.
import { spawn } from "node:child_process";
import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { delimiter, isAbsolute, join, sep } from "node:path";

const PROGRAM = "aicheck";
const AGENT = "opencode";
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

const EDITS = /^(write|edit|multiedit|patch|apply_patch)$/;

export const Aicheck = async ({ client, directory }) => {
  const models = new Map();
  const about = (session, event) => ({
    session_id: session,
    cwd: directory,
    hook_event_name: event,
    model: models.get(session) ?? "",
  });
  const tell = (message) => client.app.log({ body: { service: "aicheck", level: "warn", message } });
  const send = (payload) => run(payload, directory, tell);
  return {
    "chat.params": async ({ sessionID, model }) => void models.set(sessionID, model?.id ?? ""),
    "tool.execute.after": async (call, result) => {
      if (!EDITS.test(call.tool)) return;
      const edit = { tool_name: call.tool, tool_use_id: call.callID, tool_input: call.args, tool_response: {} };
      const found = await send({ ...about(call.sessionID, "PostToolUse"), ...edit });
      if (found) result.output += `\n\n${found}`;
    },
    event: async ({ event }) => {
      const session = event.properties?.sessionID ?? "";
      if (event.type === "session.compacted") await send(about(session, "PostCompact"));
      if (event.type === "session.error") await send({ ...about(session, "errorOccurred"), error: event.properties?.error ?? {} });
    },
  };
};
