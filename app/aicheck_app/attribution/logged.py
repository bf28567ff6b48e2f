"""The best evidence: lines that the log saw being written, by their hashes.

A hash is 32 bits of an HMAC. Whoever has the log alone can do nothing with it; whoever has the key too can try out what a
line might be. So the key lies outside the log, and no hash is kept of what is worth guessing or easily guessed.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aicheck_app.attribution.author import Author
from aicheck_app.hashing import of_text
from aicheck_app.log.queries import newest_outputs
from aicheck_app.redaction import redact
from aicheck_checks.files import place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aicheck_app.log.records import Output
    from aicheck_app.log.store import Log

RECENT = 20_000
"""Outputs looked through: a commit's lines were written not long ago."""
MAX_LINES = 5_000
"""Lines of an output whose hashes are kept."""
_DIGITS = 8
_SHORT = 8
"""Lines of fewer letters (``}``, ``else:``) are anyone's: they follow the lines round them. They are also quickly guessed:
code carries two or three bits a letter, so that such a line is one of some millions, and a number hardly more than its
digits, which are not counted."""


def hashes(text: str, log: Log) -> str:
    """The keyed hashes of a text's telling lines, eight hexadecimal digits each."""
    lines = text.split("\n")[:MAX_LINES]
    telling = dict.fromkeys(line.strip() for line, tells in zip(lines, _telling(lines), strict=True) if tells)
    return "".join(log.keyed(line)[:_DIGITS] for line in telling)


class Logged:
    """The newest outputs of a log, by the files that they wrote into."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._by_name: dict[str, list[Output]] = {}
        self._by_file: dict[str, list[Output]] = {}
        for record in newest_outputs(log, RECENT):
            if record.file:
                self._by_file.setdefault(record.file, []).append(record)
            elif record.path:
                self._by_name.setdefault(os.path.basename(record.path), []).append(record)

    def lines_of(self, path: str, text: str) -> dict[int, Author]:
        """The AI-written lines (from 1) of a file's text: those that an output into this file wrote."""
        known: dict[str, Author] = {}
        lines = text.replace("\r\n", "\n").split("\n")
        whole = {of_text(each) for each in (text, "\n".join(lines))}
        for record in self._outputs(path.replace("\\", "/")):
            author = Author("log", record.agent, record.model, record.session)
            if record.sha256 in whole:
                return dict.fromkeys(range(1, len(lines) + 1), author)
            kept = record.line_hashes
            known.update((kept[at : at + _DIGITS], author) for at in range(0, len(kept), _DIGITS))
        if not known:
            return {}
        tells = _telling(lines)
        found = [
            known.get(self._log.keyed(line.strip())[:_DIGITS]) if told else None
            for line, told in zip(lines, tells, strict=True)
        ]
        return {number: author for number, author in enumerate(_filled(tells, found), 1) if author is not None}

    def _outputs(self, path: str) -> Iterator[Output]:
        """The outputs into a file; older records name it relative to a project, or by its name alone, or by a hash."""
        yield from self._by_file.get(self._log.keyed(place(path)), ())
        hashed = self._log.keyed(path) + os.path.splitext(path)[1][:12]
        yield from self._by_name.get(hashed, ())
        yield from (r for r in self._by_name.get(os.path.basename(path), ()) if _ends(path, r.path))


def _ends(path: str, kept: str) -> bool:
    return path == kept or path.endswith(f"/{kept}")


def _telling(lines: Sequence[str]) -> list[bool]:
    """Which lines have a hash: those that are not short and hold nothing that looks like a secret."""
    harmless = set(redact("\n".join(lines)).split("\n"))
    return [line in harmless and sum(char.isalpha() for char in line) >= _SHORT for line in lines]


def _filled(tells: Sequence[bool], found: Sequence[Author | None]) -> list[Author | None]:
    """Lines that tell nothing belong to the one before and after them, if both have the same author."""
    filled = list(found)
    at = 0
    while at < len(tells):
        end = at
        while end < len(tells) and not tells[end]:
            end += 1
        if end > at:
            before, after = (filled[at - 1] if at else None), (found[end] if end < len(tells) else None)
            around = before if before == after or end == len(tells) else after if at == 0 else None
            filled[at:end] = [around] * (end - at)
        at = end + 1
    return filled
