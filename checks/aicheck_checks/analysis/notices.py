"""Where a text may hold a fixed message of a program: as a line, a comment or a docstring of its own, not inside the words of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.analysis.prose import is_document, own_lines
from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_FRAME = lazy(r"[\s#/*\-⎿●!<>\"'`(;%]*+")
"""What stands before the words of a comment, a docstring or a line of a terminal."""
LONG = 1_000
"""Code points of a line that no program writes as a notice."""


def standing_alone(source: Source, *notices: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Start and end of each line that begins with one of some notices.

    In code these are comments, docstrings and bare lines; in a document the last line that is written, or any that a change brought.
    """
    lines = own_lines(source)
    document = is_document(source)
    last = next((number for number in range(len(lines) - 1, -1, -1) if lines[number].strip()), -1)
    changed = source.changed_lines
    brought = {index for index, _ in changed.brought} if changed is not None else set[int]()
    for number, line in enumerate(lines):
        if not line or len(line) > LONG:
            continue
        frame = _FRAME.match(line)
        places = (len(line) - len(line.lstrip()), frame.end() if frame else 0)
        match = next((m for notice in notices for at in places if (m := notice.match(line, at))), None)
        if match is None:
            continue
        stands = number == last or number in brought if document else _may_stand(source, number, match.start())
        if stands:
            start = source.line_starts[number] + match.start()
            yield start, source.line_starts[number] + len(line.rstrip())


def _may_stand(source: Source, number: int, column: int) -> bool:
    """Whether a line of code is no part of a value: a comment, a bare line, or a string that is a statement."""
    start = source.line_starts[number]
    if source.region(start + column) != "string":
        return True
    first = source.line_span(number)[0]
    return source.lines[number].lstrip()[:1] in "\"'" and source.region(max(first - 1, 0)) != "string"
