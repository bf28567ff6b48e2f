"""A team's log, or what a bulk check has written, as the monitor reads it.

What the monitor knew at the end of a day is kept on this machine, in a log of its own that holds nothing else: whoever may only
read a team's log can keep nothing in it.
"""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, Any

from aicheck_app import hashing
from aicheck_app.errors import AicheckError
from aicheck_app.home import home
from aicheck_app.log.store import Log
from aicheck_app.team.postgres import is_postgres, shown
from aicheck_app.team.sources import PARQUET

if TYPE_CHECKING:
    from collections.abc import Iterator

_DIGITS = 16


class TeamHistory:
    """The facts at an address of PostgreSQL, or in a folder that ``aicheck batch`` wrote to."""

    read_only = False

    def __init__(self, given: str) -> None:
        if "://" in given and not is_postgres(given):
            raise AicheckError(
                "--from takes postgresql://NAME@HOST/DATABASE, or a folder that 'aicheck batch' wrote to"
            )
        self.facts = given if is_postgres(given) else f"{PARQUET}{os.path.abspath(given)}"

    @property
    def name(self) -> str:
        """What it is called in what is printed."""
        return shown(self.facts) if is_postgres(self.facts) else self.facts.removeprefix(PARQUET)

    @cached_property
    def _kept(self) -> Log | None:
        """What is kept of it; nothing of files, which nobody counts the changes of."""
        if not is_postgres(self.facts):
            return None
        return Log(os.path.join(home(), "teams", f"{hashing.of_text(shown(self.facts), _DIGITS)}.sqlite3"))

    def monitored(self) -> Iterator[tuple[str, bytes]]:
        """What the monitor kept, with the day until which it goes, the newest first."""
        yield from self._kept.monitored() if self._kept is not None else ()

    def keep_monitored(self, day: str, state: bytes) -> None:
        """Keep what the monitor knows at the end of a day."""
        if self._kept is not None:
            self._kept.keep_monitored(day, state)

    def remember(self, file: str, state: dict[str, Any]) -> None:
        """An editor shows what is said of its own user's log, never of a team's."""
