"""Where each agent keeps its hooks, and putting ours there and taking them away, beside whatever else there is.

Sources: as in ``event.py``. Claude Code, Codex and Gemini CLI group hooks by matcher; Cursor, Copilot
CLI and VS Code list them. Gemini CLI counts milliseconds.
"""

from __future__ import annotations

import copy
import json
import os
import re
import shlex
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from aicheck_app.errors import AicheckError
from aicheck_app.writing import replace
from aicheck_checks.files import read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES = 4_000_000
"""Of a settings file."""
Hooks = dict[str, dict[str, Any]]
"""By event, the group (with its hook below ``hooks``) or the hook itself."""
Shell = Literal["sh", "cmd", "powershell"]


class Target(NamedTuple):
    """An agent's settings: the user's file, the project's file, and the hooks by event.

    ``note`` says what the user must still do; ``base`` is what a new file begins with; ``on_windows`` is the shell that
    reads its commands there, as far as that is known. ``agent`` is said in the command where the payloads do not tell;
    ``words`` says that the command is a program's file, its arguments apart. ``guard`` is the event and the matcher that comes
    before a shell's command runs, for who wants it (setting ``hook.guard``).
    """

    title: str
    user: str
    project: str
    events: tuple[tuple[str, str, int], ...]
    grouped: bool = True
    milliseconds: bool = False
    shells: bool = False
    base: dict[str, Any] = {}  # noqa: RUF012 - never changed
    note: str = ""
    on_windows: Shell = "powershell"
    agent: str = ""
    words: bool = False
    guard: tuple[str, str] = ("", "")


_CLAUDE = "Write|Edit|MultiEdit|NotebookEdit"
_GUARDED = "Bash"
TARGETS = {
    "claude-code": Target(
        "Claude Code", "~/.claude/settings.json", ".claude/settings.json",
        (
            ("PostToolUse", _CLAUDE, 20), ("PostToolUseFailure", _CLAUDE, 10), ("PostToolBatch", "", 20),
            ("UserPromptSubmit", "", 10), ("Stop", "", 60), ("SubagentStop", "", 60), ("StopFailure", "", 10),
            ("SessionStart", "", 10), ("SessionEnd", "", 10), ("PostCompact", "", 10), ("PostModelSwitch", "", 10),
        ),
        on_windows="sh", guard=("PreToolUse", _GUARDED),
    ),
    "codex": Target(
        "Codex CLI", "~/.codex/hooks.json", ".codex/hooks.json",
        (
            ("PostToolUse", "apply_patch", 20), ("UserPromptSubmit", "", 10), ("Stop", "", 60), ("SubagentStop", "", 60),
            ("SessionStart", "", 10),
        ),
        note="Codex asks before it runs new hooks: open /hooks in Codex once and trust this one.",
        guard=("PreToolUse", _GUARDED),
    ),
    "gemini": Target(
        "Gemini CLI", "~/.gemini/settings.json", ".gemini/settings.json",
        (("AfterTool", "write_file|replace", 20), ("BeforeAgent", "", 10), ("AfterAgent", "", 60)),
        milliseconds=True, guard=("BeforeTool", "run_shell_command"),
    ),
    "cursor": Target(
        "Cursor", "~/.cursor/hooks.json", ".cursor/hooks.json",
        (
            ("postToolUse", "", 20), ("afterFileEdit", "", 20), ("afterTabFileEdit", "", 20), ("afterAgentResponse", "", 20),
            ("stop", "", 60),
        ),
        grouped=False, base={"version": 1}, on_windows="cmd", guard=("beforeShellExecution", ""),
    ),
    "copilot-cli": Target(
        "Copilot CLI", "~/.copilot/hooks/aicheck.json", ".github/hooks/aicheck.json",
        (
            ("postToolUse", "", 20), ("postToolUseFailure", "", 10), ("userPromptSubmitted", "", 10), ("agentStop", "", 60),
            ("subagentStop", "", 60), ("errorOccurred", "", 10),
        ),
        grouped=False, shells=True, base={"version": 1}, guard=("preToolUse", ""),
    ),
    "vscode": Target(
        "VS Code agents", "~/.copilot/hooks/aicheck-vscode.json", ".github/hooks/aicheck-vscode.json", (("PostToolUse", "", 20),),
        grouped=False, note="VS Code also runs the hooks of Claude Code's settings: one of the two is enough.",
    ),
    "qwen": Target(
        "Qwen Code", "~/.qwen/settings.json", ".qwen/settings.json",
        (
            ("PostToolUse", "write_file|edit|WriteFile|Edit", 20), ("PostToolUseFailure", "write_file|edit|WriteFile|Edit", 10),
            ("UserPromptSubmit", "", 10), ("Stop", "", 60), ("SubagentStop", "", 60), ("SessionStart", "", 10), ("SessionEnd", "", 10),
        ),
        milliseconds=True, agent="qwen-code", guard=("PreToolUse", "run_shell_command|Bash|Shell"),
    ),
    "droid": Target(
        "Droid", "~/.factory/settings.json", ".factory/settings.json",
        (
            ("PostToolUse", "Create|Edit|MultiEdit|Write|ApplyPatch", 20), ("UserPromptSubmit", "", 10), ("Stop", "", 60),
            ("SubagentStop", "", 60), ("SessionStart", "", 10), ("SessionEnd", "", 10),
        ),
        agent="droid", guard=("PreToolUse", "Execute"),
    ),
    "auggie": Target(
        "Auggie", "~/.augment/settings.json", ".augment/settings.json",
        (
            ("PostToolUse", "save-file|str-replace-editor|apply_patch", 20), ("PromptSubmit", "", 10), ("Stop", "", 60),
            ("SessionStart", "", 10), ("SessionEnd", "", 10),
        ),
        milliseconds=True, agent="auggie", words=True, guard=("PreToolUse", "launch-process"),
    ),
}  # fmt: skip


