"""A Python project: its own modules, what it declares, what its environment has installed.

All of it is read from files, and nothing is executed.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aicheck_checks.packages.pypi import modules as import_modules
from aicheck_checks.patterns import lazy
from aicheck_checks.surroundings.disk import above
from aicheck_checks.surroundings.python_environment import distributions, has_module, site_packages
from aicheck_checks.surroundings.python_requirements import declared

if TYPE_CHECKING:
    from aicheck_checks.surroundings.disk import Disk

MARKERS = (
    "pyproject.toml", "setup.cfg", "setup.py", "requirements.txt", "Pipfile", "poetry.lock", "uv.lock",
    "environment.yml", "tox.ini",
)  # fmt: skip
MAX_FOLDERS = 2_000
"""Folders of a root that are looked into for modules."""
MAX_NAMES = 20_000
"""Names looked at in all of them together."""
_LEVELS = 6
"""Folders looked into above a file without a project."""
_INSTALLED = lazy(r"[/\\](?:site-packages|dist-packages|node_modules|lib[/\\]python\d[\d.]*)(?:[/\\]|$)")


def root_of(disk: Disk, folder: str) -> str | None:
    """The root of the project round a folder, or None (also for folders of installed packages)."""
    for here in above(folder):
        if _INSTALLED.search(here + os.sep):
            return None
        if any(disk.exists(os.path.join(here, name)) for name in MARKERS):
            return here
        if disk.exists(os.path.join(here, ".git")):
            return None
    return None


def provides(disk: Disk, folder: str, name: str) -> bool | None:
    """Whether a top-level module is there: the project's own, installed or declared; None for can't tell."""
    root = disk.fact(root_of, folder)
    if root is None:
        return True if _is_near(disk, folder, name) else None
    if name in disk.fact(_modules, root) or _is_beside(disk, folder, root, name):
        return True
    installed = site_packages(disk, root)
    if installed and has_module(disk, installed, name):
        return True
    if any(name in import_modules(distribution) for distribution in disk.fact(declared, root)):
        return True
    return False if installed else None


def is_complete(disk: Disk, folder: str) -> bool:
    """Whether the environment has all that the project declares, so that absence means something."""
    root = disk.fact(root_of, folder)
    installed = site_packages(disk, root) if root is not None else ()
    if root is None or not installed:
        return False
    return disk.fact(declared, root) <= disk.fact(distributions, installed)


def search_path(disk: Disk, folder: str) -> list[str]:
    """Where the project's interpreter looks for modules: the project, its environment; without a project the active one."""
    root = disk.fact(root_of, folder)
    own = [] if root is None else [root, os.path.join(root, "src")]
    return [*own, *site_packages(disk, root)]


def is_module(disk: Disk, folder: str, name: str) -> bool:
    """Whether a folder holds a module or package of this name."""
    return any(disk.exists(os.path.join(folder, name + end)) for end in ("", ".py", ".pyi", ".pyx", ".so"))


def _is_beside(disk: Disk, folder: str, root: str, name: str) -> bool:
    """A module in the folder of the file or in one of the folders above it, up to the root."""
    for here in above(folder):
        if is_module(disk, here, name):
            return True
        if here == root:
            return False
    return False


def _is_near(disk: Disk, folder: str, name: str) -> bool:
    """A module in the folder of a file without a project, or in one of those above it."""
    return any(is_module(disk, here, name) or os.path.basename(here) == name for here in above(folder, _LEVELS))


def _modules(disk: Disk, root: str) -> frozenset[str]:
    """Top-level modules in the root, `src` and other folders that hold packages."""
    found: set[str] = set()
    left = MAX_NAMES
    for folder in (root, *(os.path.join(root, n) for n in disk.listing(root)[:MAX_FOLDERS])):
        if not os.path.basename(folder).startswith((".", "node_modules")) and disk.is_dir(folder):
            names = disk.listing(folder)[:left]
            left -= len(names)
            found |= {name.partition(".")[0] for name in names if _is_code(disk, folder, name)}
    return frozenset(found)


def _is_code(disk: Disk, folder: str, name: str) -> bool:
    if name.endswith((".py", ".pyi", ".so", ".pyd", ".pyx")):
        return True
    return name.isidentifier() and disk.is_dir(os.path.join(folder, name))
