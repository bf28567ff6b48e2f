"""What a worker makes of its rows: records, as the log would hold them, and what could not be read.

Each session is read by itself, by a log of its own that is gone afterwards: what comes out depends on nothing but what went in, so
that rows which are worked on twice, by a second run or by a cluster that was in doubt, come out the same.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from aicheck_app import faults, hashing
from aicheck_app.batch import layout
from aicheck_app.capture.ingest import Ingest
from aicheck_app.log import fields, key, queries, records
from aicheck_app.log.chain import canonical
from aicheck_app.log.facts import day_of
from aicheck_app.log.schema import COLUMNS
from aicheck_app.log.store import Log
from aicheck_app.observe import examine, recorded
from aicheck_app.origin import UNIQUE, Origin, Output
from aicheck_checks.engine import Result
from aicheck_checks.isolation import FAILED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aicheck_app.batch.options import Options
    from aicheck_app.log.records import Body
    from aicheck_checks.settings import Settings
    from aicheck_checks.source import Source

Row = dict[str, Any]
SKIPPED = layout.SKIPPED
"""The kind of a row that says what could not be read."""
KINDS = ("file", "fragment", "reply")
MAX_LINE = 64_000_000
"""Code points of a line of JSON."""
MAX_SESSION = 200_000_000
"""Bytes of a session's file; a larger one is told as skipped."""
_FILE = re.compile(r"^file:/{1,3}")
"""How Hadoop writes what is on this machine."""
_ORIGIN = {name: type(value) for name, value in Origin()._asdict().items()}


class _Skipped(NamedTuple):
    """A row that is no record."""

    id: str
    kind: str
    body: str


def texts(options: Options, rows: Sequence[Row]) -> list[Row]:
    """The records of texts; a row that has none is told as skipped."""
    given = [_with_text(row) for row in rows]
    found = iter(_tried(options, [row for row in given if not _is_skipped(row)]))
    return [row if _is_skipped(row) else next(found) for row in given]


def _tried(options: Options, rows: Sequence[Row]) -> list[Row]:
    try:
        return _texts(options, rows)
    except Exception as error:  # noqa: BLE001 - which of them it was is found one by one
        if len(rows) == 1:
            faults.note("batch", error)
            return lost_text(options, rows[0], FAILED)
        return [found for row in rows for found in _tried(options, [row])]


def _texts(options: Options, rows: Sequence[Row]) -> list[Row]:
    outputs = [_output(row) for row in rows]
    with _log(options) as log:
        found = [records.body(one) for one in recorded(examine(outputs, log, options.config))]
        people = [options.pseudonym(str(row.get("person") or "")) for row in rows]
        return [_row(body, person, log) for body, person in zip(fields.cleaned(found), people, strict=True)]


def lines(options: Options, rows: Sequence[Row]) -> list[Row]:
    """The records of texts that come as lines of JSON."""
    return texts(options, [_parsed(row) for row in rows])


def lost_line(options: Options, row: Row, reason: str) -> list[Row]:
    """As ``lost_text``, for a line of JSON."""
    return lost_text(options, _parsed(row), reason)


def lost_text(options: Options, row: Row, reason: str) -> list[Row]:
    """The record of a text over which a process ended: it is unchecked, with the reason."""
    row = _with_text(row)
    if _is_skipped(row):
        return [row]
    output = _output(row)

    def give_up(sources: Sequence[Source], _: Settings) -> list[Result]:
        return [Result(unchecked=reason) for _ in sources]

    with _log(options) as log:
        found = [
            records.body(one) for one in recorded(examine([output], log, options.config, check=give_up, quotes=False))
        ]
        return [_row(body, options.pseudonym(str(row.get("person") or "")), log) for body in fields.cleaned(found)]


def sessions(options: Options, rows: Sequence[Row]) -> list[Row]:
    """The records of sessions, each a whole file."""
    return [found for row in rows for found in _session(options, str(row.get("path") or ""), row.get("content"))]


def lost_session(options: Options, row: Row, reason: str) -> list[Row]:
    """What is said of a session over which a process ended."""
    return [skipped(str(row.get("path") or ""), f"file that ended the process which read it: {reason}")]


