"""The lines that a change brought and those that it took away, and which of them are one line in another spelling."""

from __future__ import annotations

import html
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Sequence

LONG = 2_000
"""Code points of a line that nobody looks at as one."""
MOST = 500
"""Lines with lost letters that are compared, with as many that are gone: each may be any other."""
Escape = Literal["bang", "quote", "break", "curly", "entity"]
_STRAIGHT = str.maketrans("“”„‘’‚", "\"\"\"'''")
_PAIR = lazy(r"“[^”\n]{0,400}”|‘[^’\n]{0,400}’")
_TAG = lazy(r"&lt;/?\w")
_ENTITY = lazy(r"&(?:lt|gt|amp|quot|apos|#39|#x27);")


class ChangedLines:
    """What differs between two versions, line by line, without the blanks round the lines.

    ``was`` are the lines of the version before, ``gone`` those of them that the new one lacks, ``brought`` the index (from 0) and
    the text of each line that the version before does not have.
    """

    def __init__(self, before: Sequence[str], now: Sequence[str]) -> None:
        self._compared = 0
        self.was = frozenset(map(str.strip, before))
        lines = [line.strip() for line in now]
        self.gone = self.was.difference(lines)
        self.brought = tuple(
            (index, line) for index, line in enumerate(lines) if line not in self.was and len(line) <= LONG
        )

    def escaped(self, line: str) -> Escape | None:
        """In which way a line is one that is gone, escaped once more; None if it is none of them."""
        if "\\!" in line and line.replace("\\!", "!") in self.gone:
            return "bang"
        if '\\"' in line and line.replace('\\"', '"') in self.gone:
            return "quote"
        if "\\n" in line:
            pieces = [piece.strip() for piece in line.split("\\n") if piece.strip()]
            if len(pieces) > 1 and self.was.issuperset(pieces) and not self.gone.isdisjoint(pieces):
                return "break"
        if _PAIR.search(line) and line.translate(_STRAIGHT) in self.gone:
            return "curly"
        return "entity" if _TAG.search(line) and html.unescape(line) in self._meant else None

    def broken(self, line: str, after: str) -> bool:
        r"""Whether two lines are one that is gone, whose ``\n`` became a line break."""
        return f"{line}\\n{after}" in self.gone

    def unescaped(self, line: str) -> str | None:
        """The line that is gone of which this is what its entities stand for, where it had any."""
        one = self._meant.get(line)
        return one if one is not None and _ENTITY.search(one) else None

    def garbled(self, line: str) -> bool:
        """Whether a line is one that is gone, read in another encoding or with its letters lost."""
        if line.isascii() and "\0" not in line:
            return False
        if "\ufffd" in line or "\0" in line:
            self._compared += 1
            return self._compared <= MOST and any(_alike(line, one) for one in self._foreign)
        try:
            return line.encode("cp1252").decode("utf-8") in self.gone
        except (UnicodeDecodeError, UnicodeEncodeError):
            return False

    @cached_property
    def _meant(self) -> dict[str, str]:
        """The lines that are gone, by what is read where their entities stand for characters."""
        return {html.unescape(one): one for one in sorted(self.gone)}

    @cached_property
    def _foreign(self) -> list[str]:
        """The lines that are gone with letters that can be lost."""
        return sorted(one for one in self.gone if not one.isascii())[:MOST]


def _alike(line: str, one: str) -> bool:
    """Whether two lines agree in what stands before the first letter that was lost and behind the last one."""
    lost = [at for at, char in enumerate(line) if char in "\ufffd\0" or ord(char) < 9]
    head, tail = line[: lost[0]], line[lost[-1] + 1 :]
    return len(head) + len(tail) >= min(4, len(one)) and one.startswith(head) and one.endswith(tail)
