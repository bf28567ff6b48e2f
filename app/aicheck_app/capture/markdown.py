"""Sessions that are kept as Markdown: who said what, split at headings outside of code blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.analysis.prose import fence_after

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator


def turns(text: str, heading: re.Pattern[str]) -> Iterator[tuple[re.Match[str], str]]:
    """Each heading that matches, with the text below it up to the next; headings inside code blocks are text."""
    current: re.Match[str] | None = None
    lines: list[str] = []
    fence = ""
    for line in text.replace("\r\n", "\n").split("\n"):
        fence = fence_after(line, fence)
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