def skipped(address: str, reason: str, content: str = "") -> Row:
    """What is said of what could not be read; the ``content`` tells a line from others of its file."""
    told: dict[str, object] = {"path": fields.path(os.path.basename(address)), "reason": reason}
    name = hashing.of_text(canonical({"of": hashing.of_text(content or _FILE.sub("/", address)), **told}), 20)
    return _Skipped(name, SKIPPED, canonical(told))._asdict()


def _parsed(row: Row) -> Row:
    """A line as its row, or what is said of one that is none."""
    line = str(row["line"])
    try:
        found = json.loads(line) if len(line) <= MAX_LINE else None
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict) and isinstance(found.get("text"), str):
        return found
    return skipped(str(row.get("file") or ""), "line that is no JSON object with a text", line)


def _with_text(row: Row) -> Row:
    """A row whose columns of bytes, as some write texts into Parquet, are texts; what is said of it if it has no text."""
    if _is_skipped(row):
        return row
    read = {
        name: value.decode("utf-8", "replace") if isinstance(value, bytes) else value for name, value in row.items()
    }
    if isinstance(read.get("text"), str):
        return read
    return skipped("", "row without a text", repr(sorted(row.items())))


def _is_skipped(row: Row) -> bool:
    return row.get("kind") == SKIPPED and "text" not in row


def _session(options: Options, address: str, content: bytes | None) -> list[Row]:
    if content is None or len(content) > MAX_SESSION:
        return [skipped(address, f"file of more than {MAX_SESSION:,} bytes")]
    name = os.path.basename(address.rstrip("/")) or "session.jsonl"
    with tempfile.TemporaryDirectory(prefix="aicheck-") as folder:
        file = os.path.join(folder, name[-200:])
        with open(file, "wb") as stream:
            stream.write(content)
        os.utime(file, (0, 0))  # a session that is stored away has ended
        with _log(options) as log:
            run = Ingest(log, options.config, agent=options.agent, here=False, alone=True)
            totals = run.run([file])
            person = options.person_of(address)
            found = [_row(body, person, log) for body in queries.everything(log)]
        return found + [skipped(address, reason) for _, reason in totals.left]


@contextmanager
def _log(options: Options) -> Iterator[Log]:
    """A log that is gone afterwards, with the key of the whole run."""
    with tempfile.TemporaryDirectory(prefix="aicheck-") as folder:
        path = os.path.join(folder, "log.sqlite3")
        with Log(path) as log:
            key.save(key.path_of(path), options.key)  # in place of the one that was made by chance, and not used yet
            yield log


def _output(row: Row) -> Output:
    origin = Origin(**{name: _as(kind, row[name]) for name, kind in _ORIGIN.items() if row.get(name) not in (None, "")})
    text, path = str(row.get("text") or ""), str(row.get("path") or "")
    key_, kind = str(row.get("key") or origin.tool_use), str(row.get("kind") or "file")
    if not key_:
        parts = (origin.session, origin.message, path, origin.time)
        key_ = hashing.of_text("\0".join(parts), UNIQUE - 1)
    previous = row.get("previous")
    return Output(
        key_, str(row.get("tool") or ""), text, text, kind if kind in KINDS else "file", path,  # type: ignore[arg-type]
        origin._replace(attribution="api" if origin.attribution == Origin().attribution else origin.attribution),
        str(row["language"]) if isinstance(row.get("language"), str) and row["language"] else None, None if previous is None else str(previous),
    )  # fmt: skip


def _as(kind: type, value: Any) -> Any:
    """A column as its member's type; what is none of it counts as not there."""
    try:
        return kind(value) if kind is not bool else bool(value)
    except (TypeError, ValueError, OverflowError):
        return kind()


def _row(body: Body, person: str, log: Log) -> Row:
    kept = {**body, **({"person": person} if person else {})}
    found = {name: str(body[name]) for name in COLUMNS if body.get(name) not in (None, "")}
    return {
        **found, "day": day_of(str(body.get("time", ""))), "project": str(body.get("project", "")), "source": person, "person": person,
        "seq": 0, "body": canonical(kept),
    }  # fmt: skip
