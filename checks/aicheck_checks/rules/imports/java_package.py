"""What stands round a Java file: the types of its package, what the files beside it import, the project's folders."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from typing import NamedTuple

from aicheck_checks.files import listing, read
from aicheck_checks.patterns import lazy
from aicheck_checks.rules.imports.java_library import LANG, WELL_KNOWN

DECLARES = lazy(r"\b(?:class|interface|enum|record|object|typealias|@interface)\s+(\w+)")
_IMPORTS = lazy(r"^[^\S\n]*import\s+((?:[a-z]\w*\.)+([A-Z]\w*))(?:\s*+;)?[^\S\n]*+$", re.MULTILINE)
_HEADER = lazy(r"\b(?:extends|implements)\s([\w.,<>?&\s]++)(\{?)")
_BRACKET = lazy(r"([<>])")
_CLASS = lazy(r"\b[A-Z]\w*")
_BUILDS = ("pom.xml", "build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts", "build.xml")
_ENDINGS = (".java", ".kt", ".aj")
_OF_THE_LIBRARY = frozenset({"Entry"})
"""The one type that classes implementing Java's own commonly use by its simple name."""
_MAX_LEVELS = 40
_MAX_DEPTH = 6
"""Supertypes above one another that are looked at."""
_MAX_FOLDERS = 20_000


class Surroundings(NamedTuple):
    """The types declared in the package's files, the paths of the classes that they import, where to look for more."""

    types: frozenset[str]
    imports: dict[str, str]
    folder: str
    package: str

    def inherited(self, path: str) -> frozenset[str] | None:
        """The types declared in the file of a class and those of its supertypes; None if one is not at hand."""
        return self._inherited(path, _MAX_DEPTH, {})

    def _inherited(self, path: str, depth: int, known: dict[str, frozenset[str] | None]) -> frozenset[str] | None:
        """The same; what is ``known`` is not asked again, for many files may name one another."""
        if path not in known:
            known[path] = None  # so that a class that inherits from itself is not at hand either
            known[path] = self._read(path, depth, known)
        return known[path]

    def _read(self, path: str, depth: int, known: dict[str, frozenset[str] | None]) -> frozenset[str] | None:
        package, _, name = path.rpartition(".")
        if WELL_KNOWN.get(name) == package or name in LANG:
            return _OF_THE_LIBRARY
        files = (os.path.join(at, name + end) for at in places(self.folder, self.package, package) for end in _ENDINGS)
        text = next(filter(None, map(read, files)), None)
        if text is None or not depth:
            return None
        found = set(DECLARES.findall(text))
        imports = {short: full for full, short in _IMPORTS.findall(text)}
        for header, body in _HEADER.findall(text):
            for supertype in _CLASS.findall(_plain(header)) if body else ():
                inner = self._inherited(imports.get(supertype, f"{package}.{supertype}"), depth - 1, known)
                if inner is None:
                    return None
                found |= inner
        return frozenset(found)


def _plain(header: str) -> str:
    """A list of supertypes without their type arguments."""
    outer, here = list[str](), ""
    for part in _BRACKET.split(header):
        if part == "<":
            outer.append(here)
            here = ""
        elif part == ">" and outer:
            here = outer.pop()
        else:
            here += part
    return "<".join((*outer, here))


@lru_cache(maxsize=64)
def surroundings(folder: str, package: str) -> Surroundings | None:
    """What the package's files declare and import, in all modules; None where the folder is not the package's."""
    if not folder.endswith(os.sep + package.replace(".", os.sep)):
        return None
    types: set[str] = set()
    imports: dict[str, str] = {}
    for place in places(folder, package, package):
        for name in listing(place):
            if name.endswith(_ENDINGS):
                text = read(os.path.join(place, name))
                types |= {name.partition(".")[0], *DECLARES.findall(text)}
                imports |= {short: full for full, short in _IMPORTS.findall(text)}
    return Surroundings(frozenset(types), imports, folder, package)


def places(folder: str, package: str, wanted: str) -> tuple[str, ...]:
    """The folders of a package in a project, one of whose packages stands in ``folder``.

    With a Maven, Gradle or Ant file above, any folder of that path below the topmost
    one counts: modules and source sets share packages.
    """
    end = os.sep + wanted.replace(".", os.sep)
    top = _top(folder)
    if top is not None:
        return tuple(place for place in _folders(top) if place.endswith(end))
    root = folder[: -len(package)].rstrip(os.sep)
    return tuple(place + end for place in _source_sets(root))


@lru_cache(maxsize=256)
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
def _folders(top: str) -> tuple[str, ...]:
    """All folders below the top; as many as there is time for."""
    found: list[str] = []
    for base, folders, _ in os.walk(top):
        folders[:] = [name for name in folders if not name.startswith(".") and name != "node_modules"]
        found.append(base)
        if len(found) > _MAX_FOLDERS:
            break
    return tuple(found)


def _source_sets(root: str) -> tuple[str, ...]:
    """The roots of all source sets (`src/main/java`, `src/test/kotlin`, ...)."""
    sets = os.path.dirname(os.path.dirname(root))
    if os.path.basename(sets) != "src":
        return (root,)
    return tuple(os.path.join(sets, kind, tongue) for kind in listing(sets) for tongue in ("java", "kotlin"))
