"""Where Java's imports lead, as far as the project's own packages go.

The source sets of all modules below the topmost Maven or Gradle file are looked
through. Libraries bring further libraries with them, so what the build files
declare can't tell which packages there are.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from aicheck_checks.files import listing, read
from aicheck_checks.patterns import lazy
from aicheck_checks.rules.imports.unresolved import Unresolved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_IMPORT = lazy(r"^import\s+(?:static\s+)?((?:[a-z_]\w*\.)+)([A-Z]\w*)(?:\.[\w.*]+)?\s*;", re.MULTILINE)
_DECLARES = lazy(r"\b(?:class|interface|enum|record|@interface|object|typealias|trait)\s+(\w+)")
_BUILDS = ("pom.xml", "build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts")
_ROOT = lazy(r"[/\\]src[/\\]\w+[/\\](?:java|kotlin|scala|groovy)$")
_MAX_LEVELS = 40
_MAX_FOLDERS = 20_000


def unresolved(source: Source) -> Iterator[Unresolved]:
    """Each import of a class that its package, one of the project's own, does not have."""
    folder = os.path.abspath(source.folder) if source.folder is not None else None
    top = _top(folder) if folder is not None else None
    if top is None:
        return
    roots = _roots(top)
    for match in _IMPORT.finditer(source.text):
        package, name = match[1].rstrip("."), match[2]
        types = _types(roots, package)
        if types and name not in types:
            message = f"package '{package}' of this project has no '{name}'"
            yield Unresolved("unprovided", message, match.start(1), match.end(2), "warning", "medium")


def _top(folder: str) -> str | None:
    """The topmost folder with a build file above a folder, within its repository."""
    found, here = None, folder
    for _ in range(_MAX_LEVELS):
        if any(os.path.isfile(os.path.join(here, name)) for name in _BUILDS):
            found = here
        if os.path.exists(os.path.join(here, ".git")) or os.path.dirname(here) == here:
            break
        here = os.path.dirname(here)
    return found


@lru_cache(maxsize=8)
def _roots(top: str) -> tuple[str, ...]:
    """The roots of the source sets of all modules; none where there are too many folders to look through."""
    roots: list[str] = []
    for count, (base, folders, _) in enumerate(os.walk(top)):
        if count > _MAX_FOLDERS:
            return ()
        if _ROOT.search(base):
            roots.append(base)
            folders.clear()
        folders[:] = [name for name in folders if not name.startswith(".") and name not in ("target", "node_modules")]
    return tuple(roots)


@lru_cache(maxsize=4096)
def _types(roots: tuple[str, ...], package: str) -> frozenset[str]:
    """The types declared in a package by all modules; empty where none has it."""
    found: set[str] = set()
    for root in roots:
        folder = os.path.join(root, *package.split("."))
        for name in listing(folder):
            found.add(name.partition(".")[0])  # whatever its ending: sources may come from templates
            if name.endswith((".java", ".kt")):
                found.update(_DECLARES.findall(read(os.path.join(folder, name))))
    return frozenset(found)
