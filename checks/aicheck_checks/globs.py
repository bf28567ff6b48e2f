"""Patterns of file names as in .gitignore (gitignore(5)), matched in time that grows with their length and the name's.

Own code, since pathspec makes one regular expression of a pattern, which tries all ways to share a name out between its
stars: ``a*a*/a*a*/a*a*/b`` takes 8 s on one path. Here each part between slashes is matched by itself, and stars give
nothing back. A name counts as matched by itself: what lies in a folder that is matched is the business of whoever walks there.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MAX_PATTERN = 500
"""Code points of one pattern; longer ones are left out."""
_SPECIAL = frozenset("*?[]\\!#/ ")
_ANY = "**"
"""The part that stands for any number of folders."""
_Part = str | re.Pattern[str]


class _Rule(NamedTuple):
    """One pattern: its parts, whether they begin at the patterns' folder, are about folders alone, and bring back."""

    parts: tuple[_Part, ...]
    anchored: bool
    folders: bool
    matches: bool

    def fits(self, parts: Sequence[str], *, folder: bool) -> bool:
        """Whether the pattern is about a name."""
        if self.folders and not folder:
            return False
        return _fits(self.parts, parts if self.anchored else parts[-1:])


class Globs:
    """Patterns that hold from one folder on; of those that match a name the last decides."""

    def __init__(self, patterns: Iterable[str]) -> None:
        lines = [line for line in patterns if line]
        plain = next((n for n, line in enumerate(lines) if not _SPECIAL.isdisjoint(line)), len(lines))
        self._names = frozenset(lines[:plain])
        self._rules = [rule for line in reversed(lines[plain:]) if (rule := _rule(line)) is not None]

    def says(self, name: str, *, folder: bool) -> bool | None:
        """Whether a name is matched: yes, or no since a later pattern takes it out again; None if no pattern is about it.

        ``name`` is the path from the patterns' folder on, with ``/`` on every system and none at its end.
        """
        parts = name.split("/")
        for rule in self._rules:
            if rule.fits(parts, folder=folder):
                return rule.matches
        return True if parts[-1] in self._names else None

    def covers(self, name: str) -> bool:
        """Whether a file or any folder above it is matched."""
        parts = name.split("/")
        return any(self.says("/".join(parts[:n]), folder=n < len(parts)) for n in range(1, len(parts) + 1))


@lru_cache(maxsize=64)
def compiled(patterns: tuple[str, ...]) -> Globs:
    """The patterns, made ready once in a process."""
    return Globs(patterns)


def name_below(path: str, folder: str) -> str | None:
    """A path as patterns of a folder see it; None for what is not below that folder. Both are absolute."""
    start = os.path.join(os.path.normcase(folder), "")
    if not os.path.normcase(path).startswith(start):
        return None
    return path[len(start) :].replace(os.sep, "/")


def _rule(line: str) -> _Rule | None:
    """A line as a rule; None for a comment, and for what matches nothing."""
    if line.startswith("#") or len(line) > MAX_PATTERN:
        return None
    matches = not line.startswith("!")
    text = _without_blanks(line[not matches :])
    folders = text.endswith("/")
    text = text.removesuffix("/")
    anchored = "/" in text
    parts = [_part(part) for part in text.removeprefix("/").split("/")]
    if not text or any(part is None for part in parts):
        return None
    if not anchored and parts == [_ANY]:
        parts = ["*"]
    if parts[-1] == _ANY:  # all that is below, and not the folder itself
        parts.append("*")
    return _Rule(tuple(part for part in parts if part is not None), anchored, folders, matches)


def _without_blanks(text: str) -> str:
    """A pattern without the blanks at its end, but for one that a backslash keeps."""
    bare = text.rstrip(" ")
    backslashes = len(bare) - len(bare.rstrip("\\"))
    return bare + " " if backslashes % 2 and len(bare) < len(text) else bare


def _part(text: str) -> _Part | None:
    """A part of a pattern: the folders' sign, a name, or an expression; None for what matches nothing."""
    if len(text) > 1 and not text.strip("*"):
        return _ANY
    if text == "*" or _SPECIAL.isdisjoint(text):
        return text
    pieces = _pieces(text)
    return None if pieces is None else re.compile(_expression(pieces), re.DOTALL)


def _expression(pieces: Sequence[str]) -> str:
    """Pieces with anything between them: each is looked for once, and what was found is not given back."""
    first, *middle = pieces
    if not middle:
        return first + r"\Z"
    *inner, last = middle
    return first + "".join(f"(?>.*?{piece})" for piece in inner if piece) + f".*{last}\\Z"


def _pieces(text: str) -> list[str] | None:
    """What stands between the stars of a part, as expressions of a fixed length each."""
    pieces, at = [""], 0
    while at < len(text):
        char = text[at]
        at += 1
        if char == "*":
            pieces.append("")
        elif char == "?":
            pieces[-1] += "."
        elif char == "[":
            found = _set(text, at)
            if found is None:
                return None
            expression, at = found
            pieces[-1] += expression
        else:
            if char == "\\":
                if at == len(text):
                    return None
                char, at = text[at], at + 1
            pieces[-1] += re.escape(char)
    return pieces


def _set(text: str, at: int) -> tuple[str, int] | None:
    """The set of characters that begins before ``at``, as an expression, and where it ends; None for one without an end."""
    negated = text[at : at + 1] in ("!", "^")
    at += negated
    begin, inside = at, ""
    while at < len(text) and (text[at] != "]" or at == begin):
        if text[at] == "\\" and at + 1 < len(text):
            at += 1
        low, high = text[at], text[at]
        if text[at + 1 : at + 2] == "-" and text[at + 2 : at + 3] not in ("", "]"):
            high = text[at + 2]
            at += 2
        if low <= high:
            inside += f"{re.escape(low)}-{re.escape(high)}"
        at += 1
    if at >= len(text):
        return None
    return (f"[{'^' * negated}{inside}]" if inside else "." if negated else "(?!)"), at + 1


def _fits(pattern: Sequence[_Part], name: Sequence[str]) -> bool:
    """Whether the parts of a pattern match those of a name: the last sign for folders alone takes more if the rest fails."""
    at = now = 0
    again: tuple[int, int] | None = None
    while now < len(name):
        if at < len(pattern) and pattern[at] == _ANY:
            again = (at + 1, now)
            at += 1
        elif at < len(pattern) and _fits_part(pattern[at], name[now]):
            at, now = at + 1, now + 1
        elif again is not None:
            again = (again[0], again[1] + 1)
            at, now = again
        else:
            return False
    return all(part == _ANY for part in pattern[at:])


def _fits_part(pattern: _Part, name: str) -> bool:
    if isinstance(pattern, str):
        return pattern in ("*", name)
    return pattern.match(name) is not None
