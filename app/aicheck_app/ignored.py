"""The .gitignore files below a folder that is in no work tree, followed as git does (gitignore(5)).

The nearest file decides, in it the last pattern that matches, and what lies in an ignored folder can't be brought back.
So each name is asked about once, on the way down, and a pattern counts for it only if it matches the name itself.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aicheck_checks.files import read_bytes

if TYPE_CHECKING:
    import re

MAX_FILE = 1_000_000
"""Bytes read of one .gitignore."""
MAX_PATTERNS = 2_000
"""Patterns taken of one .gitignore."""
MAX_PATTERN = 500
MAX_STARS = 2
"""In one part of a pattern; one with more is left out, so that files are checked that might be ignored."""
_FOLDER = "ps_d"
"""The group in pathspec's expressions that stands for the slash after a folder's name."""

Rule = tuple["re.Pattern[str]", bool]
"""What a pattern matches, and whether that is ignored or brought back."""


class Ignored:
    """What the .gitignore files read so far say; ``root`` is where the walk began."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._rules: dict[str, list[Rule]] = {}

    def read(self, folder: str) -> None:
        """Take in a folder's .gitignore; one that can't be read, or is a link, ignores nothing."""
        path = os.path.join(folder, ".gitignore")
        try:
            text = b"" if os.path.islink(path) else read_bytes(path, MAX_FILE)
        except OSError:
            return
        lines = text.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape").split("\n")[:MAX_PATTERNS]
        self._rules[folder] = [rule for line in lines if _is_quick(line) for rule in _rules(line.removesuffix("\r"))]

    def has(self, path: str, *, folder: bool) -> bool:
        """Whether a file or folder is ignored whose folder is not."""
        base = os.path.dirname(path)
        while True:
            name = os.path.relpath(path, base).replace(os.sep, "/") + "/" * folder
            for regex, ignores in reversed(self._rules.get(base, ())):
                if _matches(regex, name):
                    return ignores
            if base in (self._root, os.path.dirname(base)):
                return False
            base = os.path.dirname(base)


def _is_quick(pattern: str) -> bool:
    """Whether a pattern is matched in a time worth taking: each star more multiplies it by the length of a name."""
    parts = pattern.split("/")
    return len(pattern) < MAX_PATTERN and parts.count("**") <= MAX_STARS and all(
        part == "**" or part.count("*") <= MAX_STARS for part in parts
    )  # fmt: skip


def _rules(line: str) -> list[Rule]:
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
