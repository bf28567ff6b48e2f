"""What a message or a document says itself: its words without code, quotations and quoted lines.

Source: CommonMark 0.31, "Fenced code blocks", "Code spans", "Block quotes", "Indented code blocks".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    import re

    from aicheck_checks.source import Source

FENCE = lazy(r"[ \t]*+(?P<fence>`{3,}+|~{3,}+)(?P<kind>[\w+#.-]*+)")
"""The mark that opens or closes a code block, and the name of its language."""
_APART = lazy(r"`[^`\n]{1,400}`|\"[^\"\n]{1,400}\"|“[^”\n]{1,400}”|«[^»\n]{1,400}»")
_QUOTED = lazy(r"[ \t]{0,3}>|(?: {4}|\t)")
"""How a quotation begins, or code that is set in by four blanks."""
DOCUMENTS = frozenset({"markdown", "text", "asciidoc", "restructuredtext"})
"""Languages of words."""


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


def own_lines(source: Source) -> list[str]:
    """The lines of a document, those of Markdown without what it quotes (see ``spoken``)."""
    said = source.spoken.replace("\r\n", "\n").split("\n") if quotes(source) else source.lines
    return said if len(said) == len(source.lines) else source.lines


def is_own(source: Source, at: int) -> bool:
    """Whether what stands at a place is said by the text itself: outside the strings and comments of code, and the quotations of Markdown."""
    return source.spoken[at] == source.text[at] if quotes(source) else source.region(at) == "code"


def is_document(source: Source) -> bool:
    """Whether a text is no program and no data that a grammar here can judge: words, markup, or a language without a grammar."""
    return source.language is None or source.language.group in ("markup", "text")


def is_prose(source: Source) -> bool:
    """Whether a text is words in which people make lists and tables of any mark."""
    return source.language is None or source.language.name in DOCUMENTS


def is_program(source: Source) -> bool:
    """Whether a text is code or data, with a grammar here or without."""
    language = source.language
    if language is None or language.name in DOCUMENTS:
        return False
    return language.group in ("code", "data") or (language.group == "text" and language.line_comment is not None)


def quotes(source: Source) -> bool:
    """Whether a text is a document with quotations and blocks of code."""
    return source.language is not None and source.language.name == "markdown"


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
