"""The headers of a C or C++ project: where an include leads, and which words it brings."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.files import below
from aicheck_checks.patterns import lazy
from aicheck_checks.surroundings.disk import above

if TYPE_CHECKING:
    from aicheck_checks.surroundings.disk import Disk

INCLUDE = lazy(
    r"^[ \t\ufeff]*#[ \t]*(?:include|include_next|import)\b[ \t]*(?:<([^>\n]+)>|\"([^\"\n]+)\")?.*$", re.MULTILINE
)
_ANY_NAME = lazy(r"[A-Za-z_]\w*")
_UNITS = (".c", ".cc", ".cpp", ".cxx", ".c++", ".cu", ".h", ".hh", ".hpp", ".hxx")
_MAX_FILES = 100
_MAX_LEVELS = 8


class Header(NamedTuple):
    """What a text includes (in angle brackets, or in quotes; one of the two is empty), and all its words."""

    includes: tuple[tuple[str, str], ...]
    words: frozenset[str]


def header_of(text: str) -> Header:
    """A text as what it brings to one that includes it."""
    return Header(tuple(INCLUDE.findall(text)), frozenset(_ANY_NAME.findall(text)))


def read_header(disk: Disk, file: str) -> Header:
    """The same of a file."""
    return header_of(disk.read(file))


def find_header(disk: Disk, folder: str, header: str) -> str | None:
    """A header of the project: beside the file, or below a folder above it or that one's `include` and `src`."""
    for here in above(folder, _MAX_LEVELS):
        for place in (here, os.path.join(here, "include"), os.path.join(here, "src")):
            path = below(place, header)
            if disk.is_file(path):
                return path
        if disk.exists(os.path.join(here, ".git")):
            return None
    return None


def provides(disk: Disk, folder: str, name: str) -> bool | None:
    """Whether the project has a header; None where it may come from the system."""
    return True if disk.fact(find_header, folder, name) is not None else None


def is_included_beside(disk: Disk, folder: str, name: str) -> bool:
    """Whether a file beside includes one of this name."""
    beside = [n for n in disk.listing(folder) if n.endswith(_UNITS) and n != name][:_MAX_FILES]
    return any(
        quoted == name for other in beside for _, quoted in disk.fact(read_header, os.path.join(folder, other)).includes
    )
