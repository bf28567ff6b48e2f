"""What a Python environment has installed, by the records of its installers.

Python Packaging User Guide, "Recording installed projects" (`*.dist-info`) and "Egg formats" (top_level.txt);
Python documentation, module `site` (`*.pth`). importlib.metadata reads the same files, but waits for good where a
stranger has put a pipe in one's place, and reads without a bound.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aicheck_checks.packages.pypi import normal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.surroundings.disk import Disk

_HOMES = (".venv", "venv", "env", ".env", ".tox/py")
_RECORDS = (".dist-info", ".egg-info")
_MAX_LINES = 100
"""Lines read of a `*.pth`."""


def site_packages(disk: Disk, root: str | None, *, active: bool = True) -> tuple[str, ...]:
    """The folders of installed packages of a project's environment and, unless told otherwise, of the ``active`` one."""
    homes = tuple(os.environ.get(name, "") for name in ("VIRTUAL_ENV", "CONDA_PREFIX")) if active else ()
    return disk.fact(_site_packages, root, homes)


def _site_packages(disk: Disk, root: str | None, active: tuple[str, ...]) -> tuple[str, ...]:
    found = []
    for home in (*(os.path.join(root, name) for name in _HOMES if root is not None), *filter(None, active)):
        if not disk.is_file(os.path.join(home, "pyvenv.cfg")) and "conda" not in home:
            continue
        for lib in ("lib", "Lib", "lib64"):
            base = os.path.join(home, lib)
            found += [os.path.join(base, n, "site-packages") for n in disk.listing(base) if n.startswith("python")]
            found.append(os.path.join(base, "site-packages"))
    return tuple(folder for folder in found if disk.is_dir(folder))


def distributions(disk: Disk, folders: tuple[str, ...]) -> frozenset[str]:
    """The names (normalised as in PEP 503) of the distributions installed in some folders."""
    names = (name.rpartition(".")[0].partition("-")[0] for _, name in _records(disk, folders))
    return frozenset(map(normal, names))


def has_module(disk: Disk, folders: tuple[str, ...], name: str) -> bool:
    """Whether a top-level module is installed, or linked to from where it is developed."""
    if name in disk.fact(_listed, folders) or name in disk.fact(_recorded, folders):
        return True
    return any(
        disk.exists(os.path.join(place, name + end))
        for place in disk.fact(_linked, folders)
        for end in ("", ".py", ".pyi")
    )


def _listed(disk: Disk, folders: tuple[str, ...]) -> frozenset[str]:
    """The names of what lies in the folders themselves."""
    names = (name for folder in folders for name in disk.listing(folder))
    return frozenset(name.partition(".")[0] for name in names if not name.endswith((*_RECORDS, ".pth")))


def _recorded(disk: Disk, folders: tuple[str, ...]) -> frozenset[str]:
    """The modules that installers have noted, also of what is only linked to."""
    return frozenset().union(*(disk.fact(_of_record, os.path.join(*place)) for place in _records(disk, folders)))


def _of_record(disk: Disk, record: str) -> frozenset[str]:
    return frozenset(disk.read(os.path.join(record, "top_level.txt")).split())


def _linked(disk: Disk, folders: tuple[str, ...]) -> tuple[str, ...]:
    """The folders that `*.pth` files add to the search path."""
    found: list[str] = []
    for folder in folders:
        for name in disk.listing(folder):
            if name.endswith(".pth"):
                lines = disk.read(os.path.join(folder, name)).split("\n")[:_MAX_LINES]
                found += [line.strip() for line in lines if os.path.isabs(line.strip())]
    return tuple(found)


def _records(disk: Disk, folders: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Each installer's record: its folder and its name there."""
    return ((folder, name) for folder in folders for name in disk.listing(folder) if name.endswith(_RECORDS))
