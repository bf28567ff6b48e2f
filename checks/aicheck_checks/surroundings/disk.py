"""Facts about files, remembered for as long as the files that they come from stay as they were."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple, ParamSpec, TypeVar

from aicheck_checks import files
from aicheck_checks.json_objects import json_object
from aicheck_checks.toml import read_toml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Arguments = ParamSpec("Arguments")
Value = TypeVar("Value")
MAX_FACTS = 8_192
"""Facts kept, those asked for last."""


class _Stamp(NamedTuple):
    """What changes whenever a file or folder does: its kind, times (ns), size (bytes) and place; all 0 where there is none."""

    mode: int = 0
    modified: int = 0
    changed: int = 0
    size: int = 0
    inode: int = 0


class _Fact:
    """A value with all that was looked at for it, and the other facts that went into it."""

    def __init__(self) -> None:
        self.value: Any = None
        self.seen: dict[str, _Stamp] = {}
        self.parts: list[_Fact] = []
        self.look = 0


class Disk:
    """Owns what one checker knows of the disk; for one thread.

    What is read through it while a fact is made belongs to the fact: a fact is made anew as soon as one of these files or
    folders has changed. Whether they have is asked once a look, which ``renew`` begins.
    """

    def __init__(self) -> None:
        self._facts: dict[tuple[Any, ...], _Fact] = {}
        self._making: list[_Fact] = []
        self._look = 1

    def renew(self) -> None:
        """Look at the disk anew from now on."""
        self._look += 1

    def fact(
        self, make: Callable[Concatenate[Disk, Arguments], Value], *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Value:
        """What ``make`` says of the disk, or said when all was as it is now."""
        key = (make, *args, *kwargs.values())
        known = self._facts.pop(key, None)
        if known is None or not self._holds(known):
            known = self._made(make, *args, **kwargs)
        self._facts[key] = known
        while len(self._facts) > MAX_FACTS:
            del self._facts[next(iter(self._facts))]
        if self._making:
            self._making[-1].parts.append(known)
        value: Value = known.value
        return value

    def _made(self, make: Callable[..., Any], *args: Any, **kwargs: Any) -> _Fact:
        fact = _Fact()
        fact.look = self._look
        self._making.append(fact)
        try:
            fact.value = make(self, *args, **kwargs)
        finally:
            self._making.pop()
        return fact

    def _holds(self, fact: _Fact) -> bool:
        if fact.look != self._look:
            if any(_stamp(path) != stamp for path, stamp in fact.seen.items()):
                return False
            if not all(self._holds(part) for part in fact.parts):
                return False
            fact.look = self._look
        return True

    def read(self, path: str, limit: int = 1_000_000) -> str:
        """The beginning of a file (see ``files.read``); ``limit`` in bytes."""
        self._see(path)
        return files.read(path, limit)

    def toml(self, path: str, limit: int = 1_000_000) -> dict[str, Any]:
        """The table of a TOML file (see ``toml.read_toml``)."""
        self._see(path)
        return read_toml(path, limit)

    def json(self, path: str, limit: int = 1_000_000) -> dict[str, Any] | None:
        """The object of a JSON file; None where there is none to read. The comments and trailing commas of tsconfig.json may be there."""
        return json_object(self.read(path, limit)) if self.is_file(path) else None

    def listing(self, folder: str) -> list[str]:
        """The names in a folder, sorted (see ``files.listing``)."""
        self._see(folder)
        return files.listing(folder)

    def walk(self, top: str, skipped: frozenset[str] = frozenset({"node_modules"})) -> Iterator[tuple[str, list[str]]]:
        """Each folder at and below one, sorted, with the names of its files; hidden and skipped ones are left out, links not followed."""
        self._see(top)
        for base, folders, names in os.walk(top):
            folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in skipped)
            self._see(base)
            yield base, sorted(names)

    def is_file(self, path: str) -> bool:
        """Whether there is a regular file, or a link to one."""
        return files.is_regular(self._see(path).mode)

    def is_dir(self, path: str) -> bool:
        """Whether there is a folder, or a link to one."""
        return files.is_folder(self._see(path).mode)

    def exists(self, path: str) -> bool:
        """Whether there is anything of this name."""
        return self._see(path) != _Stamp()

    def _see(self, path: str) -> _Stamp:
        """Note what a path is like, before it is read."""
        stamp = _stamp(path)
        if self._making:
            self._making[-1].seen.setdefault(path, stamp)
        return stamp


def _stamp(path: str) -> _Stamp:
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return _Stamp()
    return _Stamp(found.st_mode, found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino)


def above(folder: str, levels: int = 40) -> Iterator[str]:
    """A folder and those above it, the nearest first."""
    for _ in range(levels):
        yield folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return
        folder = parent
