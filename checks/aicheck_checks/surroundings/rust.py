"""A Rust crate: what Cargo.toml declares, and what a glob import of another of its modules may bring.

The Cargo Book, "Specifying Dependencies"; the Rust Reference, "Modules" (where a module's file stands) and "Use
declarations" (globs).
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from aicheck_checks.patterns import lazy
from aicheck_checks.surroundings.disk import above
from aicheck_checks.toml import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.surroundings.disk import Disk

_GLOB = lazy(r"(?>[^;]*?\buse\b)[^;*]*+\*")
_OWN_GLOB = lazy(r"\buse\s+(?:self|[A-Z]\w*)(?:::\w+)*::\*")
_CHILD_GLOB = lazy(r"\buse\s+self::([a-z]\w*)((?:::\w+)*)::\*")
_WORD = lazy(r"[A-Za-z_]\w*")
_ROOTS = ("lib.rs", "main.rs", "mod.rs")


def brought(disk: Disk, folder: str, file: str, path: tuple[str, ...]) -> frozenset[str] | None:
    """Words that ``use PATH::*`` in a file may bring; None where that can't be told."""
    target = _file(disk, folder, os.path.basename(file), path)
    return disk.fact(_words, target) if target is not None else None


def _file(disk: Disk, folder: str, name: str, path: tuple[str, ...]) -> str | None:
    """The file of a module, from the file that names it."""
    if path[0] == "super":
        inside = folder if name not in _ROOTS else os.path.dirname(folder)
        return _module_file(disk, inside) if len(path) == 1 else None
    if path[0] != "crate":
        return None
    root = _crate_root(disk, folder)
    if root is None:
        return None
    if len(path) == 1:
        return next((f for n in _ROOTS if disk.is_file(f := os.path.join(root, n))), None)
    stem = os.path.join(root, *path[1:])
    return _first_file(disk, f"{stem}.rs", os.path.join(stem, "mod.rs"))


def _module_file(disk: Disk, folder: str) -> str | None:
    """The file of the module whose children stand in a folder."""
    candidates = [os.path.join(folder, name) for name in ("mod.rs", "lib.rs", "main.rs")] + [f"{folder}.rs"]
    return next((file for file in candidates if disk.is_file(file)), None)


def _crate_root(disk: Disk, folder: str) -> str | None:
    while os.path.dirname(folder) != folder:
        if disk.is_file(os.path.join(folder, "lib.rs")) or disk.is_file(os.path.join(folder, "main.rs")):
            return folder
        folder = os.path.dirname(folder)
    return None


def _words(disk: Disk, file: str) -> frozenset[str] | None:
    """All words of a file, unless globs of its own bring more."""
    text = re.sub(r"//[^\n]*", "", disk.read(file, 2_000_000))
    if not text:
        return None
    if sum(map(bool, map(_GLOB.match, text.split(";")))) > len(_OWN_GLOB.findall(text)):
        return None
    found = set(_WORD.findall(text))
    base = os.path.dirname(file) if os.path.basename(file) in _ROOTS else file.removesuffix(".rs")
    for first, rest in _CHILD_GLOB.findall(text):
        child = os.path.join(base, first, *rest.split("::")[1:])
        inner = _first_file(disk, f"{child}.rs", os.path.join(child, "mod.rs"))
        if inner is not None:
            words = disk.fact(_words, inner)
            if words is None:
                return None
            found |= words
        elif f"mod {first} {{" not in text:
            return None
    return frozenset(found)


def _first_file(disk: Disk, *paths: str) -> str | None:
    return next((path for path in paths if disk.is_file(path)), None)


def crates_of(disk: Disk, folder: str) -> frozenset[str] | None:
    """Names of the crates that the nearest package may use; None where there is none to read."""
    for here in above(folder):
        file = os.path.join(here, "Cargo.toml")
        if disk.is_file(file):
            return disk.fact(_read, file)
    return None


def provides(disk: Disk, folder: str, name: str) -> bool | None:
    """Whether a crate of this name is declared."""
    crates = disk.fact(crates_of, folder)
    return None if crates is None else name in crates


def _read(disk: Disk, file: str) -> frozenset[str] | None:
    manifest = disk.toml(file)
    package = table(manifest.get("package"))
    if str(package.get("edition", "2015")) == "2015":  # there a path begins at the crate's root
        return None
    found: set[str] = set()
    for part in (manifest, *map(table, table(manifest.get("target")).values())):
        for key in ("dependencies", "dev-dependencies", "build-dependencies"):
            found |= set(table(part.get(key)))
    for part in (package, table(manifest.get("lib"))):
        found |= {str(part["name"])} if "name" in part else set()
    return frozenset(library for name in found for library in _libraries(name.replace("-", "_")))


def _libraries(package: str) -> Iterator[str]:
    """What a package's library may be called: mostly as the package, but for what marks that as a preview or as Rust's."""
    yield package
    yield package.removesuffix("_preview").removesuffix("_rs").removeprefix("rust_")
