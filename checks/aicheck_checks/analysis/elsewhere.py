"""Whether what a text lost stands in another file of its project: then it was moved."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aicheck_checks.surroundings.own_texts import own_texts

if TYPE_CHECKING:
    from aicheck_checks.source import Source
    from aicheck_checks.surroundings import Surroundings

LEAST = 12
"""Code points of a line that no other file has by chance."""


def other_texts(source: Source, around: Surroundings | None, ends: tuple[str, ...]) -> list[str] | None:
    """The texts of the project's other files whose names end so; None where they can't be told."""
    known = around.ask(own_texts, ends) if around is not None else None
    if around is None or known is None:
        return None
    own = os.path.normpath(os.path.join(around.folder, _name(source.path)))
    return [text for file, text in known.items() if file != own]


def stands_elsewhere(source: Source, line: str) -> bool:
    """Whether a line of the version before stands, word for word, in another file of the same language."""
    head, language = line.strip(), source.language
    if len(head) < LEAST or language is None or not language.suffixes:
        return False
    return any(head in text for text in other_texts(source, source.whereabouts, tuple(language.suffixes)) or ())


def _name(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]
