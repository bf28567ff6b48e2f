"""Counters of names that a stranger chose: as many as one looks at, and the rest under one name."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_NAMES = 500
"""Names that a counter tells apart; no client has half as many tools, and no file as many kinds of lines."""
REST = "other"


class Tally(Counter[str]):
    """A counter that counts what comes after ``MAX_NAMES`` names as ``REST``."""

    def __setitem__(self, name: str, number: int) -> None:
        if name in self or len(self) < MAX_NAMES:
            super().__setitem__(name, number)
        else:
            super().__setitem__(REST, self[REST] + number)

    def update(self, counts: Mapping[str, int] | None = None, /, **_: Any) -> None:  # type: ignore[override]
        """Add what another counter has counted."""
        for name, number in (counts or {}).items():
            self[name] = self[name] + number
