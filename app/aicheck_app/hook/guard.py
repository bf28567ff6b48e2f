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
from aicheck_app.capture.shell import commands_of
from aicheck_app.errors import AicheckError
from aicheck_app.git.run import git as run_git
from aicheck_app.report.sinks.json import dumps
from aicheck_app.report.sinks.plain import line, short

if TYPE_CHECKING:
    from aicheck_app.capture.shell import Command
    from aicheck_app.hook.event import Event

MAX_NAMED = 5
"""Files that are named; of the others there is a number."""
MAX_FACT = 600
_SHELLS = frozenset(
    (
        "bash",
        "shell",
        "run_shell_command",
        "run_terminal_cmd",
        "run_in_terminal",
        "execute_command",
        "launch-process",
        "execute",
    )
)
_LINES = ("command", "cmd", "script")


def losses(event: Event) -> list[str]:
    """What the command of an event would lose, a fact each; nothing for other tools, or outside of a work tree."""
    given = event.given if isinstance(event.given, dict) else event.raw
    if event.tool and event.tool.lower() not in _SHELLS:
        return []
    said = next((given[name] for name in _LINES if isinstance(given.get(name), str)), "")
    facts = [fact for command in commands_of(said) for fact in _lost(command, event.cwd)]
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
    if words and words[0].rpartition("/")[2] == "git":
        found.append(_lost_by_git(list(words[1:]), here))
    elif words and words[0].rpartition("/")[2] == "rm" and _has(words, "r", "--recursive", "R"):
        found.append(_uncommitted(here, _operands(words[1:]), "removes"))
    return [fact for fact in found if fact]


def _lost_by_git(words: list[str], cwd: str) -> str:
    while words[:1] == ["-C"] and len(words) > 1:
        cwd, words = os.path.join(cwd, words[1]), words[2:]
    while words and words[0].startswith("-"):
        words = words[2:] if words[0] in ("-c", "--git-dir", "--work-tree") else words[1:]
    verb, rest = (words[0], words[1:]) if words else ("", [])
    said = f"git {verb}"
    if verb == "checkout":
        paths = rest[rest.index("--") + 1 :] if "--" in rest else [one for one in rest if one in (".", "./")]
        forced = "-f" in rest or "--force" in rest
        return _uncommitted(cwd, ["."] if forced else paths, f"'{said}' takes back") if paths or forced else ""
    if verb == "restore":
        kept = "--staged" in rest or "-S" in rest
        return (
            ""
            if kept and not ({"--worktree", "-W"} & set(rest))
            else _uncommitted(cwd, _operands(rest), f"'{said}' takes back")
        )
    if verb == "reset" and "--hard" in rest:
        return _uncommitted(_top(cwd), ["."], "'git reset --hard' takes back")
    if verb == "clean" and _has(rest, "f", "--force") and not _has(rest, "n", "--dry-run"):
        return _uncommitted(cwd, _operands(rest) or ["."], "'git clean' removes", untracked=True)
    if verb == "stash" and rest[:1] in (["drop"], ["clear"]):
        return _stashes(cwd, rest[0])
    if verb == "push" and _has(rest, "f", "--force"):
        return "aicheck: 'git push --force' replaces what others may have on the remote branch; no lease is asked for"
    return ""


def _top(cwd: str) -> str:
    return git.top(cwd) or cwd


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


def _uncommitted(cwd: str, paths: list[str], what: str, *, untracked: bool = False) -> str:
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


def _operands(words: list[str] | tuple[str, ...]) -> list[str]:
    """The words that are no options."""
    return [word for word in words if not word.startswith("-")]


def _has(words: list[str] | tuple[str, ...], letter: str, *names: str) -> bool:
    """Whether an option is among the words, by its letter, alone or with others, or by a name."""
    short_options = "".join(word[1:] for word in words if re.fullmatch(r"-\w+", word))
    return letter in short_options or any(
        name in words if name.startswith("--") else name in short_options for name in names
    )
