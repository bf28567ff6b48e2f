"""Agents that run a file of ours instead of a command in their settings: a plugin, an extension, a script for an event.

Sources: @opencode-ai/plugin (its type ``Hooks``), @mariozechner/pi-coding-agent (docs/extensions.md), https://docs.cline.bot/features/hooks.
Each hands the call on to ``aicheck hook`` and gives its answer back; without aicheck, or if it fails, the agent's work goes on.
"""

from __future__ import annotations

import json
import os
import shlex
from typing import NamedTuple

from aicheck_app.errors import AicheckError
from aicheck_app.writing import replace
from aicheck_checks.files import read_bytes

MARK = "Made by 'aicheck init"
"""In the first lines of each file of ours; another file of the name is not touched."""
MAX_BYTES = 100_000
_SENT = """import { spawn } from "node:child_process";

const run = (payload) =>
  new Promise((done) => {
    let said = "";
    const child = spawn(PROGRAM, ["hook", "--agent", AGENT], { stdio: ["pipe", "pipe", "ignore"], timeout: 20000 });
    child.on("error", () => done(""));
    child.on("close", () => {
      try {
        done(JSON.parse(said)?.hookSpecificOutput?.additionalContext ?? "");
      } catch {
        done("");
      }
    });
    child.stdout.on("data", (piece) => (said += piece));
    child.stdin.on("error", () => done(""));
    child.stdin.end(JSON.stringify(payload));
  });
"""
_OPENCODE = """
export const Aicheck = async ({ directory }) => {
  const about = (session, event) => ({ session_id: session, cwd: directory, hook_event_name: event });
  return {
    "tool.execute.after": async (call, result) => {
      if (!/^(write|edit|multiedit|patch|apply_patch)$/.test(call.tool)) return;
      const told = { tool_name: call.tool, tool_use_id: call.callID, tool_input: call.args, tool_response: {} };
      const found = await run({ ...about(call.sessionID, "PostToolUse"), ...told });
      if (found) result.output += `\n\n${found}`;
    },
    event: async ({ event }) => {
      const session = event.properties?.sessionID ?? "";
      if (event.type === "session.compacted") await run(about(session, "PostCompact"));
      if (event.type === "session.error") await run({ ...about(session, "errorOccurred"), error: event.properties?.error ?? {} });
    },
  };
};
"""
_PI = """
export default function (pi) {
  const about = (ctx, event) => ({
    session_id: ctx.sessionManager?.getSessionId?.() ?? "",
    cwd: ctx.cwd,
    hook_event_name: event,
    model: ctx.model?.id ?? "",
  });
  pi.on("tool_result", async (event, ctx) => {
    if (!/^(write|edit)$/.test(event.toolName)) return;
    const told = { tool_name: event.toolName, tool_use_id: event.toolCallId, tool_input: event.input };
    if (event.isError) {
      await run({ ...about(ctx, "PostToolUseFailure"), ...told });
      return;
    }
    const found = await run({ ...about(ctx, "PostToolUse"), ...told, tool_response: {} });
    if (found) return { content: [...event.content, { type: "text", text: found }] };
  });
  pi.on("session_compact", async (_event, ctx) => void (await run(about(ctx, "PostCompact"))));
  pi.on("session_shutdown", async (_event, ctx) => void (await run(about(ctx, "SessionEnd"))));
}
"""


class Extension(NamedTuple):
    """An agent's folder for such files, the user's and a project's; the files' names, and whether they are run as programs."""

    title: str
    agent: str
    user: str
    project: str
    names: tuple[str, ...]
    body: str = ""
    note: str = ""


EXTENSIONS = {
    "opencode": Extension("opencode", "opencode", "~/.config/opencode/plugins", ".opencode/plugins", ("aicheck.js",), _OPENCODE),
    "pi": Extension("pi", "pi", "~/.pi/agent/extensions", ".pi/extensions", ("aicheck.ts",), _PI),
    "cline": Extension(
        "Cline", "cline", "~/Documents/Cline/Hooks", ".clinerules/hooks", ("PostToolUse", "TaskComplete"),
        note="Cline runs hooks when they are enabled in its settings, on macOS and Linux.",
    ),
}  # fmt: skip


def folder_of(extension: Extension, *, project: bool) -> str:
    """Where its files belong, for the user or for the project in the current folder."""
    return os.path.abspath(extension.project) if project else os.path.expanduser(extension.user)


def text_of(name: str, extension: Extension, program: str) -> str:
    """A file's text; ``program`` is aicheck, by its name or its absolute path."""
    made = f"{MARK} {name}'; 'aicheck init {name} --remove' takes it out again."
    if not extension.body:
        return f"#!/bin/sh\n# {made}\nexec {shlex.quote(program)} hook --agent {extension.agent}\n"
    sent = _SENT.replace("PROGRAM", json.dumps(program)).replace("AGENT", json.dumps(extension.agent))
    return (
        f"// {made}\n{'' if extension.names[0].endswith('.js') else '// @ts-nocheck' + chr(10)}{sent}{extension.body}"
    )


def read(path: str) -> str:
    """The file's text as it is; empty where there is none. Raises AicheckError for one that is not ours."""
    try:
        text = read_bytes(path, MAX_BYTES).decode("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise AicheckError(f"{path} can't be read: {error}") from error
    if MARK not in text[:400]:
        raise AicheckError(f"{path} is another file, not one of aicheck's; nothing was changed")
    return text


def write(path: str, text: str, *, inside: str = "") -> None:
    """Put a file there, or take it away where its text is empty. Raises OSError."""
    if not text:
        os.unlink(path)
        return
    os.makedirs(os.path.dirname(path), exist_ok=True)
    replace(path, text, inside=inside)
    if text.startswith("#!"):
        os.chmod(path, 0o755)
