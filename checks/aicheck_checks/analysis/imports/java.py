"""Where Java's imports lead, as far as the project's own packages go.

The folders of all modules below the topmost build file are looked through.
Libraries bring further libraries with them, so what the build files declare
can't tell which packages there are.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from aicheck_checks.analysis.imports.unresolved import MAX_IMPORTS, Unresolved
from aicheck_checks.patterns import lazy
from aicheck_checks.surroundings.java import provides

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_IMPORT = lazy(r"^import\s+(?:static\s+)?((?:[a-z_]\w*\.)+)([A-Z]\w*)(?:\.[\w.*]+)?\s*;", re.MULTILINE)
_PACKAGE = lazy(r"^[^\S\n]*package\s+([\w.]+)\s*;", re.MULTILINE)


def unresolved(source: Source) -> Iterator[Unresolved]:
    """Each import of a class that its package, one of the project's own, does not have."""
    package = _PACKAGE.search(source.text)
    if source.surroundings is None or package is None:
        return
    for match in islice(_IMPORT.finditer(source.text), MAX_IMPORTS):
        wanted, name = match[1].rstrip("."), match[2]
        if source.surroundings.ask(provides, f"{wanted}.{name}", package[1]) is False:
            message = f"package '{wanted}' of this project has no '{name}'"
            yield Unresolved("unprovided", message, match.start(1), match.end(2), "warning", "medium")
