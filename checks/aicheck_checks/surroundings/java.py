"""What stands round a Java file: the types of its package, what the files beside it import, the project's folders."""

from __future__ import annotations

import os
import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.patterns import lazy
from aicheck_checks.surroundings.disk import above
from aicheck_checks.surroundings.java_library import LANG, WELL_KNOWN

if TYPE_CHECKING:
    from aicheck_checks.surroundings.disk import Disk

DECLARES = lazy(
    r"\b(?:(?:enum\s+|annotation\s+)?class|interface|enum|record|object|typealias|trait|@interface)\s+`?(\w+)"
)
_IMPORTS = lazy(r"^[^\S\n]*import\s+((?:[a-z]\w*\.)+([A-Z]\w*))(?:\s*+;)?[^\S\n]*+$", re.MULTILINE)
_PACKAGE = lazy(r"^[^\S\n]*package\s+([\w.]+)", re.MULTILINE)
_FACADE = lazy(r"@file:JvmName\(\s*\"(\w+)\"")
_MADE = frozenset({"R", "BR", "BuildConfig", "Manifest"})
"""Classes that Android's build writes into a project's packages, as it does all of the packages `databinding`."""
_HEADER = lazy(r"\b(?:extends|implements)\s([\w.,<>?&\s]++)(\{?)")
_BRACKET = lazy(r"([<>])")
_CLASS = lazy(r"\b[A-Z]\w*")
_BUILDS = (
    "pom.xml", "build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts", "build.xml", "build.sbt",
    "build.sc", "build.mill", "WORKSPACE", "MODULE.bazel", "BUILD", "BUILD.bazel",
)  # fmt: skip
_ENDINGS = (".java", ".kt", ".aj", ".scala", ".groovy")
_TONGUES = ("java", "kotlin", "scala", "groovy")
_OF_THE_LIBRARY = frozenset({"Entry"})
"""The one type that classes implementing Java's own commonly use by its simple name."""
_DESCRIPTIONS = (
    ".proto", ".avsc", ".avdl", ".avpr", ".thrift", ".fbs", ".g4", ".jj", ".jjt", ".jflex", ".wsdl", ".xjb", ".aidl",
    ".java.ftl", ".java.vm", ".java.mustache", ".java.template", ".java.in",
)  # fmt: skip
"""Languages of interfaces and grammars, and templates of Java itself."""
_GENERATOR = lazy(
    r"codegen|generate-sources|generated-sources|openapi-?generator|swagger-?generator|protobuf-|antlr4?-|jaxb|xjc|avro-|wsdl2|jooq|"
    r"thrift-|immutables|auto-?value|querydsl|javacc|jflex|graphql-?java-?gen|sqldelight|org\.openapi\.generator"
)
"""Words of build files whose builds write classes."""
_MAX_DEPTH = 6
"""Supertypes above one another that are looked at."""
_MAX_FOLDERS = 20_000


class JavaPackage(NamedTuple):
    """The types declared in a package's files, and the paths of the classes that they import."""

    types: frozenset[str]
    imports: dict[str, str]


class _Class(NamedTuple):
    """The types declared in the file of a class, and the paths of the supertypes that it names."""

    declared: frozenset[str]
    supertypes: tuple[str, ...]


def inherited(disk: Disk, folder: str, package: str, path: str) -> frozenset[str] | None:
    """The types declared in the file of a class and those of its supertypes; None if one is not at hand."""
    return _inherited(disk, folder, package, path, _MAX_DEPTH, {})


_Known = dict[str, frozenset[str] | None]


def _inherited(disk: Disk, folder: str, package: str, path: str, depth: int, known: _Known) -> frozenset[str] | None:
    """The same; what is ``known`` is not asked again, for many files may name one another."""
    if path not in known:
        known[path] = (
            None  # so that a class that inherits from itself, or from one of its name elsewhere, is not at hand either
        )
        known[path] = _gathered(disk, folder, package, path, depth, known)
    return known[path]


def _gathered(disk: Disk, folder: str, package: str, path: str, depth: int, known: _Known) -> frozenset[str] | None:
    owner, _, name = path.rpartition(".")
    if WELL_KNOWN.get(name) == owner or name in LANG:
        return _OF_THE_LIBRARY
    folders = places(disk, folder, package, owner) if depth else None
    there = disk.fact(_class, folders, owner, name) if folders else None
    if there is None:
        return None
    found = set(there.declared)
    for supertype in there.supertypes:
        inner = _inherited(disk, folder, package, supertype, depth - 1, known)
        if inner is None:
            return None
        found |= inner
    return frozenset(found)


def _class(disk: Disk, folders: tuple[str, ...], owner: str, name: str) -> _Class | None:
    """The class of a package, whose folders are given, by the file that is named after it."""
    text = next(filter(None, (disk.read(os.path.join(at, name + end)) for at in folders for end in _ENDINGS)), None)
    if text is None:
        return None
    imports = {short: full for full, short in _IMPORTS.findall(text)}
    named = (one for header, body in _HEADER.findall(text) if body for one in _CLASS.findall(_plain(header)))
    supertypes = tuple(imports.get(one, f"{owner}.{one}") for one in dict.fromkeys(named))
    return _Class(frozenset(DECLARES.findall(text)), supertypes)


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


