"""How a bulk check is made: what a worker is told once."""

from __future__ import annotations

import re
from typing import NamedTuple

from aicheck_app import hashing
from aicheck_app.config import Config

DIGITS = 12
MEMORY_BYTES = 3_000_000_000
"""Of a worker's address space: what asks for more costs its own row."""


class Options(NamedTuple):
    """``key`` makes pseudonyms and keyed hashes: with the same key the same input gives the same records, on any machine.

    ``person`` is a pattern whose first group is, in the address of a session's file, the name of whose session it is.
    """

    key: bytes
    config: Config = Config()
    agent: str = ""
    person: str = ""
    memory: int = MEMORY_BYTES

    def pseudonym(self, name: str) -> str:
        """What stands for a person."""
        return hashing.keyed(self.key, f"person\0{name.strip().lower()}", DIGITS) if name.strip() else ""

    def person_of(self, address: str) -> str:
        """Whose session a file holds, by its address, as a pseudonym."""
        found = re.search(self.person, address) if self.person else None
        return self.pseudonym(found[1] or "") if found is not None and found.re.groups else ""
