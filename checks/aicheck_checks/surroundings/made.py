"""Files that a build may make: those that git is told to ignore, and those that a build's own files name."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aicheck_checks.globs import compiled
from aicheck_checks.patterns import lazy
from aicheck_checks.surroundings.disk import above

if TYPE_CHECKING:
    from aicheck_checks.surroundings.disk import Disk

_WORD = lazy(r"\w+")
_MAX_BYTES = 200_000


def is_ignored(disk: Disk, top: str, path: str, ends: tuple[str, ...]) -> bool:
    """Whether a `.gitignore` of the repository leaves out a path that has one of these ends: it is made, or private."""
    return any(_ignores(disk, here, path, ends) for here in above(os.path.dirname(path)) if here.startswith(top))


def _ignores(disk: Disk, folder: str, path: str, ends: tuple[str, ...]) -> bool:
    file = os.path.join(folder, ".gitignore")
    if not disk.is_file(file):
        return False
    globs = compiled(tuple(disk.read(file, _MAX_BYTES).splitlines()))
    below = os.path.relpath(path, folder).replace(os.sep, "/")
    return any(globs.covers(below + end) for end in ends)


def named_in(disk: Disk, root: str, files: tuple[str, ...]) -> frozenset[str]:
    """The words of the files of a root that say what a build makes."""
    return frozenset(word for name in files for word in _WORD.findall(disk.read(os.path.join(root, name), _MAX_BYTES)))
