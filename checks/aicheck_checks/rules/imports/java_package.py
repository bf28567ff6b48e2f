"""What stands round a Java file: the types of its package, and what the files beside it import."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from typing import NamedTuple

from aicheck_checks.files import listing, read
from aicheck_checks.patterns import lazy

_DECLARES = lazy(r"\b(?:class|interface|enum|record|object|typealias|@interface)\s+(\w+)")
_IMPORTS = lazy(r"^\s*import\s+((?:[a-z]\w*\.)+([A-Z]\w*))\s*;?\s*$", re.MULTILINE)
_HEADER = lazy(r"\b(?:extends|implements)\s+([\w.,<>?&\s]+?)\{")
_CLASS = lazy(r"\b[A-Z]\w*")
_ENDINGS = (".java", ".kt")


class Surroundings(NamedTuple):
    """The types declared in the package's files, the paths of the classes that they import, the source roots."""

    types: frozenset[str]
    imports: dict[str, str]
    roots: tuple[str, ...]

    def inside(self, path: str, depth: int = 4) -> frozenset[str] | None:
        """The types declared in the file of a class and those of its supertypes; None if it is not at hand."""
        texts = (read(os.path.join(root, *path.split(".")) + ending) for root in self.roots for ending in _ENDINGS)
        text = next(filter(None, texts), None)
        if text is None:
            return None
        found = set(_DECLARES.findall(text))
        imports = {short: full for full, short in _IMPORTS.findall(text)}
        package = path.rpartition(".")[0]
        for header in _HEADER.findall(text) if depth else ():
            for name in _CLASS.findall(header):
                found |= self.inside(imports.get(name, f"{package}.{name}"), depth - 1) or set()
        return frozenset(found)


@lru_cache(maxsize=64)
def surroundings(folder: str, package: str) -> Surroundings | None:
    """What the package's files declare and import, in all source sets; None where the folder is not the package's."""
    path = package.replace(".", os.sep)
    if not folder.endswith(os.sep + path):
        return None
    types: set[str] = set()
    imports: dict[str, str] = {}
    roots = _roots(folder[: -len(path)].rstrip(os.sep))
    for place in (os.path.join(root, path) for root in roots):
        for name in listing(place):
            if name.endswith(_ENDINGS):
                text = read(os.path.join(place, name))
                types |= {name.partition(".")[0], *_DECLARES.findall(text)}
                imports |= {short: full for full, short in _IMPORTS.findall(text)}
    return Surroundings(frozenset(types), imports, roots)


def _roots(root: str) -> tuple[str, ...]:
    """The roots of all source sets (`src/main/java`, `src/test/kotlin`, ...)."""
    sets = os.path.dirname(os.path.dirname(root))
    if os.path.basename(sets) != "src":
        return (root,)
    return tuple(os.path.join(sets, kind, tongue) for kind in listing(sets) for tongue in ("java", "kotlin"))