def path_of(target: Target, *, project: bool) -> str:
    """The settings file, of the user or of the project in the current folder."""
    return os.path.abspath(target.project) if project else os.path.expanduser(target.user)


def read(path: str) -> dict[str, Any]:
    """The settings that are there; empty where there are none. Raises AicheckError for what can't be merged."""
    try:
        text = read_bytes(path, MAX_BYTES).decode("utf-8-sig")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise AicheckError(f"{path} can't be read: {error}") from error
    try:
        found = json.loads(text) if text.strip() else {}
    except (ValueError, RecursionError) as error:
        raise AicheckError(f"{path} is not valid JSON ({error}); nothing was changed") from error
    if not isinstance(found, dict) or not isinstance(found.get("hooks", {}), dict):
        raise AicheckError(f"{path} does not look like settings: no JSON object with 'hooks'; nothing was changed")
    return found


def command_of(program: str, shell: Shell, agent: str = "") -> str:
    """``PROGRAM hook`` as a shell reads it, with the agent's name where that must be said.

    A Windows path is written with ``/``: a POSIX shell, which some agents start there too, takes ``\\`` for an escape. Without
    blanks and the like it needs no quotes, and all three shells read it alike.
    """
    path = program.replace("\\", "/") if os.name == "nt" else program
    words = " ".join(_arguments(agent))
    if re.fullmatch(r"[\w./:~+-]+", path):
        return f"{path} {words}"
    if shell == "sh":
        return f"{shlex.quote(path)} {words}"
    return f'"{path}" {words}' if shell == "cmd" else "& '" + path.replace("'", "''") + f"' {words}"


def _arguments(agent: str) -> list[str]:
    return ["hook", *(["--agent", agent] if agent else [])]


