"""Reading git's patches: which lines a change brought."""

from __future__ import annotations

import os
import re

_ESCAPES = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"}


def added_lines(diff: bytes) -> dict[str, set[int]]:
    """The numbers (from 1) of the new lines by path, of a patch without prefixes and context."""
    found: dict[str, set[int]] = {}
    lines: set[int] = set()
    old = new = 0
    for line in diff.split(b"\n"):
        if old or new:  # inside a hunk, where any line may look like a header
            old -= line.startswith(b"-")
            new -= line.startswith(b"+")
        elif line.startswith(b"+++ "):
            name = line[4:].rstrip(b"\t")
            lines = found.setdefault(os.fsdecode(_unquoted(name)), set())
        elif line.startswith(b"@@ -"):
            removed, added = (part[1:].split(b",") for part in line.split(b" ")[1:3])
            old = int(removed[1]) if len(removed) > 1 else 1
            new = int(added[1]) if len(added) > 1 else 1
            lines.update(range(int(added[0]), int(added[0]) + new))
    return found


def _unquoted(name: bytes) -> bytes:
    """A path as git quotes it: in quotes, with C's escapes."""
    if not name.startswith(b'"'):
        return name
    pattern = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
    return pattern.sub(lambda m: bytes([int(m[1], 8)]) if len(m[1]) == 3 else _ESCAPES.get(m[1], m[1]), name[1:-1])
