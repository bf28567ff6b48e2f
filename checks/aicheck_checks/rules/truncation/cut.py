"""Whether a text that does not parse stops in the middle: its parser came to the end unsatisfied."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.languages.scan import Scan, scan

if TYPE_CHECKING:
    from aicheck_checks.source import Source


class Cut(NamedTuple):
    """Where the text stops and what is open there (offsets in code points)."""

    start: int
    end: int
    scan: Scan


def cut(source: Source) -> Cut | None:
    """The cut at the end of a text, or None where the parser gave up before the end."""
    errors = [e for e in source.syntax_errors if e.code == "invalid-syntax"]
    content = source.text.rstrip()
    if not errors or not content:
        return None
    last_line = source.position(len(content) - 1).line
    scanned = scan(source.text)
    start = source.offset(last_line)
    start += len(source.text[start:]) - len(source.text[start:].lstrip(" \t"))
    found = Cut(start, len(content), scanned)
    if scanned.string is not None and source.position(scanned.string[1]).line <= errors[0].line:
        return found
    if errors[0].line >= last_line or source.offset(errors[0].end_line, errors[0].end_column) > len(content):
        return found
    return found if _open_at_end(source, scanned, errors[0].line) else None


def _open_at_end(source: Source, scanned: Scan, line: int) -> bool:
    """An error inside the construct that is open at the end is an echo of the cut."""
    if not scanned.open and scanned.string is None:
        return False
    first_open = scanned.open[0][1] if scanned.open else len(source.text)
    opened = source.position(first_open).line
    inside = source.text[first_open:]
    return line >= opened and not any(
        inside_line[:1].strip() and inside_line[:1] not in ")]}#" for inside_line in inside.split("\n")[1:]
    )
