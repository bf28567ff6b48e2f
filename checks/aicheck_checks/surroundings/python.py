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
from aicheck_checks.surroundings.python_repository import declares, has_own
from aicheck_checks.surroundings.python_requirements import declared
from aicheck_checks.surroundings.repository import top_of

if TYPE_CHECKING:
    from aicheck_checks.surroundings.disk import Disk

MARKERS = (
    "pyproject.toml", "setup.cfg", "setup.py", "requirements.txt", "Pipfile", "poetry.lock", "uv.lock",
    "environment.yml", "tox.ini",
)  # fmt: skip
_LEVELS = 6
"""Folders looked into above a file without a project."""
_INSTALLED = lazy(r"[/\\](?:site-packages|dist-packages|node_modules|lib[/\\]python\d[\d.]*)(?:[/\\]|$)")


def roots_of(disk: Disk, folder: str) -> tuple[str, ...]:
    """The roots of the projects that a folder is part of, the innermost first and the repository's last.

    None for a folder of installed packages, and for one that no project stands round.
    """
    top = None if _INSTALLED.search(folder + os.sep) else disk.fact(top_of, folder, MARKERS)
    if top is None:
        return ()
    chain = []
    for here in above(folder):
        if here == top:
            break
        if _is_root(disk, here):
            chain.append(here)
    return (*chain, top) if chain or _is_root(disk, top) else ()


def _is_root(disk: Disk, folder: str) -> bool:
    """Whether a project begins in a folder; in a package, `setup.py` is a module as any other."""
    names = [name for name in MARKERS if disk.exists(os.path.join(folder, name))]
    return bool(names) and (names != ["setup.py"] or not disk.exists(os.path.join(folder, "__init__.py")))


def provides(disk: Disk, folder: str, name: str) -> bool | None:
    """Whether a top-level module is there: the project's own, installed or declared; None for can't tell."""
    roots = disk.fact(roots_of, folder)
    if not roots:
        return True if _is_near(disk, folder, name) else None
    installed = environment(disk, folder)
    if _is_beside(disk, folder, roots[-1], name) or (installed and has_module(disk, installed, name)):
        return True
    if any(name in import_modules(distribution) for distribution in disk.fact(_declared, roots)):
        return True
    if has_own(disk, roots[-1], name) or declares(disk, roots[-1], name):
        return True
    return False if is_own(disk, folder) else None


def is_own(disk: Disk, folder: str) -> bool:
    """Whether the environment is the project's, so that what it lacks is missing.

    One that lies elsewhere and happens to be active is so if it has all that the project declares, and that is something.
    """
    roots = disk.fact(roots_of, folder)
    if any(site_packages(disk, root, active=False) for root in roots):
        return True
    return bool(disk.fact(_declared, roots)) and is_complete(disk, folder)


def _declared(disk: Disk, roots: tuple[str, ...]) -> frozenset[str]:
    return frozenset().union(*(disk.fact(declared, root) for root in roots))


def environment(disk: Disk, folder: str) -> tuple[str, ...]:
    """The folders of installed packages that the project round a folder uses."""
    roots = disk.fact(roots_of, folder)
    return tuple(dict.fromkeys(place for root in roots or (None,) for place in site_packages(disk, root)))


def is_complete(disk: Disk, folder: str) -> bool:
    """Whether the environment has all that the project declares, so that absence means something."""
    roots, installed = disk.fact(roots_of, folder), environment(disk, folder)
    return bool(roots and installed) and disk.fact(_declared, roots) <= disk.fact(distributions, installed)


def search_path(disk: Disk, folder: str) -> list[str]:
    """Where the project's interpreter looks for modules: the project, its environment; without a project the active one."""
    own = [place for root in disk.fact(roots_of, folder) for place in (root, os.path.join(root, "src"))]
    return [*own, *environment(disk, folder)]


def is_module(disk: Disk, folder: str, name: str) -> bool:
    """Whether a folder holds a module or package of this name."""
    return any(disk.exists(os.path.join(folder, name + end)) for end in ("", ".py", ".pyi", ".pyx", ".so"))


def _is_beside(disk: Disk, folder: str, root: str, name: str) -> bool:
    """A module in the folder of the file or in one of the folders above it, up to the root; or in a `src` there."""
    for here in above(folder):
        if is_module(disk, here, name) or is_module(disk, os.path.join(here, "src"), name):
            return True
        if here == root:
            return False
    return False


def _is_near(disk: Disk, folder: str, name: str) -> bool:
    """A module in the folder of a file without a project, or in one of those above it."""
    return any(is_module(disk, here, name) or os.path.basename(here) == name for here in above(folder, _LEVELS))
