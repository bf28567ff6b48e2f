"""What a command that is about to run would lose: work in files of the work tree that no commit holds.

The user asks for it (setting ``hook.guard``). The fact is told before the command runs; it stops nothing unless the setting
says so. What can't be told from the words of the command (a variable, a script, an alias) is not guessed.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from aicheck_app import git
from aicheck_app.capture.commands import started_by
from aicheck_app.capture.git_command import git_command, operands
from aicheck_app.capture.shell import commands_of
from aicheck_app.capture.tool_calls import SHELLS, command_line
from aicheck_app.capture.worktree import is_recursive
from aicheck_app.errors import AicheckError
from aicheck_app.git.run import git as run_git
from aicheck_app.report.sinks.json import dumps
from aicheck_app.report.sinks.plain import line, short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicheck_app.capture.git_command import GitCommand
    from aicheck_app.capture.shell import Command
    from aicheck_app.hook.event import Event

MAX_NAMED = 5
"""Files that are named; of the others there is a number."""
MAX_FACT = 600


def losses(event: Event) -> list[str]:
    """What the command of an event would lose, a fact each; nothing for other tools, or outside of a work tree."""
    given = event.given if isinstance(event.given, dict) else event.raw
    if event.tool and event.tool.lower() not in SHELLS:
        return []
    facts = [fact for command in commands_of(command_line(given)) for fact in _lost(command, event.cwd)]
    return list(dict.fromkeys(facts))


def answer(event: Event, facts: list[str], *, blocks: bool) -> bytes:
    """What to print for facts, in the caller's dialect; nothing where it has none for this."""
    if not facts:
        return b""
    text = "\n".join(facts)
    found = _blocked(event, text) if blocks else _told(event, text)
    return dumps(found).encode() + b"\n" if found else b""


def _told(event: Event, text: str) -> dict[str, Any]:
    if event.agent == "cursor":
        return {"permission": "allow", "agent_message": text, "user_message": text}
    if event.agent == "copilot-cli" and not event.said:
        return {"additionalContext": text}
    if event.agent == "gemini":
        return {"systemMessage": text}
    if event.agent == "cline":
        return {"cancel": False, "contextModification": text}
    return {"hookSpecificOutput": {"hookEventName": "PreToolUse", "additionalContext": text}}


def _blocked(event: Event, text: str) -> dict[str, Any]:
    if event.agent == "cursor":
        return {"permission": "deny", "agent_message": text, "user_message": text}
    if event.agent == "gemini":
        return {"decision": "deny", "reason": text}
    if event.agent == "cline":
        return {"cancel": True, "errorMessage": text}
    decided = {"permissionDecision": "deny", "permissionDecisionReason": text}
    if event.agent == "copilot-cli" and not event.said:
        return decided
    return {"hookSpecificOutput": {"hookEventName": "PreToolUse", **decided}}


def _lost(command: Command, cwd: str) -> list[str]:
    if command.folder is None:
        return []
    here = os.path.join(cwd, command.folder)
    words = started_by(command)
    paths = [redirect.path for redirect in command.redirects if redirect.path and not redirect.appends]
    found = [_uncommitted(here, paths, "overwrites")] if paths else []
    if words[:1] == ("git",):
        found.append(_lost_by_git(git_command(words[1:]), here))
    elif words[:1] == ("rm",) and is_recursive(words[1:]):
        found.append(_uncommitted(here, operands(words[1:]), "removes"))
    return [fact for fact in found if fact]


def _lost_by_git(command: GitCommand, cwd: str) -> str:
    here, rest, said = os.path.join(cwd, command.folder), command.rest, f"git {command.verb}"
    match command.danger:
        case "git_checkout":
            return _uncommitted(here, command.files or ["."], f"'{said}' takes back")
        case "git_restore":
            return _uncommitted(here, command.files, f"'{said}' takes back")
        case "git_reset_hard":
            return _uncommitted(git.top(here) or here, ["."], f"'{said} --hard' takes back")
        case "git_clean":
            return _uncommitted(here, operands(rest) or ["."], f"'{said}' removes", untracked=True)
        case "git_stash_drop":
            return _stashes(here, rest[0])
        case "git_push_force":
            return (
                "aicheck: 'git push --force' replaces what others may have on the remote branch; no lease is asked for"
            )
    return ""


def _stashes(cwd: str, verb: str) -> str:
    try:
        kept = run_git("stash", "list", "--format=%gd", cwd=cwd).split()
    except AicheckError:
        return ""
    gone = len(kept) if verb == "clear" else min(len(kept), 1)
    return (
        f"aicheck: 'git stash {verb}' drops {gone} of {len(kept)} stashes, which no commit of a branch holds"
        if gone
        else ""
    )


def _uncommitted(cwd: str, paths: Sequence[str], what: str, *, untracked: bool = False) -> str:
    """That files among these hold work which no commit has; nothing if none does, or git can't tell."""
    root = git.top(cwd)
    if not root or not paths or any(re.match(r":|~", path) for path in paths):
        return ""
    try:
        said = run_git(
            "-c", "core.quotePath=false", "--literal-pathspecs", "status", "--porcelain=v1", "-z", "--no-renames",
            f"--untracked-files={'all' if untracked else 'no'}", "--", *paths, cwd=cwd,
        )  # fmt: skip
    except AicheckError:
        return ""
    entries = [os.fsdecode(entry) for entry in said.split(b"\0") if entry]
    names = [entry[3:] for entry in entries if (entry.startswith("??") == untracked) and not entry.startswith("!!")]
    if not names:
        return ""
    listed = ", ".join(short(name, 80) for name in names[:MAX_NAMED])
    more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
    kind = "files that git does not track" if untracked else "files with changes that no commit holds"
    return line(f"aicheck: {what} {len(names)} {kind}: {listed}{more}", MAX_FACT)
