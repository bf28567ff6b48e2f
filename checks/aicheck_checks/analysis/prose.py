"""What a model says itself in a message: its words without code, quotations and quoted lines.

Source: CommonMark 0.31, "Fenced code blocks", "Code spans", "Block quotes", "Indented code blocks".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    import re

FENCE = lazy(r"[ \t]*+(?P<fence>`{3,}+|~{3,}+)(?P<kind>[\w+#.-]*+)")
"""The mark that opens or closes a code block, and the name of its language."""
_APART = lazy(r"`[^`\n]{1,400}`|\"[^\"\n]{1,400}\"|“[^”\n]{1,400}”|«[^»\n]{1,400}»")
_QUOTED = lazy(r"[ \t]{0,3}>|(?: {4}|\t)")
"""How a quotation begins, or code that is set in by four blanks."""


def spoken(text: str) -> str:
    """The text with blanks for all that is not said by the model itself; every place stays where it was."""
    lines = text.split("\n")
    fence = ""
    for number, line in enumerate(lines):
        was, fence = fence, fence_after(line, fence)
        if was or fence or _QUOTED.match(line):
            lines[number] = " " * len(line)
        elif "`" in line or '"' in line or "“" in line or "«" in line:
            lines[number] = _APART.sub(_blank, line)
    return "\n".join(lines)


def fence_after(line: str, fence: str) -> str:
    """The mark of the code block that is open after a line, where that of ``fence`` was open before it; empty where none is."""
    mark = FENCE.match(line)
    if mark is None:
        return fence
    if not fence:
        return mark["fence"]
    return "" if mark["fence"].startswith(fence) and line.strip() == mark["fence"] else fence


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])
