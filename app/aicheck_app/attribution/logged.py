"""The best evidence: lines that the log saw being written, by their hashes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aicheck_app.attribution.author import Author

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aicheck_app.log.store import Log, Record

RECENT = 20_000
"""Outputs looked through: a commit's lines were written not long ago."""
MAX_LINES = 5_000
"""Lines of an output whose hashes are kept."""
_DIGITS = 8
_SHORT = 4
"""Lines of fewer letters and digits (``}``, ``else:``) are anyone's: they follow the lines round them."""


def hashes(text: str, log: Log) -> str:
    """The keyed hashes of a text's telling lines, eight hexadecimal digits each."""
    telling = dict.fromkeys(line.strip() for line in text.split("\n")[:MAX_LINES] if _tells(line))
    return "".join(log.keyed(line)[:_DIGITS] for line in telling)


class Logged:
    """The newest outputs of a log, by the files that they wrote into."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._by_name: dict[str, list[Record]] = {}
        for record in log.records(f"seq > (SELECT max(seq) - {RECENT} FROM records) AND kind = 'output'"):
            if record.get("line_hashes"):
                self._by_name.setdefault(os.path.basename(record["path"]), []).append(record)

    def lines_of(self, path: str, text: str) -> dict[int, Author]:
        """The AI-written lines (from 1) of a file's text: those that an output into this file wrote."""
        known: dict[str, Author] = {}
        for record in self._outputs(path.replace("\\", "/")):
            author = Author("log", record.get("agent", ""), record.get("model", ""), record.get("session", ""))
            kept = record["line_hashes"]
            known.update((kept[at : at + _DIGITS], author) for at in range(0, len(kept), _DIGITS))
        if not known:
            return {}
        lines = text.replace("\r\n", "\n").split("\n")
        found = [known.get(self._log.keyed(line.strip())[:_DIGITS]) if _tells(line) else None for line in lines]
        return {number: author for number, author in enumerate(_filled(lines, found), 1) if author is not None}

    def _outputs(self, path: str) -> Iterator[Record]:
        """The outputs into a file: the log names it relative to a project, or by its name alone, or by a hash."""
        hashed = self._log.keyed(path) + os.path.splitext(path)[1][:12]
        yield from self._by_name.get(hashed, ())
        yield from (r for r in self._by_name.get(os.path.basename(path), ()) if _ends(path, r["path"]))


def _ends(path: str, kept: str) -> bool:
    return path == kept or path.endswith(f"/{kept}")


def _tells(line: str) -> bool:
    return sum(char.isalnum() for char in line) >= _SHORT


def _filled(lines: Sequence[str], found: Sequence[Author | None]) -> list[Author | None]:
    """Lines that tell nothing belong to the one before and after them, if both have the same author."""
    filled = list(found)
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and not _tells(lines[end]):
            end += 1
        if end > at:
            before, after = (filled[at - 1] if at else None), (found[end] if end < len(lines) else None)
            around = before if before == after or end == len(lines) else after if at == 0 else None
            filled[at:end] = [around] * (end - at)
        at = end + 1
    return filled
