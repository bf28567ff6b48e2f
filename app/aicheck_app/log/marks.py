"""What people and editors say of a logged output afterwards: a record of its own, never a change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from aicheck_app.clock import now
from aicheck_app.log.chain import identity

if TYPE_CHECKING:
    from aicheck_app.log.store import Log, Record

Mark = Literal["confirmed", "dismissed", "kept", "edited", "deleted", "fixed"]
"""A person's judgement (the first two), or what became of an output in the editor."""
JUDGEMENTS: tuple[Mark, ...] = ("confirmed", "dismissed")


def mark(log: Log, target: str, said: Mark, reason: str = "") -> None:
    """Log what is said of the output with this id."""
    time = now()
    entry: Record = {
        "id": identity("mark", target, said, time), "kind": "mark", "time": time, "target": target, "mark": said,
        "reason": reason,
    }  # fmt: skip
    log.append([{key: value for key, value in entry.items() if value}])


def judgements(log: Log) -> dict[str, str]:
    """The newest judgement of each output that somebody judged."""
    return {r["target"]: r["mark"] for r in log.records("kind = 'mark'") if r["mark"] in JUDGEMENTS}
