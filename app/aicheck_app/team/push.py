"""Sending what is new of a person's log to a team's: in batches that are there whole or not at all, so that a push that was
broken off goes on where it was, and a second one adds nothing.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg
from psycopg import sql

from aicheck_app.errors import AicheckError
from aicheck_app.log import facts
from aicheck_app.team.postgres import connect, told, transaction
from aicheck_app.team.records import BATCH, Leaving
from aicheck_app.team.setup import check_version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from aicheck_app.team.records import Sent

TRIES = 6
_GO_ON = "; what was sent stays there: run the command again"
_FACTS_ALONE, _BOTH = 1, 2
"""What the function ``month`` there says of a month."""
FIRST_PAUSE_SECONDS = 1.0
"""Before the second try; twice as long before each one after it."""
_RECORD = (
    "source", "id", "day", "seq", "person", "project", "kind", "time", "agent", "agent_version", "model", "language", "verdict",
    "session", "tool", "target", "body", "hash",
)  # fmt: skip
_FACT = ("source", "id", *facts.KEY, "first", "last", *facts.COUNTERS)
_AGAIN = (psycopg.OperationalError, psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure)


class Pushed(NamedTuple):
    """What a push has sent: records and rows of facts that were new there, and what of projects that are no more was taken away."""

    records: int
    facts: int
    removed: int


class Push:
    """One push of a log's chosen projects, as a person, to an address."""

    def __init__(self, leaving: Leaving, address: str, person: str) -> None:
        self.leaving = leaving
        self.address = address
        self.person = person
        self.source = leaving.log.keyed("the log itself")
        self.counts: Counter[str] = Counter()

    def run(
        self, progress: Callable[[str], None] = lambda _: None, pause: Callable[[float], None] = time.sleep
    ) -> Pushed:
        """Send all that is new, and try again with growing pauses where the server can't be reached. Raises AicheckError."""
        tries = 0
        while True:
            sent = self.counts.total()
            try:
                with connect(self.address) as db:
                    self._send(db, progress)
                return Pushed(self.counts["records"], self.counts["facts"], self.counts["removed"])
            except _AGAIN as error:
                tries = 1 if self.counts.total() > sent else tries + 1
                if tries >= TRIES or not _passes(error):
                    raise AicheckError(
                        f"{told(self.address, error)}; what was sent stays there: run the command again"
                    ) from error
                progress(f"again in {FIRST_PAUSE_SECONDS * 2 ** (tries - 1):g} s")
                pause(FIRST_PAUSE_SECONDS * 2 ** (tries - 1))
            except psycopg.Error as error:
                raise AicheckError(told(self.address, error)) from error

    def _send(self, db: psycopg.Connection[Any], progress: Callable[[str], None]) -> None:
        check_version(db)
        self._claim(db)
        with transaction(db):
            seq, touched = self._begin(db)
        newest = self.leaving.newest()
        for place, batch in self.leaving.records(seq):
            room = self._room(db, (sent.day for sent in batch))
            with transaction(db):
                self.counts["records"] += self._put_records(db, batch, room)
                self._reached(db, "seq", place)
            progress(f"{place:,} of {newest:,} records")
        for rows in _batches(self.leaving.facts(touched)):
            room = self._room(db, (str(row["day"]) for row in rows))
            with transaction(db):
                self.counts["facts"] += self._put_facts(db, rows, room)
                self._reached(db, "touched", int(rows[-1]["touched"]))
        with transaction(db):
            self.counts["removed"] += self._remove(db)
            self._head(db, newest)

    def _claim(self, db: psycopg.Connection[Any]) -> None:
        """The pseudonym is this login's."""
        with transaction(db):
            ((owned,),) = db.execute("SELECT aicheck.claim(%s)", (self.person,)).fetchall()
        if not owned:
            raise AicheckError(
                "another login pushes under this name: give the name that you are known by with --as NAME"
            )

    def _begin(self, db: psycopg.Connection[Any]) -> tuple[int, int]:
        """How far the log was pushed. Raises AicheckError for a log that is not the one that was pushed then."""
        key = (self.source, self.person, self.leaving.scope)
        others = db.execute("SELECT DISTINCT person FROM pushes WHERE source = %s AND person <> %s", key[:2]).fetchall()
        db.execute("INSERT INTO pushes (source, person, scope) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING", key)
        asked = "SELECT seq, touched, head FROM pushes WHERE source = %s AND scope = %s"
        found = db.execute(asked, (key[0], key[2])).fetchall()
        if others or not found:
            raise AicheckError("this log was pushed under another name before: give that one with --as NAME")
        seq, touched, head = found[0]
        if seq and self.leaving.hash_at(seq) != head:
            raise AicheckError(
                "another copy of this log was pushed, or a later state of it: only one can go on. Keep that one, or take what this one has"
                " into a log of its own ('aicheck log export', then 'aicheck log import' with another AICHECK_HOME) and push that"
            )
        return int(seq), int(touched)

    def _reached(self, db: psycopg.Connection[Any], column: str, place: int) -> None:
        head = self.leaving.hash_at(place) if column == "seq" else ""
        update = sql.SQL(
            "UPDATE pushes SET {column} = %s, head = CASE WHEN %s <> '' THEN %s ELSE head END, changed = now()"
            " WHERE source = %s AND scope = %s AND {column} <= %s"
        ).format(column=sql.Identifier(column))
        db.execute(update, (place, head, head, self.source, self.leaving.scope, place))

    def _put_records(self, db: psycopg.Connection[Any], batch: Sequence[Sent], room: Mapping[str, int]) -> int:
        """Those of months whose records were dropped there are left out; of an odd month they count as without a day."""
        rows = []
        for sent in batch:
            there = room.get(sent.day[:7], _BOTH)
            if there == _FACTS_ALONE:
                continue
            own = {
                **sent.body,
                "source": self.source,
                "day": sent.day if there else "",
                "seq": sent.seq,
                "person": self.person,
            }
            own |= {
                "project": sent.project,
                "body": json.dumps(sent.body),
                "hash": sent.hash,
                "time": sent.body.get("time", ""),
            }
            rows.append([own.get(name) for name in _RECORD])
        return _copied(db, "records", _RECORD, rows, self._said_anew())

    def _said_anew(self) -> sql.Composable:
        """What becomes of a record that is there: it moves with its project's name, and says more where more is sent by now."""
        names = ("project", "session", "body")
        columns = sql.SQL(", ").join(map(sql.Identifier, names))
        new = sql.SQL(", ").join(sql.Identifier("excluded", name) for name in names)
        also = sql.SQL(" OR excluded.body <> records.body" if self.leaving.excerpts or self.leaving.ids else "")
        update = "(source, id, day) DO UPDATE SET ({}) = ({}) WHERE excluded.project <> records.project{}"
        return sql.SQL(update).format(columns, new, also)

    def _put_facts(self, db: psycopg.Connection[Any], found: Sequence[dict[str, Any]], room: Mapping[str, int]) -> int:
        own = {"source": self.source, "person": self.person}
        days = [str(row["day"]) if room.get(str(row["day"])[:7], _BOTH) else "" for row in found]
        rows = [[{**row, **own, "day": day}[name] for name in _FACT] for row, day in zip(found, days, strict=True)]
        changing = [name for name in _FACT if name not in ("source", "id", "day")]
        new = sql.SQL(", ").join(sql.SQL("excluded.{}").format(sql.Identifier(name)) for name in changing)
        old = sql.SQL(", ").join(sql.SQL("facts.{}").format(sql.Identifier(name)) for name in changing)
        names = sql.SQL(", ").join(map(sql.Identifier, changing))
        update = sql.SQL(
            "(source, id, day) DO UPDATE SET ({names}, touched) = ({new}, excluded.touched) WHERE ({old}) IS DISTINCT FROM ({new})"
        ).format(names=names, new=new, old=old)
        return _copied(db, "facts", _FACT, rows, update, touched=True)

    def _room(self, db: psycopg.Connection[Any], days: Iterable[str]) -> dict[str, int]:
        """What there is room for in each month; its tables are made in a transaction of their own, so that nobody waits for a batch."""
        found = {}
        for month in sorted({day[:7] for day in days if day}):
            with transaction(db):
                ((found[month],),) = db.execute("SELECT aicheck.month(%s)", (f"{month}-01",)).fetchall()
        return found

    def _remove(self, db: psycopg.Connection[Any]) -> int:
        """Take away what the person's own log has no more, the projects that were purged there; the number of their records."""
        if not self.leaving.has_purged():
            return 0
        held = self.leaving.held()
        there = [row for (row,) in db.execute("SELECT id FROM facts WHERE source = %s", (self.source,))]
        gone = [row for row in there if row not in held]
        if not gone:
            return 0
        delete = "DELETE FROM facts WHERE source = %s AND id = ANY(%s) RETURNING project"
        projects = list({project for (project,) in db.execute(delete, (self.source, gone))})
        return db.execute(
            "DELETE FROM records WHERE source = %s AND project = ANY(%s)"
            " AND project NOT IN (SELECT project FROM facts WHERE source = %s)",
            (self.source, projects, self.source),
        ).rowcount

    def _head(self, db: psycopg.Connection[Any], newest: int) -> None:
        put = "INSERT INTO heads (source, person, head, seq) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING"
        db.execute(put, (self.source, self.person, self.leaving.log.head(), newest))


