"""An index of package names: is there one, how well known is it, which well-known ones are near.

One file a registry, made by ``build`` and read through a memory map (on Windows as a whole: there a mapped file can't
be replaced by a newer one):

    a line of JSON: {"format": 1, "registry", "made", "names", "complete", "known"}
    the BLAKE2b-32 hashes of all names, sorted, four bytes each, big-endian
    the best-known names, best known first, a line each, UTF-8

A name that does not exist is taken for one that does when its hash collides:
once in 2**32 / names, which is 1 in 4,800 for 886,000 names.
"""

from __future__ import annotations

import json
import mmap
import os
from bisect import bisect_left
from functools import cached_property, lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, BinaryIO, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Registry = Literal["pypi", "npm", "python"]
FORMAT = 1
KNOWN = 15_000
"""Names kept in clear, for their rank and for near names."""
FAMOUS = 2_000
"""Rank up to which a name is worth imitating."""
LONGEST = 100
"""Code points of a name that may be near to a well-known one: there are as many near names as letters."""
_WIDTH = 4
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-_."


class BadIndexError(Exception):
    """A file is no index of this format; says which."""


class Index:
    """The names of one registry as of one day. Raises OSError and BadIndexError."""

    def __init__(self, path: str) -> None:
        self.path = path
        with open(path, "rb") as file:
            head = file.readline(10_000)
            try:
                facts = json.loads(head)
                if facts["format"] != FORMAT:
                    raise BadIndexError(f"{path}: index format {facts['format']}, not {FORMAT}")
                self.registry: str = facts["registry"]
                self.made: str = facts["made"]
                self.names: int = facts["names"]
                self.complete: bool = facts["complete"]
            except (ValueError, KeyError, TypeError):
                raise BadIndexError(f"{path}: no index of package names") from None
            self._start = len(head)
            self._map = _mapped(file)
        if len(self._map) < self._start + self.names * _WIDTH:
            raise BadIndexError(f"{path}: cut off")

    def __contains__(self, name: str) -> bool:
        """Whether the registry has the name (spelt as the registry normalises it)."""
        wanted = _hash(name)
        at = bisect_left(range(self.names), wanted, key=self._at)
        return at < self.names and self._at(at) == wanted

    def _at(self, number: int) -> bytes:
        start = self._start + number * _WIDTH
        return self._map[start : start + _WIDTH]

    @cached_property
    def _ranks(self) -> dict[str, int]:
        known = self._map[self._start + self.names * _WIDTH :].decode("utf-8").split("\n")
        return {name: rank for rank, name in enumerate(known, 1) if name}

    def known(self) -> list[str]:
        """The best-known names, best known first."""
        return list(self._ranks)

    def rank(self, name: str) -> int | None:
        """How well known the name is (1 is best), or None beyond the best-known ones."""
        return self._ranks.get(name)

    def imitates(self, name: str) -> str | None:
        """The famous name that this obscure one is one edit away from."""
        if self.rank(name) is not None or len(name) < 5 or len(name) > LONGEST:
            return None
        near = [(rank, other) for other in _edits(name) if (rank := self._ranks.get(other, FAMOUS)) < FAMOUS]
        return min(near)[1] if near else None

    def near(self, name: str, count: int = 3) -> list[str]:
        """Well-known names that look like this one, likeliest first."""
        if len(name) > LONGEST:
            return []
        edits = sorted({other for other in _edits(name) if other in self._ranks}, key=self._ranks.__getitem__)
        if len(edits) < count:
            from difflib import get_close_matches

            alike = [n for n in self._ranks if n[:2] == name[:2] and abs(len(n) - len(name)) <= 3]
            edits += [n for n in get_close_matches(name, alike, count, 0.8) if n not in edits]
        return edits[:count]


def _mapped(file: BinaryIO) -> bytes | mmap.mmap:
    if os.name == "nt":
        file.seek(0)
        return file.read()
    return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _edits(name: str) -> Iterator[str]:
    """All names one insertion, deletion, substitution or swap of neighbours away."""
    for at in range(len(name) + 1):
        head, tail = name[:at], name[at:]
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in _LETTERS:
            yield head + letter + tail
            if tail and tail[0] != letter:
                yield head + letter + tail[1:]


def _hash(name: str) -> bytes:
    return blake2b(name.encode("utf-8", "replace"), digest_size=_WIDTH).digest()


def build(registry: Registry, names: Iterable[str], known: Iterable[str], *, made: str, complete: bool) -> bytes:
    """An index file's content; ``known`` begins with the best-known name, ``made`` is a date (YYYY-MM-DD)."""
    hashes = sorted({_hash(name) for name in names})
    head = {"format": FORMAT, "registry": registry, "made": made, "names": len(hashes), "complete": complete}
    best = list(known)[:KNOWN]
    return json.dumps(head | {"known": len(best)}).encode() + b"\n" + b"".join(hashes) + "\n".join(best).encode()


def open_index(registry: Registry, folder: Callable[[], str] | None = None) -> Index:
    """The newer of the index that came with aicheck and the one in the ``folder`` (see ``aicheck index update``)."""
    bundled = _bundled(registry)
    own = os.path.join(folder(), f"{registry}.index") if folder else ""
    try:
        status = os.stat(own)
        updated = _opened(own, status.st_mtime_ns, status.st_size, status.st_ino)
    except (OSError, BadIndexError):
        return bundled
    return updated if updated.made >= bundled.made else bundled


@lru_cache(maxsize=4)
def _bundled(registry: Registry) -> Index:
    data = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "data")
    return Index(os.path.join(data, f"{registry}.index"))


@lru_cache(maxsize=4)
def _opened(path: str, _modified: int, _size: int, _inode: int) -> Index:
    """The index of the user's own, as it is now."""
    return Index(path)
