"""What records count, where they are no rows of a log: outputs with what was found of them later."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any

from aicheck_app.log.facts import COUNTERS, added_up, row_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aicheck_app.log.facts import Row

AT_ONCE = 20_000
"""Records that are added up before what they come to is handed on."""
_SAID = ("later", "mark")


def counted(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Rows of facts, of records that come grouped (``arrow.facts``)."""
    waiting: list[Row] = []
    for _, group in groupby(rows, key=lambda row: row.get("target") or row["id"]):
        waiting += _of_output(
            list({row["id"]: row for row in group}.values())
        )  # two runs at once may have put it there
        if len(waiting) >= AT_ONCE:
            yield [_plain(row) for row in added_up(waiting)]
            waiting = []
    if waiting:
        yield [_plain(row) for row in added_up(waiting)]


def _of_output(group: list[dict[str, Any]]) -> Iterator[Row]:
    """What a record counts together with all that was said of it; what was said of an output that is not there counts nothing."""
    bodies = [(row["kind"], json.loads(row["body"]), row.get("person") or "") for row in group]
    said = [body for kind, body, _ in bodies if kind in _SAID]
    for kind, body, person in bodies:
        if kind not in _SAID and (row := row_of(body, said)) is not None:
            yield row._replace(key=row.key._replace(person=person))


def _plain(row: Row) -> dict[str, Any]:
    return {
        **row.key._asdict(),
        "first": row.first,
        "last": row.last,
        "touched": 0,
        **{name: int(row.counts[name]) for name in COUNTERS},
    }