def _copied(
    db: psycopg.Connection[Any], table: str, names: Sequence[str], rows: Sequence[Sequence[object]], conflict: sql.Composable,
    *, touched: bool = False,
) -> int:  # fmt: skip
    """Put rows into a table by COPY, through a table of this session's own: row-level security lets no COPY in."""
    if not rows:
        return 0
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    own = sql.Identifier(f"new_{table}")
    db.execute(
        sql.SQL("CREATE TEMP TABLE IF NOT EXISTS {} (LIKE {} INCLUDING DEFAULTS) ON COMMIT DELETE ROWS").format(
            own, sql.Identifier("aicheck", table)
        )
    )
    if touched:
        db.execute(sql.SQL("ALTER TABLE {} ALTER touched DROP NOT NULL").format(own))
    with db.cursor().copy(sql.SQL("COPY {} ({}) FROM STDIN").format(own, columns)) as copy:
        for row in rows:
            copy.write_row(row)
    also, value = (
        (sql.SQL(", touched"), sql.SQL(", pg_current_xact_id()::text::bigint"))
        if touched
        else (sql.SQL(""), sql.SQL(""))
    )
    put = sql.SQL("INSERT INTO {table} ({columns}{also}) SELECT {columns}{value} FROM {own} ON CONFLICT {conflict}")
    return db.execute(
        put.format(
            table=sql.Identifier("aicheck", table), columns=columns, also=also, value=value, own=own, conflict=conflict
        )
    ).rowcount


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _passes(error: psycopg.Error) -> bool:
    """Whether it may go better in a while: not where the login or the database is refused."""
    said = str(error).lower()
    return not any(
        words in said for words in ("authentication", "does not exist", "certificate", "no password", "not permitted")
    )
