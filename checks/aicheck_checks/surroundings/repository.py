"""The repository round a folder: where it begins, and what stands in it."""

from __future__ import annotations

import os
from itertools import islice
from typing import TYPE_CHECKING

from aicheck_checks.surroundings.disk import above

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicheck_checks.surroundings.disk import Disk

MAX_PATHS = 100_000
"""Files of a repository that are looked at."""
MAX_FOLDERS = 50_000
"""Folders of a repository that are looked into."""
_NOT_OWN = frozenset(
    {"node_modules", "site-packages", "dist-packages", "__pycache__", "venv", "env", "bower_components"}
)
"""Folders of what was installed."""
_LEVELS = 6
"""Folders looked into above a file that stands in no repository of git."""


def top_of(disk: Disk, folder: str, markers: tuple[str, ...]) -> str | None:
    """The folder that a repository begins in, or None where there is none.

    That is git's, if there is one; otherwise the uppermost of the nearest folders that has a file named in ``markers``.
    """
    marked = None
    home = os.path.expanduser("~")
    for level, here in enumerate(above(folder)):
        if disk.exists(os.path.join(here, ".git")):
            return here
        if level < _LEVELS and here != home and any(disk.exists(os.path.join(here, name)) for name in markers):
            marked = here
    return marked


def paths(disk: Disk, top: str) -> tuple[str, ...]:
    """The files of a repository but hidden and installed ones: their paths from its top, with slashes."""
    found: list[str] = []
    for base, names in islice(disk.walk(top, _NOT_OWN), MAX_FOLDERS):
        part = os.path.relpath(base, top).replace(os.sep, "/")
        found += names if part == "." else [f"{part}/{name}" for name in names]
        if len(found) > MAX_PATHS:
            break
    return tuple(found[:MAX_PATHS])


def ending(disk: Disk, top: str, ends: tuple[str, ...]) -> tuple[str, ...]:
    """The files of a repository whose names end so, with their whole paths."""
    return tuple(os.path.join(top, path) for path in disk.fact(paths, top) if path.endswith(ends))


def texts(disk: Disk, files: Iterable[str], each: int, total: int) -> Iterable[str]:
    """The beginnings of files, ``each`` bytes at most and about ``total`` bytes of all together."""
    for file in files:
        text = disk.read(file, each)
        total -= len(text)
        yield text
        if total < 0:
            return
