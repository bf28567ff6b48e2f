"""A Go module: go.mod (go.dev/ref/mod), its packages' folders, the files of one package."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.files import below
from aicheck_checks.patterns import lazy
from aicheck_checks.surroundings.disk import above

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.surroundings.disk import Disk

_REQUIRED = lazy(
    r"^[^\S\n]*(?:require\s+|replace\s+)?((?=[\w.-][\w-]*+\.[\w.-])[\w.-]++(?:/[^\s()]++)?)\s+(?:v\d|=>)", re.MULTILINE
)
_MODULE = lazy(r"^[^\S\n]*module\s+\"?([^\s\"]+)", re.MULTILINE)
_NAMES = r"(\w+(?:,[^\S\n]*\w+)*+)"
_TOP_LEVEL = lazy(
    rf"^(?:var|const|type|func)[^\S\n]+{_NAMES}|^\t{_NAMES}(?:[^\S\n]+[\w*\[.=(]|[^\S\n]*=|[^\S\n]*(?://.*)?$)",
    re.MULTILINE,
)
"""What stands at the top, or on a line of a group there: one name or several."""
_IGNORED = lazy(r"^[^#!\n][^\n]*\.go[^\S\n]*$", re.MULTILINE)
"""A line of a .gitignore that leaves files of Go out."""
_MAX_PARTS = 40
_MAX_FILES = 500
_MAX_MANIFEST = 2_000_000
"""Bytes read of a go.mod."""


class GoModule(NamedTuple):
    """A go.mod: its folder, the module's path, and the paths it requires."""

    root: str
    path: str
    required: frozenset[str]

    def owns(self, path: str) -> bool:
        """Whether a package is a part of the module itself."""
        return path == self.path or path.startswith(self.path + "/")


def module_of(disk: Disk, folder: str) -> GoModule | None:
    """The module that a folder is in; None where there is none, or a workspace takes its place."""
    for here in above(folder):
        if disk.exists(os.path.join(here, "go.work")):
            return None
        file = os.path.join(here, "go.mod")
        if disk.is_file(file):
            return disk.fact(_read, here, file)
    return None


def _read(disk: Disk, root: str, file: str) -> GoModule | None:
    text = disk.read(file, _MAX_MANIFEST)
    name = _MODULE.search(text)
    return GoModule(root, name[1], frozenset(_REQUIRED.findall(text))) if name else None


def provides(disk: Disk, folder: str, name: str) -> bool | None:
    """Whether a package is there: of the standard library, the module, what go.mod requires or `vendor`."""
    module = disk.fact(module_of, folder)
    if module is None:
        return None
    if module.owns(name):
        return disk.is_dir(below(module.root, name[len(module.path) :].lstrip("/")))
    if "." not in name.partition("/")[0] or any(part in module.required for part in _parts(name)):
        return True
    return disk.is_dir(below(os.path.join(module.root, "vendor"), name))


def _parts(path: str) -> Iterator[str]:
    """A path and the paths of which it is a part."""
    parts = path.split("/", _MAX_PARTS)[:_MAX_PARTS]
    return ("/".join(parts[:size]) for size in range(1, len(parts) + 1))


def declared_beside(disk: Disk, folder: str, own: str) -> frozenset[str] | None:
    """What the files of a package declare at the top, but for one file; None without any such file."""
    names = [n for n in disk.listing(folder) if n.endswith(".go") and n != own]
    if not names or len(names) > _MAX_FILES:
        return None
    found = [disk.fact(_declared, os.path.join(folder, name)) for name in names]
    return None if None in found or disk.fact(_has_generated, folder) else frozenset().union(*filter(None, found))


def _has_generated(disk: Disk, folder: str) -> bool:
    """Whether the package has files of Go that are not kept, but generated: git is told to ignore them."""
    for here in above(folder):
        if _IGNORED.search(disk.read(os.path.join(here, ".gitignore"))):
            return True
        if disk.exists(os.path.join(here, ".git")):
            return False
    return False


def _declared(disk: Disk, file: str) -> frozenset[str] | None:
    text = disk.read(file)
    return (
        frozenset(name.strip() for a, b in _TOP_LEVEL.findall(text) for name in (a or b).split(",")) if text else None
    )
