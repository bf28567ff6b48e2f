"""What a whole repository says of Python modules: which it holds, which it declares anywhere, which it imports often."""

from __future__ import annotations

import os
import re
from collections import Counter
from typing import TYPE_CHECKING

from aicheck_checks.packages.pypi import distributions, normal
from aicheck_checks.patterns import lazy
from aicheck_checks.surroundings.python_requirements import declared, installs, manifest_folders
from aicheck_checks.surroundings.repository import ending, paths, texts

if TYPE_CHECKING:
    from aicheck_checks.surroundings.disk import Disk

_CODE = (".py", ".pyi", ".pyx", ".so", ".pyd", ".proto", ".thrift")
"""What modules are, and what they are generated from."""
MANY = 3
"""Files that import a module which nothing declares: so many do not run by mistake."""
_HEAD = 32_000
"""Bytes of a file in which its imports are looked for."""
_ALL = 30_000_000
"""Bytes read for that of all files together."""
_IMPORTED = lazy(r"^[^\S\n]*(?:from|import)[^\S\n]+([A-Za-z_]\w*)", re.MULTILINE)
MAX_MANIFESTS = 500
"""Folders of a repository whose manifests are read."""


def has_own(disk: Disk, top: str, name: str) -> bool:
    """Whether the repository holds a module or package of this name, in any folder."""
    return name in disk.fact(_modules, top)


def _modules(disk: Disk, top: str) -> frozenset[str]:
    """The names of the files that are modules, and of all folders above them: some of these are packages."""
    found = {os.path.basename(top)}
    for path in disk.fact(paths, top):
        if path.endswith(_CODE):
            *folders, file = path.split("/")
            found |= {*folders, file.partition(".")[0]}
    return frozenset(found)


def declares(disk: Disk, top: str, name: str) -> bool:
    """Whether a manifest or an installing command anywhere in the repository names a distribution that may bring a module."""
    known = disk.fact(all_declared, top)
    return not known.isdisjoint(distributions(name)) or any(one.startswith(f"{normal(name)}-") for one in known)


def all_declared(disk: Disk, top: str) -> frozenset[str]:
    """Names (normalised as in PEP 503) of the distributions that a repository's files name, in whatever folder."""
    folders = manifest_folders(disk.fact(paths, top))
    named = (disk.fact(declared, os.path.join(top, folder)) for folder in folders[:MAX_MANIFESTS])
    return frozenset().union(disk.fact(installs, top), *named)


def is_common(disk: Disk, top: str, name: str) -> bool:
    """Whether many files of the repository import a top-level module."""
    return disk.fact(_imports, top)[name] >= MANY


def _imports(disk: Disk, top: str) -> Counter[str]:
    """In how many files each top-level module is imported."""
    counted: Counter[str] = Counter()
    for text in texts(disk, ending(disk, top, (".py",)), _HEAD, _ALL):
        counted.update(set(_IMPORTED.findall(text)))
    return counted
