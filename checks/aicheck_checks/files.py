"""Reading what stands round a checked file; what can't be read is not there."""

from __future__ import annotations

import os


def listing(folder: str) -> list[str]:
    """The names in a folder, sorted."""
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def read(path: str, limit: int = 1_000_000) -> str:
    """The beginning of a file as text, at most ``limit`` code points."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(limit)
    except OSError:
        return ""
