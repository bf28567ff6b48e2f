"""The rules that a project states: ``[tool.aicheck.rules]``, and a section "aicheck rules" in AGENTS.md or CLAUDE.md.

They only count, so a repository may state them. Nothing is guessed: a line of the section says one of five things in the
words of ``_LINES``, or it is no rule.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from aicheck_app.errors import AicheckError
from aicheck_checks.files import read

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = Literal["command", "path", "import", "word", "before-done"]
KEYS: dict[str, Kind] = {
    "forbidden-commands": "command", "forbidden-paths": "path", "forbidden-imports": "import", "forbidden-words": "word",
    "before-done": "before-done",
}  # fmt: skip
"""The settings, with what their items are."""
SECTIONED = ("AGENTS.md", "CLAUDE.md")
MAX_RULES = 100
MAX_LENGTH = 200
"""Code points of what a rule names."""
MAX_BYTES = 500_000
"""Bytes that are read of a file of instructions."""
_HEADING = re.compile(r"(#{1,6})[ \t]++(\S[^\n]*+)")
_LINES: dict[Kind, re.Pattern[str]] = {
    "command": re.compile(r"never run `([^`]++)`\.?", re.IGNORECASE),
    "path": re.compile(r"never edit `([^`]++)`\.?", re.IGNORECASE),
    "import": re.compile(r"never import `([^`]++)`\.?", re.IGNORECASE),
    "word": re.compile(r"never write `([^`]++)`\.?", re.IGNORECASE),
    "before-done": re.compile(r"run `([^`]++)` before done\.?", re.IGNORECASE),
}


class Rule(NamedTuple):
    """What is forbidden, or has to be run after the last edit; ``root`` is the folder from which paths are seen."""

    kind: Kind
    text: str
    root: str = ""

    @property
    def name(self) -> str:
        """As it is counted and shown."""
        return f"{self.kind}: {self.text}"


def of_table(table: object, where: str, root: str = "") -> tuple[Rule, ...]:
    """The rules of a settings file; raises AicheckError naming ``where`` for what is none."""
    if not isinstance(table, dict):
        raise AicheckError(f"{where}: 'rules' must be a table")
    found: list[Rule] = []
    for key, items in table.items():
        if key not in KEYS:
            raise AicheckError(f"{where}: unknown setting 'rules.{str(key)[:80]}' (known: {', '.join(KEYS)})")
        if not isinstance(items, list) or not all(_fits(item) for item in items):
            raise AicheckError(f"{where}: 'rules.{key}' must be a list of words of at most {MAX_LENGTH} characters")
        found += [Rule(KEYS[key], item.strip(), root) for item in items]
    if len(found) > MAX_RULES:
        raise AicheckError(f"{where}: more than {MAX_RULES} rules")
    return tuple(found)


def of_section(text: str, root: str = "") -> tuple[Rule, ...]:
    """The rules of the section "aicheck rules" of a Markdown text; what says none of the five things is passed over."""
    found = (_rule(line, root) for line in _section(text))
    return tuple(rule for rule in found if rule is not None)[:MAX_RULES]


def of_project(folder: str) -> tuple[Rule, ...]:
    """The rules for work in a folder, each once; raises AicheckError for settings that are wrong."""
    from aicheck_app.config import load, work_tree

    stated = load(folder).rules
    for place in dict.fromkeys((work_tree(folder) or folder, folder)):
        for name in SECTIONED:
            stated += of_section(read(os.path.join(place, name), MAX_BYTES), place)
    once: dict[tuple[Kind, str], Rule] = {}
    for rule in stated:
        once.setdefault((rule.kind, rule.text), rule)
    return tuple(once.values())[:MAX_RULES]


def _fits(item: object) -> bool:
    return isinstance(item, str) and bool(item.strip()) and len(item) <= MAX_LENGTH and "\0" not in item


def _section(text: str) -> Iterator[str]:
    """The items of the lists in the section, up to the next heading of its level or above."""
    level = 0
    for line in text.split("\n"):
        heading = _HEADING.fullmatch(line.strip())
        if heading is not None:
            depth = len(heading[1])
            if heading[2].strip(" #").lower() == "aicheck rules":
                level = depth
            elif depth <= level:
                level = 0
        elif level and line.lstrip()[:2] in ("- ", "* ", "+ "):
            yield line.strip()[2:].strip()


def _rule(line: str, root: str) -> Rule | None:
    for kind, pattern in _LINES.items():
        match = pattern.fullmatch(line)
        if match is not None and _fits(match[1]):
            return Rule(kind, match[1].strip(), root)
    return None
