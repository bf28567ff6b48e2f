"""Sessions that are kept as Markdown: who said what, split at headings outside of code blocks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_FENCE = re.compile(r"^\s*(```+|~~~+)")


def turns(text: str, heading: re.Pattern[str]) -> Iterator[tuple[re.Match[str], str]]:
    """Each heading that matches, with the text below it up to the next; headings inside code blocks are text."""
    current: re.Match[str] | None = None
    lines: list[str] = []
    fence = ""
    for line in text.replace("\r\n", "\n").split("\n"):
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence) and line.strip() == mark[1]:
            fence = ""
        found = None if fence and not _strong(heading, line) else heading.match(line)
        if found:
            fence = ""
            if current is not None:
                yield current, "\n".join(lines)
            current, lines = found, []
        else:
            lines.append(line)
    if current is not None:
        yield current, "\n".join(lines)


def _strong(heading: re.Pattern[str], line: str) -> bool:
    """Whether a heading ends even a code block that was never closed: a whole line of its own."""
    return heading.fullmatch(line.rstrip()) is not None
