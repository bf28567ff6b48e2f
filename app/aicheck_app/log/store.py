"""Opening, appending and reading the log.

Every append is one transaction that is on disk when it returns (WAL with
``synchronous = FULL``): what was acknowledged survives a kill or a power cut.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import sqlite3
import time
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from aicheck_app.errors import AicheckError
from aicheck_app.home import database
from aicheck_app.log.chain import GENESIS, canonical, link
from aicheck_app.log.schema import MIGRATIONS, migrate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import TracebackType

Record = dict[str, Any]
BUSY_SECONDS = 60.0


class Fault(NamedTuple):
    """What verification found wrong with a record."""

    seq: int
    id: str
    reason: str


class Log:
    """The log of one ``AICHECK_HOME``; a context manager."""

    def __init__(self, path: str | None = None, *, read_only: bool = False, patience: float = BUSY_SECONDS) -> None:
        """Open the log; ``patience`` is how long (seconds) another writer is waited for. Raises AicheckError."""
        self.path = path or database()
        self.patience = patience
        self.read_only = read_only
        with self._explained():
            self.db = self._open()

    def __enter__(self) -> Log:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.db.close()

    def append(self, records: Sequence[Record], captured: Mapping[str, Record] | None = None) -> list[bool]:
        """Append the records whose id is new; says for each whether it was.

        ``captured`` is the state of captured files, saved in the same
        transaction. Raises AicheckError if the disk is full or the log can't
        be written; then nothing of it is in the log.
        """
        with self._explained(), self._transaction():
            head = self._head()
            added = []
            for record in records:
                added.append(not self.has(record["id"]))
                if added[-1]:
                    body = canonical(record)
                    head = link(head, body)
                    self.db.execute("INSERT INTO records (body, hash) VALUES (?, ?)", (body, head))
            for file, state in (captured or {}).items():
                self.db.execute("INSERT OR REPLACE INTO captured VALUES (?, ?)", (file, json.dumps(state)))
        return added

    def remember(self, file: str, state: Record) -> None:
        """Save the state of a captured file or session, by its keyed name. Raises AicheckError."""
        self.append([], {file: state})

    def captured(self, file: str) -> Record | None:
        """The saved state of a captured file, by its keyed name."""
        row = self.db.execute("SELECT state FROM captured WHERE file = ?", (file,)).fetchone()
        return json.loads(row[0]) if row else None

    def has(self, identifier: str) -> bool:
        """Whether there is a record with this id."""
        return self.db.execute("SELECT 1 FROM records WHERE id = ?", (identifier,)).fetchone() is not None

    def keyed(self, text: str) -> str:
        """A hash of a text that only this log can make (12 hexadecimal digits)."""
        return hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), "sha256").hex()[:12]

    def records(self, where: str = "1", values: Sequence[object] = ()) -> Iterator[Record]:
        """The bodies of the records that meet an SQL condition, in order."""
        query = f"SELECT body FROM records WHERE {where} ORDER BY seq"
        with self._explained():
            for (body,) in self.db.execute(query, values):
                yield json.loads(body)

    def query(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Rows of a reading query over ``records`` and its columns."""
        with self._explained():
            return self.db.execute(sql, values).fetchall()

    def head(self) -> str:
        """The hash of the newest record, in hexadecimal."""
        return self._head().hex()

    def verify(self) -> tuple[int, list[Fault]]:
        """Recompute the chain: the number of records and what is wrong, named by record."""
        with self._explained():
            faults = self._storage_faults()
            try:
                count, broken = self._chain_faults()
            except sqlite3.DatabaseError as error:
                return 0, [*faults, Fault(0, "", f"unreadable: {error}")]
        return count, faults + broken

    def prune(self, before: str, now: str) -> int:
        """Delete the records older than a time (UTC, ISO 8601), leaving an anchor in the chain."""
        with self._explained(), self._transaction():
            row = self.db.execute(
                "SELECT max(seq) FROM records WHERE seq < coalesce((SELECT min(seq) FROM records WHERE time >= ?),"
                " (SELECT max(seq) + 1 FROM records))",
                (before,),
            ).fetchone()
            if row[0] is None:
                return 0
            last = self.db.execute("SELECT seq, hash FROM records WHERE seq = ?", row).fetchone()
            record = {
                "id": f"prune-{last[0]}-{last[1].hex()[:12]}", "kind": "prune", "time": now, "before": before,
                "through": last[0], "hash": last[1].hex(),
            }  # fmt: skip
            body = canonical(record)
            self.db.execute("INSERT INTO records (body, hash) VALUES (?, ?)", (body, link(self._head(), body)))
            return self.db.execute("DELETE FROM records WHERE seq <= ?", (last[0],)).rowcount

    @cached_property
    def _key(self) -> bytes:
        row = self.db.execute("SELECT value FROM meta WHERE name = 'key'").fetchone()
        return bytes(row[0])

    def _head(self) -> bytes:
        row = self.db.execute("SELECT hash FROM records ORDER BY seq DESC LIMIT 1").fetchone()
        return bytes(row[0]) if row else GENESIS

    def _open(self) -> sqlite3.Connection:
        if self.read_only and not os.path.exists(self.path):
            raise AicheckError("the log is empty: nothing was captured yet (try 'aicheck ingest')")
        if not self.read_only:
            os.makedirs(os.path.dirname(self.path), mode=0o700, exist_ok=True)
            # An existing file is never opened but by SQLite: closing it would end the locks of this process's other threads.
            with contextlib.suppress(FileExistsError):
                os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        db = sqlite3.connect(self.path, timeout=self.patience, isolation_level=None, check_same_thread=False)
        if self.read_only:
            if int(db.execute("PRAGMA user_version").fetchone()[0]) < len(MIGRATIONS):
                Log(self.path, patience=self.patience).db.close()  # an older aicheck's: brought up to date first
            db.execute("PRAGMA query_only = ON")
        else:
            _retry(lambda: db.execute("PRAGMA journal_mode = WAL"), self.patience)
            db.execute("PRAGMA synchronous = FULL")
            migrate(db)
        if int(db.execute("PRAGMA user_version").fetchone()[0]) > len(MIGRATIONS):
            db.close()
            raise AicheckError("the log was written by a newer aicheck; update aicheck to read it")
        return db

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.db.execute("COMMIT")
        except BaseException:
            if self.db.in_transaction:
                self.db.execute("ROLLBACK")
            raise

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what SQLite and the system say into what a user can do."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise AicheckError(_explain(error, self.path)) from error

    def _storage_faults(self) -> list[Fault]:
        try:
            rows = self.db.execute("PRAGMA integrity_check(5)").fetchall()
        except sqlite3.DatabaseError as error:
            return [Fault(0, "", f"the database file is damaged: {error}")]
        return [Fault(0, "", f"the database file is damaged: {row[0]}") for row in rows if row[0] != "ok"]

    def _chain_faults(self) -> tuple[int, list[Fault]]:
        faults: list[Fault] = []
        anchors = {r["through"]: bytes.fromhex(r["hash"]) for r in self._readable("kind = 'prune'")}
        expected_seq, head, count = 1, GENESIS, 0
        for seq, body, stored in self.db.execute(
            "SELECT seq, CAST(body AS BLOB), hash FROM records NOT INDEXED ORDER BY seq"
        ):
            name = _id(bytes(body))
            if seq != expected_seq:
                if count == 0 and seq - 1 in anchors:
                    head = anchors[seq - 1]
                else:
                    faults.append(Fault(seq, name, f"records {expected_seq} to {seq - 1} are missing"))
            if _sha(head, bytes(body)) != bytes(stored):
                faults.append(Fault(seq, name, "the record or its hash was changed"))
            head, expected_seq, count = bytes(stored), seq + 1, count + 1
        return count, faults

    def _readable(self, where: str) -> list[Record]:
        found = []
        with contextlib.suppress(sqlite3.DatabaseError, ValueError):
            for (body,) in self.db.execute(f"SELECT body FROM records WHERE {where}"):
                found.append(json.loads(body))
        return found


def _sha(head: bytes, body: bytes) -> bytes:

    return hashlib.sha256(head + body).digest()


def _id(body: bytes) -> str:
    try:
        return str(json.loads(body)["id"])
    except (ValueError, KeyError, TypeError):
        return "unreadable"


def _retry(action: Any, patience: float) -> None:
    """Switching to WAL does not wait for a lock as other statements do."""
    deadline = time.monotonic() + patience
    while True:
        try:
            action()
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _explain(error: Exception, path: str) -> str:
    said = str(error)
    if "disk is full" in said or "No space left" in said:
        return f"the disk is full: nothing was written to the log ({path}); free some space and try again"
    if "readonly" in said or "read-only" in said or isinstance(error, PermissionError):
        return f"the log can't be written ({path}): {said}; check the folder's permissions or set AICHECK_HOME"
    if "locked" in said:
        return f"the log has been in use by another process for too long ({path}); try again"
    if "malformed" in said or "not a database" in said:
        return f"the log is damaged ({path}): {said}; run 'aicheck log verify', or move the file away"
    return f"the log can't be used ({path}): {said}"
