"""The distributions that a Python project declares: in pyproject.toml (PEP 621), requirements files, setup.cfg, lock files and others."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from aicheck_checks.packages.pypi import normal
from aicheck_checks.patterns import lazy
from aicheck_checks.surroundings.repository import paths

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aicheck_checks.surroundings.disk import Disk

_TABLES = ("pyproject.toml", "Pipfile", "poetry.lock", "uv.lock", "pdm.lock", "pylock.toml")
_SCRIPTS = ("setup.cfg", "setup.py", "tox.ini", "environment.yml")
MAX_MANIFEST = 2_000_000
"""Bytes read of a manifest; lock files are long."""
MAX_REQUIREMENTS = 5_000
"""Requirements read of one file."""
_LONGEST = 1_000
"""Code points of a requirement."""
MAX_SCRIPTS = 500
"""Files of a repository in which installing commands are looked for."""
_NAME = lazy(r"[^\S\n]*[\"']?([A-Za-z0-9][A-Za-z0-9._-]*)")
_PLAIN = lazy(r"\s*+([A-Za-z0-9][A-Za-z0-9._-]*+)\s*+(?:\Z|[\[<>=!~;,])")
"""A name and what usually follows it: nothing, extras, versions, a marker."""
_FIRST_OF_LINE = lazy(r"^[^\S\n]*[\"']?([A-Za-z0-9][A-Za-z0-9._-]*)", re.MULTILINE)
_INSTALL = lazy(
    r"\b(?:pip3?|uv|conda|mamba|poetry|pdm|pipx)[^\S\n]+(?:pip[^\S\n]+)?(?:install|add)\b((?:[^\n\\;&|]|\\\n?)*+)"
)
"""A command that installs distributions, with its continued lines."""
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


def manifest_folders(files: Iterable[str]) -> list[str]:
    """The folders, of a repository's paths, that hold a manifest."""
    split = (path.rpartition("/") for path in files)
    found = {
        folder.removesuffix("requirements").rstrip("/") if folder.endswith("requirements") else folder
        for folder, _, name in split
        if name in _TABLES or name in _SCRIPTS or _lists_requirements(name) or folder.endswith("requirements")
    }
    return sorted(found)


def installs(disk: Disk, top: str) -> frozenset[str]:
    """The distributions that commands of a repository's container images, workflows and scripts install."""
    files = [path for path in disk.fact(paths, top) if _is_script(path.rpartition("/")[2])][:MAX_SCRIPTS]
    hidden = os.path.join(top, ".github", "workflows")
    inside = [os.path.join(hidden, name) for name in disk.listing(hidden)]
    found: set[str] = set()
    for file in (*(os.path.join(top, path) for path in files), *inside):
        for words in _INSTALL.findall(disk.read(file, MAX_MANIFEST)):
            found |= frozenset(_names(word.strip("'\"") for word in words.split()[:MAX_REQUIREMENTS]))
    return frozenset(found)


def _is_script(name: str) -> bool:
    return "dockerfile" in name.lower() or name in ("Makefile", "noxfile.py", "tasks.py") or name.endswith(".sh")


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
            if inner == "build-system":  # what builds a project is no dependency of its code
                continue
            _walk(item, inner if "dependenc" in inner.lower() or "dependenc" not in key.lower() else key, found)
    elif isinstance(value, list):
        if "dependenc" in key.lower() or key == "requires":
            found.update(_names(item for item in value[:MAX_REQUIREMENTS] if isinstance(item, str)))
        for item in value:
            if not isinstance(item, str):
                _walk(item, key, found)


def _names(requirements: Iterable[str]) -> Iterator[str]:
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
