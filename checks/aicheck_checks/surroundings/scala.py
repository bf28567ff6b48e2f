"""What the Scala files beside a text declare."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from aicheck_checks.surroundings.disk import Disk

DECLARES = lazy(
    r"\b(?:class|trait|object|type|enum|val|def|var|given)\s+(\w+)|[\[,]\s*[+-]?(\w+)\s*(?:<:|>:|:|,|\]|\[)"
)


def provides(disk: Disk, folder: str, name: str) -> bool:
    """Whether the files beside and those of the folder above declare a class or object."""
    return name in disk.fact(_declared, folder) or name in disk.fact(_declared, os.path.dirname(folder))


def _declared(disk: Disk, folder: str) -> frozenset[str]:
    names = [name for name in disk.listing(folder) if name.endswith((".scala", ".java"))]
    return frozenset().union(*(disk.fact(_of_file, os.path.join(folder, name)) for name in names))


def _of_file(disk: Disk, file: str) -> frozenset[str]:
    return frozenset(one for one, _ in DECLARES.findall(disk.read(file)))
