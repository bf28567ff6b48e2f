"""Where Java's imports lead, as far as the project's own packages go.

The folders of all modules below the topmost build file are looked through.
Libraries bring further libraries with them, so what the build files declare
can't tell which packages there are.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from aicheck_checks.files import listing, read
from aicheck_checks.patterns import lazy
from aicheck_checks.rules.imports.java_package import DECLARES, places
from aicheck_checks.rules.imports.unresolved import MAX_IMPORTS, Unresolved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_IMPORT = lazy(r"^import\s+(?:static\s+)?((?:[a-z_]\w*\.)+)([A-Z]\w*)(?:\.[\w.*]+)?\s*;", re.MULTILINE)
_PACKAGE = lazy(r"^[^\S\n]*package\s+([\w.]+)\s*;", re.MULTILINE)


def unresolved(source: Source) -> Iterator[Unresolved]:
    """Each import of a class that its package, one of the project's own, does not have."""
    package = _PACKAGE.search(source.text)
    if source.folder is None or package is None:
        return
    for match in islice(_IMPORT.finditer(source.text), MAX_IMPORTS):
        wanted, name = match[1].rstrip("."), match[2]
        types = _types(places(os.path.abspath(source.folder), package[1], wanted))
        if types and name not in types:
            message = f"package '{wanted}' of this project has no '{name}'"
            yield Unresolved("unprovided", message, match.start(1), match.end(2), "warning", "medium")


@lru_cache(maxsize=4096)
def _types(folders: tuple[str, ...]) -> frozenset[str]:
    """The types declared in a package; empty where the project has no such package."""
    found: set[str] = set()
    for folder in folders:
        for name in listing(folder):
            if os.path.isfile(os.path.join(folder, name)):
                found.add(name.partition(".")[0])  # whatever its ending: sources may come from templates
            if name.endswith((".java", ".kt")):
                found.update(DECLARES.findall(read(os.path.join(folder, name))))
    return frozenset(found)
