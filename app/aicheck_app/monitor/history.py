"""What the monitor reads: a person's own log, a team's, or what a bulk check has written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from aicheck_app.errors import AicheckError
from aicheck_app.log.store import Log

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


class History(Protocol):
    """Facts, and what the monitor knew at the end of a day. ``Log`` is one."""

    @property
    def facts(self) -> str:
        """Where the facts are: the file of a log, or an address that ``sums.opened`` knows."""

    @property
    def read_only(self) -> bool:
        """Whether nothing can be kept."""

    def monitored(self) -> Iterator[tuple[str, bytes]]:
        """What the monitor kept, with the day until which it goes, the newest first."""

    def keep_monitored(self, day: str, state: bytes) -> None:
        """Keep what the monitor knows at the end of a day."""

    def remember(self, file: str, state: dict[str, Any]) -> None:
        """Save what editors show."""


def own() -> Log:
    """The user's own log, so that it can keep how far the monitor has come; for reading alone where it can't be written."""
    try:
        return Log()
    except AicheckError:
        return Log(read_only=True)
