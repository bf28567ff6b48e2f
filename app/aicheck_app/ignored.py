"""The .gitignore files below a folder that is in no work tree, followed as git does (gitignore(5)).

The nearest file decides, in it the last pattern that matches, and what lies in an ignored folder can't be brought back.
So each name is asked about once, on the way down, and a pattern counts for it only if it matches the name itself.
"""

from __future__ import annotations

import os

from aicheck_checks.files import read_bytes
from aicheck_checks.globs import Globs

MAX_FILE = 1_000_000
"""Bytes read of one .gitignore."""
MAX_PATTERNS = 2_000
"""Patterns taken of one .gitignore."""


class Ignored:
    """What the .gitignore files read so far say; ``root`` is where the walk began."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._rules: dict[str, Globs] = {}

    def read(self, folder: str) -> None:
        """Take in a folder's .gitignore; one that can't be read, or is a link, ignores nothing."""
        path = os.path.join(folder, ".gitignore")
        try:
            text = b"" if os.path.islink(path) else read_bytes(path, MAX_FILE)
        except OSError:
            return
        lines = text.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape").split("\n")[:MAX_PATTERNS]
        self._rules[folder] = Globs(line.removesuffix("\r") for line in lines)

    def has(self, path: str, *, folder: bool) -> bool:
        """Whether a file or folder is ignored whose folder is not."""
        base = os.path.dirname(path)
        while True:
            rules = self._rules.get(base)
            said = rules.says(os.path.relpath(path, base).replace(os.sep, "/"), folder=folder) if rules else None
            if said is not None:
                return said
            if base in (self._root, os.path.dirname(base)):
                return False
            base = os.path.dirname(base)
