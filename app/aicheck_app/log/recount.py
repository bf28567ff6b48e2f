"""Counting the records once more: whether the facts that rates are made of are what the records give.

No hash is made over the facts, since they are made of the records alone: so they are worked out again. Where records were pruned
their counts stay, and nothing but those can say what they were: there each count has to be at least what is left of it.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from aicheck_app.log import facts
from aicheck_app.log.verify import Beginning, Fault, prunings

if TYPE_CHECKING:
    from collections.abc import Iterator

_AT_ONCE = 5_000
_MOST = 5
"""Days that are named."""
_CHECKED = f"{', '.join(facts.KEY)}, {', '.join(facts.COUNTERS)}"


def count_faults(db: sqlite3.Connection) -> list[Fault]:
    """The days whose facts are not what the records give."""
    before = _pruned_before(db)
    with closing(sqlite3.connect(":memory:")) as made:
        facts.create(made)
        last = 0
        while rows := db.execute(
            "SELECT seq, body FROM records WHERE seq > ? ORDER BY seq LIMIT ?", (last, _AT_ONCE)
        ).fetchall():
            last = rows[-1][0]
            facts.add(db, [json.loads(body) for _, body in rows], into=made)
        days = sorted(set(_odd(db, made, before)))
    named = ", ".join(day or "without a day" for day in days[:_MOST]) + (" and others" if len(days) > _MOST else "")
    return [Fault(0, "", f"the counts that rates are made of are not what the records give: {named}")] if days else []


def _pruned_before(db: sqlite3.Connection) -> str:
    """The day up to which counts may be of records that were pruned; empty where nothing was, or whole projects were."""
    days = ["9999" if isinstance(one, Beginning) else one.before[:10] for one in prunings(db)]
    return max(days, default="")


def _odd(db: sqlite3.Connection, made: sqlite3.Connection, before: str) -> Iterator[str]:
    """The days of rows that are missing, were added, or count other than they should."""
    width = len(facts.KEY)
    day = facts.KEY.index("day")
    found = made.execute(f"SELECT id, {_CHECKED} FROM facts ORDER BY id")
    stored = db.execute(f"SELECT id, {_CHECKED} FROM facts ORDER BY id")
    expected, row = next(found, None), next(stored, None)
    while expected is not None or row is not None:
        if expected is None or (row is not None and row[0] < expected[0]):
            assert row is not None
            if row[1 + day] > before or not before:
                yield str(row[1 + day])
            row = next(stored, None)
        elif row is None or row[0] > expected[0]:
            yield str(expected[1 + day])
            expected = next(found, None)
        else:
            kept = expected[1 + day] <= before
            least = kept and all(a >= b for a, b in zip(row[1 + width :], expected[1 + width :], strict=True))
            if row[1 : 1 + width] != expected[1 : 1 + width] or (row != expected and not least):
                yield str(row[1 + day])
            expected, row = next(found, None), next(stored, None)
