"""Taking in what another log handed out: its records under names of their own, so that they never meet those of this log.

An export holds no line hashes and no texts, and keyed hashes in place of ids; what it counts, finds and says of models is whole.
"""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from aicheck_app import hashing
from aicheck_app.errors import AicheckError
from aicheck_app.log import records

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aicheck_app.log.records import Body
    from aicheck_app.log.store import Log

MAX_LINE = 2_000_000
"""Code points of a line that is read."""
_NAMED = ("id", "target", "session", "project", "file")
"""Members that name something of the other log: they get the mark of that log."""
_KINDS = ("output", "later", "message", "turn", "session", "event", "broken", "canary", "mark")
_TYPES = {records.kind_of(kind): kind for kind in records.KINDS if records.kind_of(kind) in _KINDS}
_DIGITS = 8
_AT_ONCE = 2_000
"""Records that are logged together."""


class Taken(NamedTuple):
    """How many records of an export were new, how many it has, and how many it says that it has (None for a part of a log)."""

    added: int
    total: int
    stated: int | None


def take_in(log: Log, lines: Iterable[str], path: str) -> Taken:
    """Log the records of an export. Raises AicheckError as ``records_of`` and ``Log``, and says how many were taken in by then."""
    added = total = 0
    rows = iter(lines)
    beginning = _beginning(next(rows, ""), path)
    found = records_of(beginning, rows, path)
    try:
        while some := list(islice(found, _AT_ONCE)):
            total += len(some)
            added += sum(log.take(some))
    except AicheckError as error:
        raise AicheckError(f"{error}; {added:,} records before that were taken in") from error
    stated = beginning.get("records")
    return Taken(added, total, stated if isinstance(stated, int) and not beginning.get("since") else None)


def imported(log: Log) -> int:
    """How many records came from the exports of other logs: their names begin with the mark of one."""
    ((number,),) = log.rows(f"SELECT count(*) FROM records WHERE id LIKE '{'_' * _DIGITS}-%'")
    return int(number)


def _beginning(line: str, path: str) -> dict[str, Any]:
    beginning = _object(line, path, 1)
    if beginning.get("kind") != "aicheck log" or beginning.get("version") != 2:
        raise AicheckError(f"{path}: no export of a log (aicheck log export -o {path})")
    return beginning


def records_of(beginning: dict[str, Any], rows: Iterable[str], path: str) -> Iterator[Body]:
    """The records of an export behind its beginning, marked as another log's. Raises AicheckError for a line that is none."""
    mark = hashing.of_text(str(beginning.get("head") or json.dumps(beginning, sort_keys=True)), _DIGITS)
    for number, line in enumerate(rows, 2):
        given = _object(line, path, number).get("record")
        if not isinstance(given, dict) or (kind := _TYPES.get(str(given.get("kind")))) is None:
            continue
        body = {
            name: value for name, value in records.body(records.read(kind, given)).items() if not _is_negative(value)
        }
        if not body.get("id"):
            raise AicheckError(f"{path}: the record of line {number} has no id")
        yield {**body, **{name: f"{mark}-{body[name]}" for name in _NAMED if body.get(name)}}


def _is_negative(value: object) -> bool:
    """Whether something is counted that can't be."""
    return isinstance(value, int) and value < 0


def _object(line: str, path: str, number: int) -> dict[str, Any]:
    if len(line) > MAX_LINE:
        raise AicheckError(f"{path}: line {number} is longer than {MAX_LINE:,} characters")
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise AicheckError(f"{path}: line {number} is no JSON") from error
    if not isinstance(found, dict):
        raise AicheckError(f"{path}: line {number} is no object")
    return found
