"""Agents that run a file of ours instead of a command in their settings: a plugin, an extension, a script for an event.

Sources: @opencode-ai/plugin (its type ``Hooks``), @mariozechner/pi-coding-agent (docs/extensions.md), https://docs.cline.bot/features/hooks.
Each hands the call on to ``aicheck hook`` and gives its answer back; without aicheck, or if it fails, the agent's work goes on.
"""

from __future__ import annotations

import json
import os
import shlex
from importlib.resources import files
from typing import NamedTuple

from aicheck_app.errors import AicheckError
from aicheck_app.writing import replace
from aicheck_checks.files import read_bytes

MARK = "Made by 'aicheck init"
"""In the first lines of each file of ours; another file of the name is not touched."""
MAX_BYTES = 100_000
MODULES = ("opencode", "pi")
"""The agents that run a module of JavaScript; each is an npm package too (editors/)."""


class Extension(NamedTuple):
    """An agent's folder for such files, the user's and a project's; the files' names, and whether they are run as programs."""

    title: str
    agent: str
    user: str
    project: str
    names: tuple[str, ...]
    note: str = ""


EXTENSIONS = {
    "opencode": Extension("opencode", "opencode", "~/.config/opencode/plugins", ".opencode/plugins", ("aicheck.js",)),
    "pi": Extension("pi", "pi", "~/.pi/agent/extensions", ".pi/extensions", ("aicheck.ts",)),
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
    if name not in MODULES:
        return f"#!/bin/sh\n# {made}\nexec {shlex.quote(program)} hook --agent {extension.agent}\n"
    unchecked = "// @ts-nocheck\n" if extension.names[0].endswith(".ts") else ""
    return f"// {made}\n{unchecked}{module(name, program)}"


def module(name: str, program: str = "aicheck") -> str:
    """The JavaScript for an agent: what calls ``aicheck hook`` (plugins/run.js), and what the agent calls."""
    run, body = (
        files("aicheck_app.hook").joinpath("plugins", f"{file}.js").read_text("utf-8") for file in ("run", name)
    )
    run = run.replace('const PROGRAM = "aicheck";', f"const PROGRAM = {json.dumps(program)};")
    return run.replace('const AGENT = "";', f"const AGENT = {json.dumps(EXTENSIONS[name].agent)};") + "\n" + body


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
