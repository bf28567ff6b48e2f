"""Whether what a text lost stands in another file of its project: then it was moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.surroundings.own_texts import own_texts

if TYPE_CHECKING:
    from aicheck_checks.source import Source

LEAST = 12
"""Code points of a line that no other file has by chance."""


def stands_elsewhere(source: Source, line: str) -> bool:
    """Whether a line of the version before stands, word for word, in another file of the same language."""
    head, language, around = line.strip(), source.language, source.whereabouts
    if len(head) < LEAST or language is None or not language.suffixes or around is None:
        return False
    own = _name(source.path)
    known = around.ask(own_texts, tuple(language.suffixes)) or {}
    return any(head in text for file, text in known.items() if _name(file) != own)


def _name(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]
