"""The second looks that a session's edits need: at files changed in part, when a command, a commit or the turn's end uses them.

What an edit uses may come with the next one, so that it can't be judged at once; what still lacks its import when the file
is built never had it. Measured on 378 real sessions: of 135 such findings 112 were mended by the next edits before
any command ran; of the 23 that were left, 16 failed in the compiler.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicheck_app.capture.commands import ANY
from aicheck_app.origin import Look
from aicheck_checks.languages import language_of
from aicheck_checks.source import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_app.capture.known_files import KnownFiles
    from aicheck_app.origin import Output, When

_DEFINES = re.compile(r"\b(?:def|class|function|const|let|interface|type|enum)[ \t]+(\w{3,})")


class _Stretch:
    """A turn's edits of one file, in their order."""

    def __init__(self) -> None:
        self.edits: list[Output] = []
        self.mark = ""
        self.waits = False

    @property
    def last(self) -> Output:
        return self.edits[-1]

    @property
    def before(self) -> str | None:
        """The file's text before the first edit."""
        return self.edits[0].previous


class OpenEdits:
    """The edits of a session that wait for a second look."""

    def __init__(self, files: KnownFiles) -> None:
        self._files = files
        self._stretches: dict[str, _Stretch] = {}
        self._added: dict[str, set[str]] = {}
        self._texts: dict[str, str] = {}
        self._first: dict[str, str] = {}

    def add(self, place: str, output: Output, mark: str) -> None:
        """An edit of which the whole file is known; ``place`` is the file's, ``mark`` that of the record it came with."""
        stretch = self._stretches.setdefault(place, _Stretch())
        stretch.edits.append(output)
        stretch.mark = mark
        stretch.waits = stretch.waits or output.partial
        self._texts[place] = output.text
        self._first.setdefault(place, output.previous or "")

    @property
    def any(self) -> bool:
        """Whether there are edits that wait."""
        return any(stretch.waits for stretch in self._stretches.values())

    def due(self, when: When, builds: frozenset[str]) -> Iterator[tuple[Look, str]]:
        """The looks at files of the languages that are built, each with its mark; not at files that are not known any more."""
        for place, stretch in self._stretches.items():
            if self._files.text(place) != stretch.last.text or not (builds >= ANY or _language(place) in builds):
                continue
            lost = self._lost(place, stretch) if when == "turn" else frozenset[str]()
            if stretch.waits or lost:
                known = Session(lost, self._others(place)) if lost else None
                whole = stretch.last._replace(previous=stretch.before, partial=False, session=known)
                yield Look(whole, tuple(stretch.edits), when), stretch.mark
                stretch.waits = False

    def close(self) -> None:
        """The turn is over: what its edits came to was looked at."""
        for place, stretch in self._stretches.items():
            self._added.setdefault(place, set()).update(_names(stretch.last.text) - _names(stretch.before or ""))
        self._stretches = {}

    def definitions_lost(self) -> int:
        """How many names were defined in a file before the session and are in none of its files now: moved ones are not lost."""
        before = {name for text in self._first.values() for name in _names(text)}
        return len(before - {name for text in self._texts.values() for name in _names(text)}) if before else 0

    def _lost(self, place: str, stretch: _Stretch) -> frozenset[str]:
        """What the session had defined in the file before and the turn took away."""
        added = self._added.get(place)
        return frozenset((_names(stretch.before or "") - _names(stretch.last.text)) & added) if added else frozenset()

    def _others(self, place: str) -> tuple[tuple[str, str], ...]:
        return tuple((other, text) for other, text in self._texts.items() if other != place)


def _names(text: str) -> set[str]:
    """What a text seems to define, told by words alone: rules look closer."""
    return set(_DEFINES.findall(text))


def _language(path: str) -> str:
    language = language_of(path)
    return language.name if language is not None else ""
