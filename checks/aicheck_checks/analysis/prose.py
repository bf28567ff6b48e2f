"""What a model says itself in a message: its words without code, quotations and quoted lines.

Source: CommonMark 0.31, "Fenced code blocks", "Code spans", "Block quotes", "Indented code blocks".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    import re

_FENCE = lazy(r"[ \t]{0,12}(`{3,}+|~{3,}+)")
_APART = lazy(r"`[^`\n]{1,400}`|\"[^\"\n]{1,400}\"|“[^”\n]{1,400}”|«[^»\n]{1,400}»")
_QUOTED = lazy(r"[ \t]{0,3}>|(?: {4}|\t)")
"""How a quotation begins, or code that is set in by four blanks."""


def spoken(text: str) -> str:
    """The text with blanks for all that is not said by the model itself; every place stays where it was."""
    lines = text.split("\n")
    fence = ""
    for number, line in enumerate(lines):
        mark = _FENCE.match(line)
        if fence:
            closed = mark is not None and mark[1].startswith(fence) and line.strip() == mark[1]
            fence = "" if closed else fence
            lines[number] = " " * len(line)
        elif mark is not None:
            fence = mark[1]
            lines[number] = " " * len(line)
        elif _QUOTED.match(line):
            lines[number] = " " * len(line)
        elif "`" in line or '"' in line or "“" in line or "«" in line:
            lines[number] = _APART.sub(_blank, line)
    return "\n".join(lines)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])
