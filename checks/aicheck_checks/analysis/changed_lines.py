"""The lines that a change brought and those that it took away, and which of them are one line in another spelling."""

from __future__ import annotations

import html
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from aicheck_checks.source import Source

LONG = 2_000
"""Code points of a line that nobody looks at as one."""
_STRAIGHT = str.maketrans("“”„‘’‚", "\"\"\"'''")
_PAIR = lazy(r"“[^”\n]{0,400}”|‘[^’\n]{0,400}’")
_TAG = lazy(r"&lt;/?\w")
_ENTITY = lazy(r"&(?:lt|gt|amp|quot|apos|#39|#x27);")


class ChangedLines(NamedTuple):
    """What differs between two versions, line by line, without the blanks round the lines."""

    was: frozenset[str]
    gone: frozenset[str]
    brought: tuple[tuple[int, str], ...]
    """Index (from 0) and text of each line that the version before does not have."""


@lru_cache(maxsize=2)
def changed_lines(source: Source) -> ChangedLines | None:
    """How a text's lines differ from those of its version before; None without one."""
    if source.before is None:
        return None
    was, now = (frozenset(line.strip() for line in one.lines) for one in (source.before, source))
    brought = tuple(
        (index, line.strip()) for index, line in enumerate(source.lines) if line.strip() not in was and len(line) <= LONG
    )  # fmt: skip
    return ChangedLines(was, was - now, brought)


def escaped_from(line: str, changed: ChangedLines) -> str | None:
    """In which way a line is one that is gone, escaped once more; None if it is none of them."""
    gone = changed.gone
    if "\\!" in line and line.replace("\\!", "!") in gone:
        return "'\\!' in place of '!'"
    if '\\"' in line and line.replace('\\"', '"') in gone:
        return "'\\\"' in place of '\"'"
    if "\\n" in line:
        pieces = [piece.strip() for piece in line.split("\\n") if piece.strip()]
        if len(pieces) > 1 and changed.was.issuperset(pieces) and not gone.isdisjoint(pieces):
            return "'\\n' in place of a line break"
    if _PAIR.search(line) and line.translate(_STRAIGHT) in gone:
        return "curly quotes in place of straight ones"
    if _TAG.search(line) and html.unescape(line) in {html.unescape(one) for one in gone}:
        return "entities such as '&lt;' in place of their characters"
    return None


def broken_from(line: str, after: str, gone: frozenset[str]) -> bool:
    r"""Whether two lines are one that is gone, whose ``\n`` became a line break."""
    return f"{line}\\n{after}" in gone


def unescaped_from(line: str, gone: frozenset[str]) -> str | None:
    """The line that is gone of which this is what its entities stand for, where it had any."""
    if not any(mark in line for mark in "<>&\"'"):
        return None
    return next((one for one in gone if "&" in one and _ENTITY.search(one) and html.unescape(one) == line), None)


def garbled_from(line: str, gone: frozenset[str]) -> bool:
    """Whether a line is one that is gone, read in another encoding or with its letters lost."""
    if line.isascii() and "\0" not in line:
        return False
    if "\ufffd" in line or "\0" in line:
        return any(_alike(line, one) for one in gone)
    try:
        return line.encode("cp1252").decode("utf-8") in gone
    except (UnicodeDecodeError, UnicodeEncodeError):
        return False


def _alike(line: str, one: str) -> bool:
    """Whether two lines agree in what stands before the first letter that was lost and behind the last one."""
    lost = [at for at, char in enumerate(line) if char in "\ufffd\0" or ord(char) < 9]
    head, tail = line[: lost[0]], line[lost[-1] + 1 :]
    return (
        len(head) + len(tail) >= min(4, len(one)) and one.startswith(head) and one.endswith(tail) and not one.isascii()
    )
