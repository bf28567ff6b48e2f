"""The records of a time, taken out of a team's log into one that is gone when the report is made.

A report shows outputs, and asks of a log what no table of rates has. The records are marked as those of other logs
(``log/foreign.py``): a report says that they are on the word of whoever pushed them.
"""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Integer, MetaData, String, Table, and_, select

from aicheck_app import hashing
from aicheck_app.errors import AicheckError
from aicheck_app.log.store import Log
from aicheck_app.team.sources import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aicheck_app.log.queries import Selection
    from aicheck_app.log.records import Body
    from aicheck_app.team.history import TeamHistory

MAX_RECORDS = 2_000_000
"""A report of more takes longer than anybody waits, and more room than a temporary folder may have."""
_AT_ONCE = 5_000
_MARK = 8
_RECORDS = Table(
    "records", MetaData(),
    *(Column(name, String) for name in ("source", "id", "day", "agent", "model", "kind", "body")), Column("seq", Integer),
)  # fmt: skip


@contextmanager
def pulled(history: TeamHistory, which: Selection, progress: Callable[[str], None] = lambda _: None) -> Iterator[Log]:
    """A log of the records of a selection's days. Raises AicheckError where there are too many, or they can't be read."""
    with tempfile.TemporaryDirectory(prefix="aicheck-") as folder, Log(os.path.join(folder, "log.sqlite3")) as log:
        number = 0
        for batch in _batches(history.facts, which):
            log.take(batch)
            number += len(batch)
            progress(f"{number:,} records")
            if number > MAX_RECORDS:
                raise AicheckError(
                    f"there are more than {MAX_RECORDS:,} records: choose fewer with --since, --until, --agent or --model"
                )
        yield log


def _batches(address: str, which: Selection) -> Iterator[list[Body]]:
    columns = _RECORDS.c
    tests: list[Any] = [columns.day >= which.since[:10]] if which.since else []
    tests += [columns.day <= which.until[:10]] if which.until else []
    tests += [(columns.agent == which.agent) | columns.agent.is_(None)] if which.agent else []
    tests += [(columns.model == which.model) | (columns.kind != "output")] if which.model else []
    query = (
        select(columns.source, columns.body)
        .where(and_(True, *tests))
        .order_by(columns.day, columns.source, columns.seq)
    )
    with reading(address) as db:
        for rows in db.execution_options(stream_results=True).execute(query).partitions(_AT_ONCE):
            yield [one for source, body in rows if (one := _marked(str(source), body))]


def _marked(source: str, body: Body | str) -> Body:
    """A record under a name that says that it is another log's."""
    found = json.loads(body) if isinstance(body, str) else body
    if not isinstance(found, dict) or not isinstance(found.get("id"), str):
        return {}  # which no push of ours has written
    named = {name: f"{hashing.of_text(source, _MARK)}-{found[name]}" for name in ("id", "target") if found.get(name)}
    return {**found, **named}
