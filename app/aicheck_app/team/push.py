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
from aicheck_app.team.postgres import connect, told
from aicheck_app.team.records import BATCH, Leaving
from aicheck_app.team.setup import check_version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from aicheck_app.team.records import Sent

TRIES = 6
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
        with db.transaction():
            seq, touched = self._begin(db)
        newest = self.leaving.newest()
        for place, batch in self.leaving.records(seq):
            with db.transaction():
                self.counts["records"] += self._put_records(db, batch)
                self._reached(db, "seq", place)
            progress(f"{place:,} of {newest:,} records")
        for rows in _batches(self.leaving.facts(touched)):
            with db.transaction():
                self.counts["facts"] += self._put_facts(db, rows)
                self._reached(db, "touched", int(rows[-1]["touched"]))
        with db.transaction():
            self.counts["removed"] += self._remove(db)
            self._head(db, newest)

    def _claim(self, db: psycopg.Connection[Any]) -> None:
        """The pseudonym is this login's, and no other push of this log runs."""
        with db.transaction():
            ((owned,),) = db.execute("SELECT aicheck.claim(%s)", (self.person,)).fetchall()
        if not owned:
            raise AicheckError(
                "another login pushes under this name: give the name that you are known by with --as NAME"
            )
        with db.transaction():
            ((alone,),) = db.execute(
                "SELECT pg_try_advisory_lock(hashtext(%s))", (f"aicheck {self.source}",)
            ).fetchall()
        if not alone:
            raise psycopg.errors.LockNotAvailable("another push of this log is under way")

    def _begin(self, db: psycopg.Connection[Any]) -> tuple[int, int]:
        key = (self.source, self.person, self.leaving.scope)
        db.execute("INSERT INTO pushes (source, person, scope) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING", key)
        found = db.execute(
            "SELECT seq, touched FROM pushes WHERE source = %s AND scope = %s", (key[0], key[2])
        ).fetchall()
        if not found:
            raise AicheckError("this log was pushed under another name before: give it with --as NAME")
        seq, touched = found[0]
        return int(seq), int(touched)

    def _reached(self, db: psycopg.Connection[Any], column: str, place: int) -> None:
        update = sql.SQL("UPDATE pushes SET {} = %s, changed = now() WHERE source = %s AND scope = %s").format(
            sql.Identifier(column)
        )
        db.execute(update, (place, self.source, self.leaving.scope))

    def _put_records(self, db: psycopg.Connection[Any], batch: Sequence[Sent]) -> int:
        rows = []
        for sent in batch:
            own = {**sent.body, "source": self.source, "day": sent.day, "seq": sent.seq, "person": self.person}
            own |= {
                "project": sent.project,
                "body": json.dumps(sent.body),
                "hash": sent.hash,
                "time": sent.body.get("time", ""),
            }
            rows.append([own.get(name) for name in _RECORD])
        self._months(db, {sent.day for sent in batch})
        return _copied(db, "records", _RECORD, rows, sql.SQL("DO NOTHING"))

    def _put_facts(self, db: psycopg.Connection[Any], found: Sequence[dict[str, Any]]) -> int:
        rows = [[{**row, "source": self.source, "person": self.person}[name] for name in _FACT] for row in found]
        self._months(db, {str(row["day"]) for row in found})
        changing = [name for name in _FACT if name not in ("source", "id", "day")]
        new = sql.SQL(", ").join(sql.SQL("excluded.{}").format(sql.Identifier(name)) for name in changing)
        old = sql.SQL(", ").join(sql.SQL("facts.{}").format(sql.Identifier(name)) for name in changing)
        names = sql.SQL(", ").join(map(sql.Identifier, changing))
        update = sql.SQL(
            "(source, id, day) DO UPDATE SET ({names}, touched) = ({new}, excluded.touched) WHERE ({old}) IS DISTINCT FROM ({new})"
        ).format(names=names, new=new, old=old)
        return _copied(db, "facts", _FACT, rows, update, touched=True)

    def _months(self, db: psycopg.Connection[Any], days: set[str]) -> None:
        for month in sorted({day[:7] for day in days if day and day > "2000"}):
            db.execute("SELECT aicheck.month(%s)", (f"{month}-01",))

    def _remove(self, db: psycopg.Connection[Any]) -> int:
        """Take away what the person's own log has no more, the projects that were purged there; the number of their records."""
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
