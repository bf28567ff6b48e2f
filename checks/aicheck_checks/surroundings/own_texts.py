"""The texts of a repository in one language: where a name is defined, and where it is used."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aicheck_checks.surroundings.repository import ending, texts, top_of

if TYPE_CHECKING:
    from aicheck_checks.surroundings.disk import Disk

MAX_FILES = 2_000
"""More files of a language are not read: what they use can't be told then."""
EACH = 200_000
"""Bytes read of a file."""
TOTAL = 20_000_000
"""Bytes read of all together."""


def own_texts(disk: Disk, folder: str, ends: tuple[str, ...]) -> dict[str, str] | None:
    """The texts of a repository's files whose names end so, by their whole paths; None without a repository, or for too many."""
    top = top_of(disk, folder, ())
    files = disk.fact(ending, top, ends) if top is not None else ()
    if not files or len(files) > MAX_FILES:
        return None
    found = dict(zip(files, texts(disk, files, EACH, TOTAL), strict=False))
    return {os.path.normpath(path): text for path, text in found.items()} if len(found) == len(files) else None
