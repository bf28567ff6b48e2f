r"""The text of an open document: our own, so that only LSP's line ends count.

LSP 3.17, "Text Documents": lines end with ``\n``, ``\r\n`` or ``\r`` and nothing else;
columns count units of the negotiated encoding. Inside, offsets are code points.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Literal, NamedTuple

Encoding = Literal["utf-8", "utf-16", "utf-32"]


class Place(NamedTuple):
    """A position as LSP has it: line and column from 0, columns in units of the encoding."""

    line: int
    character: int


class Change(NamedTuple):
    """The code points ``start:end`` of the text before were replaced by ``text``; ``removed`` is what stood there."""

    start: int
    end: int
    text: str
    removed: str

    @property
    def new_end(self) -> int:
        """Where the new text ends."""
        return self.start + len(self.text)


def plain(change: Change, before: str) -> Change:
    """The same change, told as an insertion if it is one, and from the beginning of a line if that says the same.

    Neovim tells lines that are appended as a line end replaced by itself and the lines, and lines
    put before some that begin alike as coming after that beginning: text that was there would
    count as new, and what is new as a part of the text before it.
    """
    start, end, text, removed = change
    if removed and text.startswith(removed):
        start, text, removed = end, text[len(removed) :], ""
    elif removed and text.endswith(removed):
        end, text, removed = start, text[: -len(removed)], ""
    line = before.rfind("\n", 0, start) + 1
    if not removed and line < start and "\n" in text and text.endswith(before[line:start]):
        text = before[line:start] + text[: line - start]
        start = end = line
    return Change(start, end, text, removed)


class Text:
    """A text with its lines."""

    def __init__(self, text: str, encoding: Encoding = "utf-16") -> None:
        self.encoding = encoding
        self._set(text)

    def _set(self, text: str) -> None:
        self.text = text
        self.ascii = text.isascii()
        self._starts = _line_starts(text)

    def replace(self, text: str) -> Change:
        """Set the whole text; the change is told by what both texts begin and end with."""
        old = self.text
        start = _common(old, text)
        tail = _common(old[start:][::-1], text[start:][::-1])
        change = Change(start, len(old) - tail, text[start : len(text) - tail], old[start : len(old) - tail])
        self._set(text)
        return change

    def edit(self, first: Place, last: Place, text: str) -> Change:
        """Replace what stands between two places."""
        start, end = self.offset(first), self.offset(last)
        end = max(start, end)
        change = Change(start, end, text, self.text[start:end])
        self._edit_lines(change)
        self.text = self.text[:start] + text + self.text[end:]
        self.ascii = (self.ascii and text.isascii()) or self.text.isascii()
        return change

    def offset(self, place: Place) -> int:
        """The offset of a place; columns behind the end of a line mean its end."""
        if place.line >= len(self._starts):
            return len(self.text)
        start, stop = self._starts[place.line], self._line_end(place.line)
        if self.ascii or self.encoding == "utf-32":
            return min(start + place.character, stop)
        line = self.text[start:stop]
        if line.isascii():
            return min(start + place.character, stop)
        return start + _points(line, place.character, self.encoding)

    def place(self, offset: int) -> Place:
        """The place of an offset."""
        offset = min(max(offset, 0), len(self.text))
        line = bisect_right(self._starts, offset) - 1
        before = self.text[self._starts[line] : offset]
        return Place(line, _units(before, self.encoding))

    def _line_end(self, line: int) -> int:
        end = self._starts[line + 1] if line + 1 < len(self._starts) else len(self.text)
        while end > self._starts[line] and self.text[end - 1] in "\r\n":
            end -= 1
        return end

    def _edit_lines(self, change: Change) -> None:
        """Only the lines touched and their neighbours are looked through: ``\\r`` and ``\\n`` may meet or part."""
        starts = self._starts
        first = max(bisect_right(starts, change.start) - 2, 0)
        last = min(bisect_right(starts, change.end) + 1, len(starts))
        begin = starts[first]
        stop = starts[last] if last < len(starts) else len(self.text)
        piece = self.text[begin : change.start] + change.text + self.text[change.end : stop]
        shift = len(change.text) - (change.end - change.start)
        inner = [begin + at for at in _line_starts(piece)]
        if last < len(starts) and inner[-1] == stop + shift:
            inner.pop()
        self._starts = [*starts[:first], *inner, *(at + shift for at in starts[last:])]


def _line_starts(text: str) -> list[int]:
    starts, at = [0], 0
    if "\r" not in text:
        while (at := text.find("\n", at) + 1) > 0:
            starts.append(at)
        return starts
    for at, char in enumerate(text, 1):
        if char == "\n" or (char == "\r" and text[at : at + 1] != "\n"):
            starts.append(at)
    return starts


def _common(one: str, other: str) -> int:
    """The length of what two texts begin with alike."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _units(text: str, encoding: Encoding) -> int:
    if encoding == "utf-32" or text.isascii():
        return len(text)
    if encoding == "utf-8":
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text) + sum(char > "\uffff" for char in text)


def _points(line: str, units: int, encoding: Encoding) -> int:
    """How many code points of a line lie before a column; a column inside one means its beginning."""
    passed = 0
    for count, char in enumerate(line):
        passed += _units(char, encoding)
        if passed > units:
            return count
    return len(line)