def package_of(disk: Disk, folder: str, package: str) -> JavaPackage | None:
    """What a package's files declare and import, in all modules; None where that can't be told or the folder is not the package's."""
    if not folder.endswith(os.sep + package.replace(".", os.sep)):
        return None
    folders = places(disk, folder, package, package)
    return None if folders is None else disk.fact(_package, folders)


def _package(disk: Disk, folders: tuple[str, ...]) -> JavaPackage:
    types: set[str] = set()
    imports: dict[str, str] = {}
    for place in folders:
        for name in disk.listing(place):
            if name.endswith(_ENDINGS):
                file = disk.fact(_file, os.path.join(place, name))
                types |= {name.partition(".")[0], *file.types}
                imports |= file.imports
    return JavaPackage(frozenset(types), imports)


def _file(disk: Disk, file: str) -> JavaPackage:
    text = disk.read(file)
    types = frozenset((*DECLARES.findall(text), *_FACADE.findall(text)))
    return JavaPackage(types, {short: full for full, short in _IMPORTS.findall(text)})


def _types(disk: Disk, folders: tuple[str, ...]) -> frozenset[str]:
    """The types of the package in these folders; none where there is no such package."""
    found: set[str] = set()
    for place in folders:
        for name in disk.listing(place):
            stem, dot, _ = name.partition(".")
            if dot:
                found.add(stem)  # whatever the ending: sources may come from templates
            if name.endswith(_ENDINGS):
                found |= disk.fact(_file, os.path.join(place, name)).types
    return frozenset(found)


def provides(disk: Disk, folder: str, name: str, package: str) -> bool | None:
    """Whether a class is there, by its path, if its package is one of the project, whose ``package`` stands in the folder; else None."""
    wanted, _, short = name.rpartition(".")
    if short in _MADE or wanted.endswith(".databinding"):
        return None
    folders = places(disk, folder, package, wanted)
    types = disk.fact(_types, folders) if folders else frozenset[str]()
    return (short in types or _is_facade(short, types)) if types else None


def _is_facade(name: str, types: frozenset[str]) -> bool:
    """Whether a class is the one that Kotlin makes of a file's functions, named after the file."""
    stem = name.removesuffix("Kt")
    return stem != name and not types.isdisjoint((stem, stem[:1].lower() + stem[1:]))


def _is_of(disk: Disk, place: str, package: str) -> bool:
    """Whether a folder is that of a package, by what its first file says; a longer package may end so."""
    for name in disk.listing(place):
        if name.endswith((".java", ".kt")):
            declared = _PACKAGE.search(disk.read(os.path.join(place, name)))
            return declared is None or declared[1] == package
    return True


def places(disk: Disk, folder: str, package: str, wanted: str) -> tuple[str, ...] | None:
    """The folders of a package in a project, one of whose packages stands in ``folder``.

    With a Maven, Gradle or Ant file above, any folder of that path below the topmost
    one counts: modules and source sets share packages. None where these are too many
    to be walked, for a package that was seen in part lacks what the rest declares.
    """
    end = os.sep + wanted.replace(".", os.sep)
    top = disk.fact(_top, folder)
    if top is not None:
        folders = disk.fact(_folders, top)
        if folders is None:
            return None
        alike = (at for at in folders.get(os.path.basename(end), ()) if at.replace(".", os.sep).endswith(end))
        return tuple(place for place in alike if disk.fact(_is_of, place, wanted))
    root = folder[: -len(package)].rstrip(os.sep)
    return tuple(place + end for place in _source_sets(disk, root))


def _top(disk: Disk, folder: str) -> str | None:
    """The topmost folder with a build file above a folder, within its repository."""
    found = None
    for here in above(folder):
        if any(disk.is_file(os.path.join(here, name)) for name in _BUILDS):
            found = here
        if disk.exists(os.path.join(here, ".git")):
            break
    return found


def _folders(disk: Disk, top: str) -> dict[str, list[str]] | None:
    """All folders below the top by their last part; None if they are too many. One folder may stand for several parts (`com.shop`)."""
    found: dict[str, list[str]] = {}
    for number, (base, _) in enumerate(disk.walk(top)):
        if number == _MAX_FOLDERS:
            return None
        found.setdefault(os.path.basename(base).rpartition(".")[2], []).append(base)
    return found


def generates(disk: Disk, folder: str) -> bool:
    """Whether the project has descriptions of which a build makes classes that are not there to be read."""
    top = disk.fact(_top, folder)
    return top is not None and disk.fact(_generates, top)


def _generates(disk: Disk, top: str) -> bool:
    for base, names in islice(disk.walk(top), _MAX_FOLDERS):
        if any(name.endswith(_DESCRIPTIONS) for name in names):
            return True
        if any(_GENERATOR.search(disk.read(os.path.join(base, name))) for name in names if name in _BUILDS):
            return True
    return False


def _source_sets(disk: Disk, root: str) -> tuple[str, ...]:
    """The roots of all source sets (`src/main/java`, `src/test/kotlin`, ...)."""
    sets = os.path.dirname(os.path.dirname(root))
    if os.path.basename(sets) != "src":
        return (root,)
    return tuple(os.path.join(sets, kind, tongue) for kind in disk.listing(sets) for tongue in _TONGUES)