def added(settings: dict[str, Any], target: Target, program: str, *, guard: bool = False) -> dict[str, Any]:
    """The settings with our hooks, once; ``program`` is aicheck, by its name or its absolute path."""
    before = ((*target.guard, 20),) if guard and target.guard[0] else ()
    found = {**target.base, **removed(settings)}
    hooks = found.setdefault("hooks", {})
    for event, matcher, seconds in (*target.events, *before):
        entries = hooks.setdefault(event, [])
        if isinstance(entries, list):
            entries.append(_entry(target, program, matcher, seconds))
    return found


def removed(settings: dict[str, Any]) -> dict[str, Any]:
    """The settings without our hooks; what they leave empty goes too."""
    found = copy.deepcopy(settings)
    hooks = found.get("hooks", {})
    for event in list(hooks):
        if isinstance(hooks[event], list) and any(map(_is_ours, hooks[event])):
            hooks[event] = [entry for entry in map(_without_ours, hooks[event]) if entry is not None]
            if not hooks[event]:
                del hooks[event]
    if not hooks:
        found.pop("hooks", None)
    return found


def command_in(settings: dict[str, Any]) -> str:
    """The command of the first of our hooks in some settings; empty where there is none."""
    hooks = settings.get("hooks", {})
    entries = (entry for event in hooks.values() if isinstance(event, list) for entry in event)
    ours = next((hook for entry in entries for hook in _hooks(entry) if _runs_us(hook)), None)
    if ours is None:
        return ""
    args = ours.get("args")
    if isinstance(args, list):
        return shlex.join(map(str, (ours.get("command", ""), *args)))
    return str(ours.get("command") or ours.get("bash") or "")


def write(path: str, settings: dict[str, Any], text: str, *, inside: str = "") -> None:
    """Put a ``text`` that holds the settings in the file's place in one step, ``inside`` a folder if one is named.

    Nothing but a version left means that it was ours alone, and it goes.
    """
    if set(settings) <= {"version"}:
        if os.path.exists(path):
            os.unlink(path)
        return
    replace(path, text, inside=inside)


def _entry(target: Target, program: str, matcher: str, seconds: int) -> dict[str, Any]:
    hook: dict[str, Any] = (
        {"type": "command"} if target.grouped or target.shells or target.title.startswith("VS") else {}
    )
    if target.shells:
        shells = {"bash": command_of(program, "sh"), "powershell": command_of(program, "powershell")}
        hook |= {**shells, "timeoutSec": seconds}
    elif target.words:
        hook |= {"command": program, "args": _arguments(target.agent), "timeout": seconds * 1000}
    else:
        command = command_of(program, target.on_windows if os.name == "nt" else "sh", target.agent)
        hook |= {"command": command, "timeout": seconds * 1000 if target.milliseconds else seconds}
    if not target.grouped:
        return hook
    return {**({"matcher": matcher} if matcher else {}), "hooks": [hook]}


def _is_ours(entry: Any) -> bool:
    return any(map(_runs_us, _hooks(entry)))


def _without_ours(entry: Any) -> Any:
    if not _is_ours(entry):
        return entry
    if not isinstance(entry.get("hooks"), list):
        return None
    kept = [hook for hook in entry["hooks"] if not _runs_us(hook)]
    return {**entry, "hooks": kept} if kept else None


def _hooks(entry: Any) -> Iterator[Any]:
    if isinstance(entry, dict):
        yield from entry["hooks"] if isinstance(entry.get("hooks"), list) else [entry]


def _runs_us(hook: Any) -> bool:
    """Whether a hook's command is ``aicheck hook``, with whatever path before it."""
    if not isinstance(hook, dict):
        return False
    args = hook.get("args")
    said = (hook.get("command", ""), hook.get("bash", ""), *(args if isinstance(args, list) else ()))
    words = re.split(r"[\s\"']+", " ".join(map(str, said)))
    return any(re.split(r"[/\\]", word)[-1].removesuffix(".exe") == "aicheck" for word in words) and "hook" in words
