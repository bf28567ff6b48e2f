"""Saying what was found in the caller's own dialect: facts, never orders.

An imperative text looks like prompt injection to a model; what is true of the file it may judge itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from aicheck_app.report.sinks.json import dumps
from aicheck_app.report.sinks.plain import line, short

if TYPE_CHECKING:
    from aicheck_app.hook.event import Event

MAX_TEXT = 4000
"""Code points; clients cut at 10,000."""
MAX_NAME = 120
MAX_FACT = 600
_SILENT = ("windsurf", "unknown")
"""They can't be told anything after an edit."""

_CURSOR_DEAF = ("afterFileEdit", "afterTabFileEdit")
"""Cursor's events that take no answer."""


def fact(path: str, number: int, code: str, message: str) -> str:
    """What was found on a line of a file. A name that could be read as words of ours is quoted."""
    name = short(path, MAX_NAME)
    if not re.fullmatch(r"[\w./\\@+~-]+", name):
        name = '"' + name.replace('"', "\\x22") + '"'
    return line(f"aicheck: {name}:{number} {code} {message}", MAX_FACT)


def answer(event: Event, facts: list[str], manner: str) -> bytes:
    """What to print; nothing without facts, where the settings want silence, or the agent takes no answer."""
    if not facts or manner == "silent" or event.agent in _SILENT:
        return b""
    text = _text(facts)
    found = _stop(event, text, manner) if event.name in ("stop", "subagent stop") else _edit(event, text, manner)
    return dumps(found).encode() + b"\n" if found else b""


def _text(facts: list[str]) -> str:
    """As many whole facts as there is room for, a line each."""
    lines: list[str] = []
    for one in facts:
        if sum(map(len, lines)) + len(lines) + len(one) > MAX_TEXT:
            break
        lines.append(one)
    return "\n".join(lines)


def _edit(event: Event, text: str, manner: str) -> dict[str, Any]:
    if event.agent == "cursor":
        return {"additional_context": text} if event.said not in _CURSOR_DEAF else {}
    if event.agent == "cline":
        return {"cancel": False, "contextModification": text}
    if event.agent == "copilot-cli" and (event.said[:1].islower() or not event.said):
        return {"additionalContext": text}
    if manner == "block" and event.agent in ("claude-code", "codex", "vscode", "qwen-code", "droid"):
        return {"decision": "block", "reason": text}
    return {
        "hookSpecificOutput": {"hookEventName": short(event.said, MAX_NAME) or "PostToolUse", "additionalContext": text}
    }


def _stop(event: Event, text: str, manner: str) -> dict[str, Any]:
    """At the end of a turn a model hears only what keeps it working; else the person is told."""
    if event.agent == "gemini":
        return (
            {"decision": "deny", "reason": text} if manner == "block" and not _again(event) else {"systemMessage": text}
        )
    if event.agent == "cursor":
        return {"followup_message": text} if manner == "block" and not event.raw.get("loop_count") else {}
    if event.agent not in ("claude-code", "codex", "vscode", "qwen-code", "droid", "iflow"):
        return {}
    if manner == "block" and not _again(event):
        return {"decision": "block", "reason": text}
    return {"systemMessage": text}


def _again(event: Event) -> bool:
    """Whether the turn goes on because of a hook's answer already."""
    return bool(event.raw.get("stop_hook_active"))
