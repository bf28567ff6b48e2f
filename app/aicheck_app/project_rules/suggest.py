"""Lines of a project's own instructions that could be stated as rules: shown to be judged by a person, never taken for rules."""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app.project_rules.rules import KEYS, MAX_BYTES, MAX_LENGTH, of_project
from aicheck_checks.files import read

if TYPE_CHECKING:
    from collections.abc import Iterable

FILES = ("AGENTS.md", "CLAUDE.md", ".cursorrules", ".github/copilot-instructions.md", "GEMINI.md")
MAX_SUGGESTIONS = 100
_FORBIDS = re.compile(r"\b(?:never|do not|don['’]t|must not|mustn['’]t|avoid|forbidden|no)\b", re.IGNORECASE)
_INSTEAD = re.compile(
    r"\b(?:use|prefer|instead|rather|in favou?r of|but)\b|[.;][ \t]|[-=]>|→",
    re.IGNORECASE,
)
"""What comes behind it is what to do in place of what is forbidden, or another matter."""
_BEFORE = re.compile(r"\b(?:before|after)\b", re.IGNORECASE)
_FINISHED = re.compile(
    r"\b(?:done|commit\w*|finish\w*|complet\w*|chang\w*|edit\w*|push\w*|pr|pull request)\b", re.IGNORECASE
)
_VERBS = (
    (re.compile(r"\bimport\w*\b", re.IGNORECASE), "forbidden-imports"),
    (re.compile(r"\b(?:run|running|execute|invoke|call)\b", re.IGNORECASE), "forbidden-commands"),
    (re.compile(r"\b(?:edit\w*|modify\w*|touch\w*|chang\w*|delet\w*)\b", re.IGNORECASE), "forbidden-paths"),
    (re.compile(r"\b(?:use|using|write|writing|add|adding|leave)\b", re.IGNORECASE), "forbidden-words"),
)
_RUN = re.compile(r"\brun\b", re.IGNORECASE)
_CODE = re.compile(r"`([^`\n]++)`")


class Suggestion(NamedTuple):
    """A line, where it stands (from 1), and the setting and its items that would state it."""

    file: str
    line: int
    text: str
    key: str
    items: tuple[str, ...]

    @property
    def toml(self) -> str:
        """The TOML that would state this line alone."""
        return _toml(self.key, self.items)


def suggestions(folder: str) -> list[Suggestion]:
    """The lines of a project's files of instructions that name something in backquotes and forbid or demand it.

    What the project states already is not among them. Raises AicheckError for settings that are wrong.
    """
    stated = {(rule.kind, rule.text) for rule in of_project(folder)}
    found: list[Suggestion] = []
    for name in FILES:
        for number, line in enumerate(read(os.path.join(folder, name), MAX_BYTES).split("\n"), 1):
            key, items = stating(line[:2_000])
            left = tuple(item for item in items if (KEYS[key], item) not in stated)
            if left:
                found.append(Suggestion(name, number, line.strip()[:MAX_LENGTH], key, left))
    return found[:MAX_SUGGESTIONS]


def stating(line: str) -> tuple[str, tuple[str, ...]]:
    """The setting that would state a line, and its items; no items where none does."""
    words = _CODE.sub(lambda code: "`" + "_" * (len(code[0]) - 2) + "`", line)  # what is quoted says nothing itself
    forbids = _FORBIDS.search(words)
    if forbids is not None:
        start, end = _forbidden(words, forbids)
        key = next((key for verb, key in _VERBS if verb.search(words[start:end])), "")
    else:
        start, end = _demanded(words)
        key = "before-done" if _RUN.search(words) and _BEFORE.search(words) and _FINISHED.search(words) else ""
    named = (match[1].strip() for match in _CODE.finditer(line) if start <= match.start() < end) if key else ()
    return key, tuple(dict.fromkeys(text for text in named if text and len(text) <= MAX_LENGTH))


def block(found: Iterable[Suggestion]) -> list[str]:
    """The lines of TOML that state all of these: each setting once, below the lines that it comes from."""
    by_key: dict[str, list[Suggestion]] = defaultdict(list)
    for one in found:
        by_key[one.key].append(one)
    lines: list[str] = []
    for key, group in by_key.items():
        lines += [f"# {one.file}:{one.line}: {one.text}" for one in group]
        lines.append(_toml(key, dict.fromkeys(item for one in group for item in one.items)))
    return lines


def _forbidden(words: str, forbids: re.Match[str]) -> tuple[int, int]:
    """From where to where a line says what is forbidden: behind the word that forbids, or in the sentence before it."""
    first = words.find("`", forbids.end())
    if first >= 0:
        instead = _INSTEAD.search(words, words.find("`", first + 1) + 1)
        return forbids.start(), instead.start() if instead else len(words)
    before = [match.end() for match in re.finditer(r"[.;][ \t]", words[: forbids.start()])]
    return (before[-1] if before else 0), len(words)


def _demanded(words: str) -> tuple[int, int]:
    """From where to where a line says what to run: up to what it is to be run before, if that comes later."""
    before = _BEFORE.search(words)
    end = before.start() if before is not None and "`" in words[: before.start()] else len(words)
    return 0, end


def _toml(key: str, items: Iterable[str]) -> str:
    return f"{key} = [{', '.join(json.dumps(text, ensure_ascii=False) for text in items)}]"
