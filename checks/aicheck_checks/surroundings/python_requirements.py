"""The distributions that a Python project declares: in pyproject.toml (PEP 621), requirements files, setup.cfg, lock files and others."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from aicheck_checks.packages.pypi import normal
from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.surroundings.disk import Disk

_TABLES = ("pyproject.toml", "Pipfile", "poetry.lock", "uv.lock", "pdm.lock", "pylock.toml")
_SCRIPTS = ("setup.cfg", "setup.py", "tox.ini", "environment.yml")
MAX_MANIFEST = 2_000_000
"""Bytes read of a manifest; lock files are long."""
MAX_REQUIREMENTS = 5_000
"""Requirements read of one file."""
_LONGEST = 1_000
"""Code points of a requirement."""
_NAME = lazy(r"[^\S\n]*[\"']?([A-Za-z0-9][A-Za-z0-9._-]*)")
_PLAIN = lazy(r"\s*+([A-Za-z0-9][A-Za-z0-9._-]*+)\s*+(?:\Z|[\[<>=!~;,])")
"""A name and what usually follows it: nothing, extras, versions, a marker."""
_FIRST_OF_LINE = lazy(r"^[^\S\n]*[\"']?([A-Za-z0-9][A-Za-z0-9._-]*)", re.MULTILINE)
_QUOTED = lazy(r"[\"']([A-Za-z][\w.-]*)\s*(?:[\[<>=!~;].*)?[\"']")


def declared(disk: Disk, root: str) -> frozenset[str]:
    """Names (normalised as in PEP 503) of the distributions that a project's files name."""
    found: set[str] = set()
    for name in disk.listing(root):
        path = os.path.join(root, name)
        if name in _TABLES:
            found |= disk.fact(_of_table, path)
        elif name in _SCRIPTS:
            found |= disk.fact(_of_script, path)
        elif _lists_requirements(name):
            found |= disk.fact(_of_list, path)
        elif name == "requirements" and disk.is_dir(path):
            for inner in disk.listing(path):
                found |= disk.fact(_of_list, os.path.join(path, inner))
    return frozenset(found)


def _lists_requirements(name: str) -> bool:
    """Whether a file of this name says what a project needs, one a line."""
    named = "requirements" in name or (name.startswith("constraints") and name.endswith(".txt"))
    return named and name.endswith((".txt", ".in"))


def _of_list(disk: Disk, path: str) -> frozenset[str]:
    """By the lines of a requirements file (pip, "Requirements File Format"); its options name no distribution."""
    lines = (line.partition(" #")[0].strip() for line in disk.read(path, MAX_MANIFEST).split("\n"))
    wanted = [line for line in lines if line and not line.startswith(("#", "-"))][:MAX_REQUIREMENTS]
    return frozenset(_names(line.partition(" --")[0].rstrip("\\ ") for line in wanted))


def _of_script(disk: Disk, path: str) -> frozenset[str]:
    """By all that may be a name, for a program can't be asked without running it."""
    text = disk.read(path, MAX_MANIFEST)
    return frozenset(map(normal, (*_FIRST_OF_LINE.findall(text), *_QUOTED.findall(text))))


def _of_table(disk: Disk, path: str) -> frozenset[str]:
    found: set[str] = set()
    _walk(disk.toml(path, MAX_MANIFEST), "", found)
    return frozenset(found)


def _walk(value: object, key: str, found: set[str]) -> None:
    """Requirements under any key about dependencies, and the names of locked packages."""
    if isinstance(value, dict):
        if "dependencies" in key.lower() or key in ("packages", "dev-packages"):
            found.update(normal(name) for name in value)
        if key == "package" and isinstance(value.get("name"), str):
            found.add(normal(value["name"]))
        for inner, item in value.items():
            _walk(item, inner if "dependenc" in inner.lower() or "dependenc" not in key.lower() else key, found)
    elif isinstance(value, list):
        if "dependenc" in key.lower() or key == "requires":
            found.update(_names(item for item in value[:MAX_REQUIREMENTS] if isinstance(item, str)))
        for item in value:
            if not isinstance(item, str):
                _walk(item, key, found)


def _names(requirements: Iterator[str]) -> Iterator[str]:
    """The distributions that requirements name (PEP 508); of what is none, the first word."""
    for requirement in requirements:
        plain = _PLAIN.match(requirement)
        name = plain[1] if plain is not None else _parsed(requirement[:_LONGEST])
        if name:
            yield normal(name)


def _parsed(requirement: str) -> str:
    """By the library, which takes longer to import than a file takes to check."""
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        return Requirement(requirement).name
    except InvalidRequirement:
        match = _NAME.match(requirement)
        return match[1] if match is not None else ""
