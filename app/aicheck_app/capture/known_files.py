"""What a session knows of the texts of its files: from readings, writings and edits, until a command may have changed them.

A client does not always say what a file held round an edit, but the session has mostly seen it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app.capture.edits import replaced
from aicheck_app.capture.patch import applied

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aicheck_app.capture.edits import Edit

Kept = Callable[[Callable[[str], bool]], str | None]
"""Looks for a text that meets a condition."""
MAX_TEXTS = 32_000_000
"""Code points of all texts that are kept; the one that was used longest ago goes first."""
MAX_OLDER = 8_000_000
"""Code points of texts that may not be true any more."""
MAX_LINES = 200_000
"""Lines of a file that is put together from readings of its parts."""


class Hunk(NamedTuple):
    """Lines that a file held before an edit, as a client's diff shows them: the first one's number, from 1.

    ``new`` are the lines in their place, where the diff shows them as they were written.
    """

    start: int
    lines: tuple[str, ...]
    new: tuple[str, ...] | None = None


class _Parts:
    """A file that was read in parts."""

    def __init__(self) -> None:
        self.total: int | None = None
        self.lines: dict[int, str] = {}


class KnownFiles:
    """The texts of a session's files, as far as it has seen them."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._size = 0
        self._parts: dict[str, _Parts] = {}
        self._touched: set[str] = set()
        self._older: dict[str, str] = {}
        self._offers: dict[str, Callable[[], str | None]] = {}

    def text(self, path: str) -> str | None:
        """A file's text, if it is known."""
        known = self._texts.pop(path, None)
        if known is not None:
            self._texts[path] = known  # used last
        elif (offer := self._offers.pop(path, None)) is not None and (known := offer()) is not None:
            self.put(path, known)
        return known

    def put(self, path: str, text: str) -> None:
        """A file's text is this."""
        self._drop(path)
        self._texts[path] = text
        self._size += len(text)
        while self._size > MAX_TEXTS:
            self._drop(next(iter(self._texts)))

    def part(self, path: str, start: int, lines: list[str], total: int | None) -> None:
        """A part of a file was read: its first line's number from 1, its lines, and how many the file has, if that is told."""
        if (total or 0) > MAX_LINES or start < 1 or start + len(lines) > MAX_LINES:
            return
        parts = self._parts.get(path)
        if parts is None or (None not in (total, parts.total) and parts.total != total):
            parts = self._parts[path] = _Parts()
        parts.total = total if total is not None else parts.total
        parts.lines.update(enumerate(lines, start))
        if parts.total is not None and len(parts.lines) >= parts.total:
            known = [parts.lines.get(number) for number in range(1, parts.total + 1)]
            if None not in known:
                self.put(path, "\n".join(line or "" for line in known))

    def offer(self, path: str, read: Callable[[], str | None]) -> None:
        """A client kept a copy of the file as it is now; it is read when it is needed."""
        if path not in self._texts:
            self._offers[path] = read

    def forget(self, *paths: str) -> None:
        """Nothing is known of these files any more."""
        self._touched.update(paths)
        for path in paths:
            self._older.pop(path, None)
            self._drop(path)

    def forget_named(self, names: Iterable[str]) -> None:
        """Nothing is known any more of files that end in one of these names, or lie below one."""
        ends = tuple(f"/{name.strip('./')}" for name in names if name.strip("./"))
        if ends:
            gone = [path for path in self._paths() if f"/{path}".endswith(ends) or _below(path, ends)]
            self.forget(*gone)

    def forget_all(self) -> None:
        """Any file may be another now; a later diff may show that one is not."""
        older = {**self._older, **self._texts}
        self.forget(*self._paths())
        size = 0
        for path, text in reversed(older.items()):
            size += len(text)
            if size <= MAX_OLDER:
                self._older[path] = text

    def placed(self, edit: Edit, place: str, hunks: Sequence[Hunk] = (), kept: Kept | None = None) -> Edit:
        """The edit of the file at a place, with the file's texts before and after it where they are known.

        ``hunks`` are what the client's diff shows of the text before: one that says otherwise shows that the file was changed
        meanwhile. ``kept`` looks for a text that was kept elsewhere, for a file that the session never knew.
        """
        known = self.text(place)
        if edit.after is not None:
            return edit if edit.before is not None else edit._replace(before=known)

        def fits(text: str) -> bool:
            return all(_fits(text, hunk) for hunk in hunks) and _edited(text, edit, hunks) is not None

        if known is None and hunks and place in self._older and fits(self._older[place]):
            known = self._older[place]  # what touched the file has left these lines where they were
        if known is None and kept is not None and (hunks or place not in self._touched):
            known = kept(fits)
        if known is None or not fits(known):
            return edit
        return edit._replace(before=known, after=_edited(known, edit, hunks))

    def _paths(self) -> list[str]:
        return [*self._texts, *(path for path in (*self._parts, *self._offers) if path not in self._texts)]

    def _drop(self, path: str) -> None:
        self._size -= len(self._texts.pop(path, ""))
        self._parts.pop(path, None)
        self._offers.pop(path, None)


def _below(path: str, folders: tuple[str, ...]) -> bool:
    parent = f"/{os.path.dirname(path)}/"
    return any(f"{folder}/" in parent for folder in folders)


def _edited(text: str, edit: Edit, hunks: Sequence[Hunk]) -> str | None:
    """A text with an edit made; None where it is not certain in which place."""
    if hunks and all(hunk.new is not None for hunk in hunks):
        lines = text.split("\n")
        for hunk in sorted(hunks, key=lambda one: -one.start):
            lines[hunk.start - 1 : hunk.start - 1 + len(hunk.lines)] = hunk.new or ()
        return "\n".join(lines)
    if edit.chunks:
        return applied(text, edit.chunks)
    after: str | None = text
    for old, new, everywhere in edit.pairs:
        if after is None or (not everywhere and (not old or after.count(old) != 1)):
            return None
        after = replaced(after, ((old, new, everywhere),))
    return after


def _fits(text: str, hunk: Hunk) -> bool:
    """Whether a text has a hunk's lines; Claude Code's diffs show a tab as two spaces."""
    lines = text.split("\n", hunk.start + len(hunk.lines))[hunk.start - 1 : hunk.start - 1 + len(hunk.lines)]
    return list(map(_spaced, lines)) == list(map(_spaced, hunk.lines))


def _spaced(line: str) -> str:
    return line.replace("\t", "  ").rstrip("\r")
