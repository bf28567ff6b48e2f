"""Patterns of file names as in .gitignore (gitignore(5)), none of them dearer than it is worth.

A name counts as matched by itself: what lies in a folder that is matched is the business of whoever walks there.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable

MAX_PATTERN = 500
"""Code points of one pattern."""
MAX_STARS = 2
"""In one part of a pattern; each star more multiplies the time that it takes by the length of a name."""
_FOLDER = "ps_d"
"""The group in pathspec's expressions that stands for the slash after a folder's name."""
_SPECIAL = frozenset("*?[]\\!#/ ")


class Globs:
    """Patterns that hold from one folder on; of those that match a name the last decides."""

    def __init__(self, patterns: Iterable[str]) -> None:
        lines = [line for line in patterns if line]
        plain = next((n for n, line in enumerate(lines) if not _SPECIAL.isdisjoint(line)), len(lines))
        self._names = frozenset(lines[:plain])
        self._rules = [rule for line in lines[plain:] for rule in _rules(line)]

    def says(self, name: str, *, folder: bool) -> bool | None:
        """Whether a name is matched: yes, or no since a later pattern takes it out again; None if no pattern is about it.

        ``name`` is the path from the patterns' folder on, with ``/`` on every system and none at its end.
        """
        asked = name + "/" * folder
        for regex, matches in reversed(self._rules):
            if _matches(regex, asked):
                return matches
        return True if name.rpartition("/")[2] in self._names else None

    def covers(self, name: str) -> bool:
        """Whether a file or any folder above it is matched."""
        parts = name.split("/")
        return any(self.says("/".join(parts[:n]), folder=n < len(parts)) for n in range(1, len(parts) + 1))


@lru_cache(maxsize=64)
def compiled(patterns: tuple[str, ...]) -> Globs:
    """The patterns, made ready once in a process."""
    return Globs(patterns)


def is_quick(pattern: str) -> bool:
    """Whether a pattern is matched in a time worth taking."""
    parts = pattern.split("/")
    return len(pattern) < MAX_PATTERN and parts.count("**") <= MAX_STARS and all(
        part == "**" or part.count("*") <= MAX_STARS for part in parts
    )  # fmt: skip


def name_below(path: str, folder: str) -> str | None:
    """A path as patterns of a folder see it; None for what is not below that folder. Both are absolute."""
    start = os.path.join(os.path.normcase(folder), "")
    if not os.path.normcase(path).startswith(start):
        return None
    return path[len(start) :].replace(os.sep, "/")


def _rules(line: str) -> list[tuple[re.Pattern[str], bool]]:
    from pathspec import GitIgnoreSpec

    bare = line.rstrip()
    if bare.endswith(("/**", "/**/")):  # what is below a folder, in which pathspec counts the folder itself
        line = f"{bare.removesuffix('/')}/*{'/' * bare.endswith('/')}"
    try:
        patterns = GitIgnoreSpec.from_lines([line]).patterns
    except ValueError:  # no pattern; git passes it over too
        return []
    return [(one.regex, one.include) for one in patterns if one.regex is not None and one.include is not None]


def _matches(regex: re.Pattern[str], name: str) -> bool:
    """Whether a pattern matches a name itself, and not only a folder above it."""
    group = _FOLDER if _FOLDER in regex.groupindex else None
    return any(group is None or found.end(group) in (-1, len(name)) for found in regex.finditer(name))
