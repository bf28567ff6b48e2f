"""Files that a shell command has shown: by ``cat``, ``nl -ba`` and ``sed -n 'A,Bp'``, alone or one behind the other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicheck_app.capture.shell import Command

_RANGE = re.compile(r"(?P<first>\d{1,7}),(?P<last>\d{1,7}|\$)p")
_NUMBERED = re.compile(r"[ \t]*+\d++\t")
BLANK = 4
"""So few lines that are missing at the end may be blank ones, which clients leave out."""
_TRUNCATED = re.compile(
    r"\b\d{1,12} (?:tokens|chars|characters|lines|bytes) truncated|\[truncated|output truncated", re.IGNORECASE
)


class Reading(NamedTuple):
    """What was shown of a file: the first line's number from 1, the lines, how many the file has, where that is told."""

    path: str
    start: int
    lines: list[str]
    total: int | None


def reading_of(commands: Sequence[Command], output: str) -> Reading | None:
    """What the output of a line's commands shows of a file; None where it shows anything else, or not all that it should."""
    shape = _shape(commands) if 0 < len(commands) <= 2 else None
    if shape is None or _TRUNCATED.search(output):
        return None
    path, numbered, span = shape
    lines = output.split("\n")
    if lines[-1] == "":
        lines.pop()
    if numbered:
        numbers = [_NUMBERED.match(each) for each in lines]
        if None in numbers:
            return None
        lines = [each[number.end() :] for each, number in zip(lines, numbers, strict=True) if number is not None]
    if span is None:
        return Reading(path, 1, [*lines, ""], len(lines) + 1)
    start, last = span
    if last is not None and len(lines) == last - start + 1:
        return Reading(path, start, lines, None)
    if last is not None and len(lines) > last - start + 1:
        return None
    if last is not None and len(lines) > last - start + 1 - BLANK:
        return Reading(path, start, lines, None) if lines else None
    return Reading(path, start, [*lines, ""], start + len(lines)) if lines else None  # it ended before


def _shape(commands: Sequence[Command]) -> tuple[str, bool, tuple[int, int | None] | None] | None:
    """The file that is shown, whether its lines are numbered, and which of them are shown, all where that is None."""
    first, *rest = commands
    words = [word or "" for word in first.words]
    if first.redirects or first.folder is None or any(word.startswith("/dev/") for word in words):
        return None
    if first.name == "sed" and not rest and len(words) == 4 and words[1] == "-n":
        return _ranged(words[2], words[3], numbered=False)
    source = _source(words)
    if source is None or not rest:
        return (source[0], source[1], None) if source is not None else None
    then = [word or "" for word in rest[0].words]
    if rest[0].name == "sed" and len(then) == 3 and then[1] == "-n":
        return _ranged(then[2], source[0], numbered=source[1])
    return None


def _source(words: Sequence[str]) -> tuple[str, bool] | None:
    if words[0] == "cat" and len(words) == 2 and not words[1].startswith("-"):
        return words[1], False
    if words[0] == "nl" and len(words) == 3 and words[1] == "-ba":
        return words[2], True
    return None


def _ranged(span: str, path: str, *, numbered: bool) -> tuple[str, bool, tuple[int, int | None]] | None:
    match = _RANGE.fullmatch(span)
    if match is None or not path or path.startswith("-"):
        return None
    last = None if match["last"] == "$" else int(match["last"])
    return path, numbered, (max(int(match["first"]), 1), last)
