"""Sessions that are kept as Markdown: who said what, split at headings outside of code blocks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicheck_checks.analysis.prose import fence_after

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCK = re.compile(
    r"^(?P<fence>`{3,}+|~{3,}+)[ \t]*+(?P<language>[\w+#.-]*+)[^\n]*+\n(?P<code>.*?)(?:^(?P=fence)[ \t]*$|\Z)",
    re.MULTILINE | re.DOTALL,
)


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


def code_blocks(text: str) -> list[tuple[str, str]]:
    """The fenced code blocks of a reply: the name of the language, or nothing, and the code."""
    return [(language, code) for language, code, _ in blocks(text)]


def blocks(text: str) -> Iterator[tuple[str, str, int]]:
    """The fenced code blocks, each with the offset in code points where it ends."""
    if "```" in text or "~~~" in text:
        for match in _BLOCK.finditer(text):
            yield match["language"], match["code"], match.end()
