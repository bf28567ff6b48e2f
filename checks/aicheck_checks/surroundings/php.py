"""A PHP project: the classes of a namespace by the files in its folders (getcomposer.org, "PSR-4")."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from aicheck_checks.files import below
from aicheck_checks.patterns import lazy
from aicheck_checks.surroundings.repository import ending, top_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.surroundings.disk import Disk

MAX_MANIFESTS = 500
"""Manifests of a repository that are read."""
DECLARES = lazy(
    r"^[^\S\n]*(?:(?:abstract|final|readonly)[^\S\n]+)*(?:class|interface|trait|enum)\s+(\w+)", re.MULTILINE
)


def classes_of(disk: Disk, folder: str, namespace: str) -> frozenset[str] | None:
    """The classes of a namespace in lower case, for case means nothing in them; None where its folders are not at hand."""
    folders = _folders(disk, folder, namespace)
    if not folders:
        return None
    found: set[str] = set()
    for place in folders:
        for name in disk.listing(place):
            if name.endswith(".php"):
                found |= {name[:-4], *disk.fact(_declared, os.path.join(place, name))}
    return frozenset(name.lower() for name in found)


def provides(disk: Disk, folder: str, name: str) -> bool | None:
    """Whether a class has a file beside."""
    return disk.exists(os.path.join(folder, f"{name}.php"))


def _declared(disk: Disk, file: str) -> frozenset[str]:
    return frozenset(DECLARES.findall(disk.read(file)))


def _folders(disk: Disk, folder: str, namespace: str) -> list[str]:
    """By the autoload rules of each composer.json of the repository: packages of one share namespaces."""
    top = disk.fact(top_of, folder, ("composer.json",))
    if top is None:
        return []
    manifests = ending(disk, top, ("composer.json",))[:MAX_MANIFESTS]
    rules = [(os.path.dirname(path), manifest) for path in manifests if (manifest := disk.json(path)) is not None]
    mapped = [below(here, part) for here, manifest in rules for part in _mapped(manifest, namespace)]
    return mapped if folder in mapped else []


def _mapped(manifest: dict[str, Any], namespace: str) -> Iterator[str]:
    for section in ("autoload", "autoload-dev"):
        rules = manifest.get(section, {}).get("psr-4", {}) if isinstance(manifest.get(section, {}), dict) else {}
        for prefix, places in rules.items() if isinstance(rules, dict) else ():
            if f"{namespace}\\".startswith(prefix):
                rest = namespace[len(prefix) :].replace("\\", "/")
                for place in places if isinstance(places, list) else [places]:
                    yield os.path.join(str(place), rest)
