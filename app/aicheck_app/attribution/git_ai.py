"""git-ai's notes: which lines of a commit which session wrote (authorship/3.0.0, https://github.com/git-ai-project/git-ai).

A note of ``refs/notes/ai`` lists, below each path, lines of two spaces, a key and ranges; then ``---``; then
JSON with ``sessions`` (and ``prompts`` in older ones) and ``humans`` by key. A line without a key is untracked, not human.
"""

from __future__ import annotations

import json
import re
from typing import Any

from aicheck_app.attribution.author import Author

MAX_LINES = 1_000_000
"""Lines that a note may name, all its entries together."""
_RANGE = re.compile(r"(?<![\w-])(\d{1,9})(?:-(\d{1,9}))?(?![\w-])", re.ASCII)


def parse(note: str) -> dict[str, dict[int, Author]]:
    """The AI-written lines (from 1) of each path; nothing for what is no note of a known version."""
    listed, _, rest = note.partition("\n---\n")
    try:
        facts = json.loads(rest)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(facts, dict) or not str(facts.get("schema_version", "")).startswith("authorship/"):
        return {}
    found: dict[str, dict[int, Author]] = {}
    path, left = "", MAX_LINES
    for line in listed.split("\n"):
        if line and not line.startswith(" "):
            path = _unquoted(line)
            continue
        key, _, ranges = line.strip().partition(" ")
        author = _author(key, facts)
        if path and author is not None:
            numbers = _numbers(ranges, left)
            left -= len(numbers)
            found.setdefault(path, {}).update(dict.fromkeys(numbers, author))
    return found


def _author(key: str, facts: dict[str, Any]) -> Author | None:
    """Who a key stands for; None for people and for keys that the note does not explain."""
    session = key.partition("::")[0]
    for table in ("sessions", "prompts"):
        entry = facts.get(table)
        entry = entry.get(session) if isinstance(entry, dict) else None
        if isinstance(entry, dict):
            agent = entry.get("agent_id")
            agent = agent if isinstance(agent, dict) else {}
            return Author("git-ai", str(agent.get("tool", "")), str(agent.get("model", "")), str(agent.get("id", "")))
    return None


def _numbers(ranges: str, limit: int) -> list[int]:
    found: list[int] = []
    for match in _RANGE.finditer(ranges):
        first, last = int(match[1]), int(match[2] or match[1])
        if len(found) + last - first < limit:
            found.extend(range(first, last + 1))
    return found


def _unquoted(path: str) -> str:
    return path[1:-1].replace('\\"', '"').replace("\\\\", "\\") if path.startswith('"') and path.endswith('"') else path
