"""What people and editors say of a logged output afterwards: a record of its own, never a change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from aicheck_app.clock import now
from aicheck_app.log import records
from aicheck_app.log.chain import identity
from aicheck_app.log.queries import marks

if TYPE_CHECKING:
    from aicheck_app.log.store import Log

Mark = Literal["confirmed", "dismissed", "kept", "edited", "deleted", "fixed"]
"""A person's judgement (the first two), or what became of an output in the editor."""
JUDGEMENTS: tuple[Mark, ...] = ("confirmed", "dismissed")


def mark(log: Log, target: str, said: Mark, reason: str = "") -> None:
    """Log what is said of the output with this id."""
    time = now()
    entry = records.Mark(id=identity("mark", target, said, time), time=time, target=target, mark=said, reason=reason)
    log.append([entry])


def judgements(log: Log) -> dict[str, str]:
    """The newest judgement of each output that somebody judged."""
    return {each.target: each.mark for each in marks(log) if each.mark in JUDGEMENTS}
