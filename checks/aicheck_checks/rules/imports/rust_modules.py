"""What a glob import of another module of the same crate may bring: the words of that module's file.

The Rust Reference, "Modules" (where a module's file stands) and "Use
declarations" (globs).
"""

from __future__ import annotations

import os
import re
from functools import lru_cache

from aicheck_checks.files import read
from aicheck_checks.patterns import lazy

_GLOB = lazy(r"(?>[^;]*?\buse\b)[^;*]*+\*")
_OWN_GLOB = lazy(r"\buse\s+(?:self|[A-Z]\w*)(?:::\w+)*::\*")
_WORD = lazy(r"[A-Za-z_]\w*")
_ROOTS = ("lib.rs", "main.rs", "mod.rs")


def brought(folder: str, file: str, path: list[str]) -> frozenset[str] | None:
    """Words that ``use PATH::*`` in a file may bring; None where that can't be told."""
    target = _file(os.path.abspath(folder), os.path.basename(file), path)
    return _words(target) if target is not None else None


def _file(folder: str, name: str, path: list[str]) -> str | None:
    """The file of a module, from the file that names it."""
    if path[0] == "super":
        inside = folder if name not in _ROOTS else os.path.dirname(folder)
        return _module_file(inside) if len(path) == 1 else None
    if path[0] != "crate":
        return None
    root = _crate_root(folder)
    if root is None:
        return None
    if len(path) == 1:
        return next((f for n in _ROOTS if os.path.isfile(f := os.path.join(root, n))), None)
    stem = os.path.join(root, *path[1:])
    return next((f for f in (f"{stem}.rs", os.path.join(stem, "mod.rs")) if os.path.isfile(f)), None)


def _module_file(folder: str) -> str | None:
    """The file of the module whose children stand in a folder."""
    candidates = [os.path.join(folder, name) for name in ("mod.rs", "lib.rs", "main.rs")] + [f"{folder}.rs"]
    return next((file for file in candidates if os.path.isfile(file)), None)


def _crate_root(folder: str) -> str | None:
    while os.path.dirname(folder) != folder:
        if os.path.isfile(os.path.join(folder, "lib.rs")) or os.path.isfile(os.path.join(folder, "main.rs")):
            return folder
        folder = os.path.dirname(folder)
    return None


@lru_cache(maxsize=128)
def _words(file: str) -> frozenset[str] | None:
    """All words of a file, unless globs of its own bring more."""
    text = re.sub(r"//[^\n]*", "", read(file, 2_000_000))
    if not text:
        return None
    if sum(map(bool, map(_GLOB.match, text.split(";")))) > len(_OWN_GLOB.findall(text)):
        return None
    return frozenset(_WORD.findall(text))
