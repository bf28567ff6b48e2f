"""Lines of a project's own instructions that could be stated as rules: shown to be judged by a person, never taken for rules."""

from __future__ import annotations

import json
import os
import re
from typing import NamedTuple

from aicheck_app.project_rules.rules import MAX_BYTES, MAX_LENGTH
from aicheck_checks.files import read

FILES = ("AGENTS.md", "CLAUDE.md", ".cursorrules", ".github/copilot-instructions.md", "GEMINI.md")
MAX_SUGGESTIONS = 100
_FORBIDS = re.compile(r"\b(?:never|do not|don['’]t|must not|mustn['’]t|avoid|forbidden|no)\b", re.IGNORECASE)
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
    """A line, where it stands (from 1), and the TOML that would state it."""

    file: str
    line: int
    text: str
    toml: str


def suggestions(folder: str) -> list[Suggestion]:
    """The lines of a project's files of instructions that name something in backquotes and forbid or demand it."""
    found: list[Suggestion] = []
    for name in FILES:
        for number, line in enumerate(read(os.path.join(folder, name), MAX_BYTES).split("\n"), 1):
            toml = toml_of(line[:2_000])
            if toml:
                found.append(Suggestion(name, number, line.strip()[:MAX_LENGTH], toml))
    return found[:MAX_SUGGESTIONS]


def toml_of(line: str) -> str:
    """The TOML that would state a line, or nothing."""
    named = [text.strip() for text in _CODE.findall(line) if text.strip() and len(text) <= MAX_LENGTH]
    key = _key(_CODE.sub("", line)) if named else ""
    return f"{key} = [{', '.join(json.dumps(text, ensure_ascii=False) for text in named)}]" if key else ""


def _key(words: str) -> str:
    if _FORBIDS.search(words):
        return next((key for verb, key in _VERBS if verb.search(words)), "")
    return "before-done" if _RUN.search(words) and _BEFORE.search(words) and _FINISHED.search(words) else ""
