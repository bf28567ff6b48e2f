"""How a bulk check is made: what a worker is told once."""

from __future__ import annotations

from typing import NamedTuple

from aicheck_app.config import Config
from aicheck_app.team.names import of_person

MEMORY_BYTES = 3_000_000_000
"""What a worker's address space may grow by: what asks for more costs its own row."""


class Options(NamedTuple):
    """``key`` makes pseudonyms and keyed hashes: with the same key the same input gives the same records, on any machine.

    ``person`` is the name of a folder, in the addresses of sessions' files, whose subfolders are named after people.
    """

    key: bytes
    config: Config = Config()
    agent: str = ""
    person: str = ""
    memory: int = MEMORY_BYTES

    def pseudonym(self, name: str) -> str:
        """What stands for a person."""
        return of_person(self.key, name) if name.strip() else ""

    def person_of(self, address: str) -> str:
        """Whose session a file holds, by its address, as a pseudonym."""
        parts = address.split("/")
        at = parts.index(self.person) + 1 if self.person in parts else len(parts)
        return self.pseudonym(parts[at]) if self.person and at < len(parts) - 1 else ""
