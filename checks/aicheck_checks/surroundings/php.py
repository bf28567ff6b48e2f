"""A PHP project: the classes of a namespace by the files in its folders (getcomposer.org, "PSR-4")."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from aicheck_checks.files import below
from aicheck_checks.patterns import lazy
from aicheck_checks.surroundings.disk import above

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.surroundings.disk import Disk

DECLARES = lazy(
    r"^[^\S\n]*(?:(?:abstract|final|readonly)[^\S\n]+)*(?:class|interface|trait|enum)\s+(\w+)", re.MULTILINE
)


def classes_of(disk: Disk, folder: str, namespace: str) -> frozenset[str] | None:
    """The classes of a namespace; None where its folders are not at hand."""
    folders = _folders(disk, folder, namespace)
    if not folders:
        return None
    found: set[str] = set()
    for place in folders:
        for name in disk.listing(place):
            if name.endswith(".php"):
                found |= {name[:-4], *disk.fact(_declared, os.path.join(place, name))}
    return frozenset(found)


def provides(disk: Disk, folder: str, name: str) -> bool | None:
    """Whether a class has a file beside."""
    return disk.exists(os.path.join(folder, f"{name}.php"))


def _declared(disk: Disk, file: str) -> frozenset[str]:
    return frozenset(DECLARES.findall(disk.read(file)))


def _folders(disk: Disk, folder: str, namespace: str) -> list[str]:
    """By the autoload rules of each composer.json above: a package of a repository may share its namespace with others."""
    mapped: list[str] = []
    for here in above(folder):
        manifest = disk.json(os.path.join(here, "composer.json"))
        if manifest is not None:
            mapped += [below(here, part) for part in _mapped(manifest, namespace)]
            if not mapped or _shares(disk, here, manifest):
                return []
        if disk.exists(os.path.join(here, ".git")):
            break
    return mapped if folder in mapped else []


def _shares(disk: Disk, root: str, manifest: dict[str, Any]) -> bool:
    """Whether a package of the same owner is required that is not at hand: its classes may be of the same namespace."""
    owner = str(manifest.get("name", "")).partition("/")[0]
    required = manifest.get("require")
    alike = [n for n in required if str(n).startswith(f"{owner}/")] if owner and isinstance(required, dict) else []
    return bool(alike) and not disk.is_dir(os.path.join(root, "vendor")) and not _outer(disk, root)


def _outer(disk: Disk, root: str) -> bool:
    """Whether the package is one of several in a repository."""
    return any(disk.is_file(os.path.join(here, "composer.json")) for here in above(os.path.dirname(root)))


def _mapped(manifest: dict[str, Any], namespace: str) -> Iterator[str]:
    for section in ("autoload", "autoload-dev"):
        rules = manifest.get(section, {}).get("psr-4", {}) if isinstance(manifest.get(section, {}), dict) else {}
        for prefix, places in rules.items() if isinstance(rules, dict) else ():
            if f"{namespace}\\".startswith(prefix):
                rest = namespace[len(prefix) :].replace("\\", "/")
                for place in places if isinstance(places, list) else [places]:
                    yield os.path.join(str(place), rest)
