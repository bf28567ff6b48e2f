"""Opening, appending and reading the log.

Every append is one transaction that is on disk when it returns (WAL with
``synchronous = FULL``): what was acknowledged survives a kill or a power cut.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import time
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from aicheck_app import hashing
from aicheck_app.clock import days_ago, now
from aicheck_app.errors import AicheckError
from aicheck_app.home import database
from aicheck_app.log import facts, key
from aicheck_app.log.chain import GENESIS, SALT, link, salted
from aicheck_app.log.fields import cleaned, state, storable
from aicheck_app.log.paths import close_to_others, still, uri
from aicheck_app.log.records import Kind, body, decoded
from aicheck_app.log.schema import MIGRATIONS, migrate
from aicheck_app.log.spool import Batch, Spool, forget, set_aside

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from types import TracebackType

    from aicheck_app.log.records import Body, Record
    from aicheck_app.log.verify import Fault

BUSY_SECONDS = 60.0
CHANGED = "monitor: changed"
"""The name of the state in which the monitor keeps what editors show of it."""
STATE_DAYS = 90
"""States of files and sessions that were not asked for in so long are forgotten: agents delete their sessions sooner."""
_KNOWN = "SELECT 1 FROM records WHERE id = ?1 UNION ALL SELECT 1 FROM pruned WHERE id = ?1 LIMIT 1"
_HEAD = "SELECT hash FROM records ORDER BY seq DESC LIMIT 1"


class Log:
    """The log of one ``AICHECK_HOME``; a context manager.

    ``trouble`` says, in words for the user, what kept records out of the log; empty while there is none.
    """

    def __init__(self, path: str | None = None, *, read_only: bool = False, patience: float = BUSY_SECONDS) -> None:
        """Open the log; ``patience`` is how long (seconds) another writer is waited for.

        What waits in the spool is taken in. Raises AicheckError; ``open_log`` never does.
        """
        self.path = path or database()
        self.patience = patience
        self.read_only = read_only
        self.trouble = ""
        self.spool = Spool(self.path)
        with self._explained():
            self.db = self._open()
        if not read_only and self.spool.waiting():
            self._take_in()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.db.close()

    def append(self, records: Sequence[Record], captured: Mapping[str, Body] | None = None) -> list[bool]:
        """Append the records whose id is new; says for each whether it was.

        Secrets and home folders are taken out of every string first. ``captured`` is the state of captured files,
        saved in the same transaction. Raises AicheckError if the disk is full or the log can't be written; then
        nothing of it is in the log.
        """
        return self.take([body(record) for record in records], captured)

    def take(self, bodies: Sequence[Body], captured: Mapping[str, Body] | None = None) -> list[bool]:
        """As ``append``, for what comes in stored form: of the spool, or of another version of aicheck."""
        return self.write(cleaned(bodies), captured)

    def write(self, bodies: Sequence[Body], captured: Mapping[str, Body] | None = None) -> list[bool]:
        """As ``take``, for what ``fields.cleaned`` has been through already."""
        return self._write(bodies, states(captured))

    def remember(self, file: str, state: Body) -> None:
        """Save the state of a captured file or session, by its keyed name. Raises AicheckError as ``append``."""
        self.append([], {file: state})

    def captured(self, file: str) -> Body | None:
        """The saved state of a captured file, by its keyed name."""
        rows = list(self.rows("SELECT state FROM captured WHERE file = ?", (file,)))
        return json.loads(rows[0][0]) if rows else None

    def renew(self, files: Collection[str]) -> None:
        """Keep the states of files that are still there and have not changed. Raises AicheckError as ``append``."""
        with self._explained(), self._transaction():
            renew = "UPDATE captured SET time = ?1 WHERE file = ?2 AND time < ?3"
            self.db.executemany(renew, [(now(), file, days_ago(1)) for file in files])

    @property
    def facts(self) -> str:
        """Where what rates are made of is to be read (``monitor/sums.py``)."""
        return self.path

    def monitored(self) -> Iterator[tuple[str, bytes]]:
        """What the monitor kept, with the day until which it goes, the newest first."""
        yield from self.rows("SELECT day, state FROM monitored ORDER BY day DESC")

    def keep_monitored(self, day: str, state: bytes) -> None:
        """Keep what the monitor knows at the end of a day; of each month, and behind it, only the newest stays.

        What can't be kept, by a log that is read alone or in use, is worked out again: it is no loss.
        """
        if self.read_only:
            return
        with contextlib.suppress(AicheckError), self._explained(), self._transaction():
            self.db.execute("DELETE FROM monitored WHERE day >= ? OR substr(day, 1, 7) = ?", (day, day[:7]))
            self.db.execute("INSERT INTO monitored VALUES (?, ?)", (day, state))

    def has(self, identifier: str) -> bool:
        """Whether there is a record with this id, or was before it was pruned."""
        return any(self.rows(_KNOWN, (identifier,)))

    def digest(self, identifier: str) -> str | None:
        """The hash of the text of the output with this id; None where there is no such record, or none any more."""
        sql = "SELECT json_extract(body, '$.sha256') FROM records WHERE id = ?"
        return next((found for (found,) in self.rows(sql, (identifier,))), None)

    def keyed(self, text: str, digits: int = 12) -> str:
        """A hash of a text that only the holder of this log's key can make, in hexadecimal digits."""
        return hashing.keyed(self._key, text, digits)

    def bodies(self, where: str = "1", values: Sequence[object] = ()) -> Iterator[Body]:
        """The records that meet an SQL condition, in order, without their salts; for this package alone."""
        with self._explained():
            for (stored,) in self.rows(f"SELECT body FROM records WHERE {where} ORDER BY seq", values):
                yield {key: value for key, value in json.loads(stored).items() if key != SALT}

    def read(self, kind: type[Kind], where: str, values: Sequence[object] = ()) -> Iterator[Kind]:
        """As ``bodies``, each as its type: half the work."""
        with self._explained():
            for (stored,) in self.rows(f"SELECT body FROM records WHERE {where} ORDER BY seq", values):
                yield decoded(kind, stored)

    def rows(self, sql: str, values: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        """Rows of a reading query, one at a time; for this package alone. Raises AicheckError if the log can't be read."""
        plain = [storable(value) if isinstance(value, str) else value for value in values]
        with self._explained():
            yield from self.db.execute(sql, plain)

    def head(self) -> str:
        """The hash of the newest record, in hexadecimal."""
        return next((bytes(stored).hex() for (stored,) in self.rows(_HEAD)), GENESIS.hex())

    def verify(self) -> tuple[int, list[Fault]]:
        """Recompute the chain: the number of records and what is wrong, named by record."""
        from aicheck_app.log.recount import count_faults
        from aicheck_app.log.verify import Fault, chain_faults, form_faults, storage_faults

        faults = storage_faults(self.db) + form_faults(self.db)
        try:
            count, broken = chain_faults(self.db)
            broken = broken or (
                count_faults(self.db) if not faults else []
            )  # of what was changed nothing more is to be said
        except sqlite3.DatabaseError as error:
            return 0, [*faults, Fault(0, "", f"unreadable: {error}")]
        return count, faults + broken

    def verify_newest(self, number: int) -> tuple[int, list[Fault]]:
        """As ``verify``, for the chain of the newest records alone: a long log takes minutes to read whole."""
        from aicheck_app.log.verify import Fault, newest_faults

        try:
            return newest_faults(self.db, number)
        except sqlite3.DatabaseError as error:
            return 0, [Fault(0, "", f"unreadable: {error}")]

    def prune(self, before: str, now: str) -> int:
        """Delete what is older than a time (UTC, ISO 8601) and say so in the chain; the number of records deleted.

        Raises AicheckError if the log can't be written or does not verify.
        """
        from aicheck_app.log.prune import prune

        return self._deleted(lambda: prune(self.db, before, now))

    def purge(self, project: str, now: str) -> int:
        """As ``prune``, for all that there is of a project, named by its keyed hash; its facts go as well."""
        from aicheck_app.log.prune import purge

        return self._deleted(lambda: purge(self.db, project, now))

    def _deleted(self, delete: Callable[[], int]) -> int:
        with self._explained():
            self.db.execute("PRAGMA secure_delete = ON")
            with self._transaction():
                count = delete()
            self._overwrite_free_space()
            self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return count

    def _overwrite_free_space(self) -> None:
        """Copies that SQLite left behind when it moved records between pages go as well."""
        try:
            self.db.execute("VACUUM")
        except sqlite3.Error as error:
            self.trouble = f"the file may still hold parts of what was deleted: {error}; prune again later"

    @cached_property
    def _key(self) -> bytes:
        try:
            return key.load(key.path_of(self.path))
        except OSError as error:
            if self.read_only:
                return os.urandom(key.BYTES)  # names that agree within this run are all that reading needs
            raise AicheckError(f"the key of the log can't be used: {error}") from error

    def _write(self, bodies: Sequence[Body], captured: Mapping[str, Body]) -> list[bool]:
        with self._explained(), self._transaction():
            row = self.db.execute(_HEAD).fetchone()
            head = bytes(row[0]) if row else GENESIS
            added = []
            for each in bodies:
                added.append(self.db.execute(_KNOWN, (each["id"],)).fetchone() is None)
                if added[-1]:
                    stored = salted(each)
                    head = link(head, stored.encode())
                    self.db.execute("INSERT INTO records (body, hash) VALUES (?, ?)", (stored, head))
            if any(added):
                facts.add(self.db, [each for each, new in zip(bodies, added, strict=True) if new])
            if captured:
                self._save(captured)
        return added

    def _save(self, captured: Mapping[str, Body]) -> None:
        """Save states, and forget those that nobody has asked for in ``STATE_DAYS``."""
        saved = now()
        rows = [(file, json.dumps(kept), saved) for file, kept in captured.items()]
        self.db.executemany("INSERT OR REPLACE INTO captured VALUES (?, ?, ?)", rows)
        self.db.execute("DELETE FROM captured WHERE time < ?", (days_ago(STATE_DAYS),))

    def _take_in(self) -> None:
        """Take in what waits in the spool, all in one transaction; what can't be read was set aside, and is told."""
        try:
            forget(self._absorbed(list(self.spool.batches())))
        except (AicheckError, OSError) as error:
            self.trouble = str(error)
        self._tell_damaged()

    def _absorbed(self, batches: Sequence[Batch]) -> Sequence[Batch]:
        """The batches that the log has taken in; one that it never could is set aside, for it would hold up all others.

        Raises AicheckError if the log can't be written, OSError if a batch can't be set aside.
        """
        try:
            bodies = cleaned([each for batch in batches for each in batch.records])
            self._write(bodies, states({k: v for batch in batches for k, v in batch.captured.items()}))
        except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
            if len(batches) > 1:
                return [each for batch in batches for each in self._absorbed([batch])]
            set_aside(batches[0].file)
            return []
        return batches

    def _tell_damaged(self) -> None:
        if damaged := self.spool.damaged():
            self._tell(f"records that were kept are damaged and were set aside: {', '.join(damaged)}")

    def _tell(self, said: str) -> None:
        self.trouble = f"{self.trouble}; {said}" if self.trouble else said

    def _open(self) -> sqlite3.Connection:
        if self.read_only and self.spool.waiting():
            with contextlib.suppress(AicheckError):  # then what is in the log is read all the same
                Log(self.path, patience=self.patience).db.close()
        if self.read_only and not os.path.exists(self.path):
            raise AicheckError("the log is empty: nothing was captured yet (try 'aicheck ingest')")
        if not self.read_only:
            os.makedirs(os.path.dirname(self.path), mode=0o700, exist_ok=True)
        _check_regular(self.path)
        if not self.read_only:
            # An existing file is never opened but by SQLite: closing it would end the locks of this process's other threads.
            with contextlib.suppress(FileExistsError):
                os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            for file in _files(self.path):
                close_to_others(file)
        address = still(self.path) or uri(self.path) if self.read_only else uri(self.path)
        db = sqlite3.connect(address, uri=True, timeout=self.patience, isolation_level=None, check_same_thread=False)
        db.text_factory = _text
        try:
            self._prepare(db)
        except BaseException:
            db.close()
            raise
        return db

    def _prepare(self, db: sqlite3.Connection) -> None:
        """Bring the schema up to date; a log of a newer version is left alone."""
        if int(db.execute("PRAGMA user_version").fetchone()[0]) > len(MIGRATIONS):
            raise AicheckError("the log was written by a newer aicheck; update aicheck to read it")
        if self.read_only:
            if int(db.execute("PRAGMA user_version").fetchone()[0]) < len(MIGRATIONS):
                Log(self.path, patience=self.patience).db.close()  # an older aicheck's: brought up to date first
            db.execute("PRAGMA query_only = ON")
            return
        _retry(lambda: db.execute("PRAGMA journal_mode = WAL"), self.patience)
        db.execute("PRAGMA synchronous = FULL")
        migrate(db)

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.db.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(
                sqlite3.Error
            ):  # where SQLite has rolled back itself: what went wrong before is told
                self.db.execute("ROLLBACK")
            raise

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what SQLite and the system say into what a user can do."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise AicheckError(_explain(error, self.path)) from error
        except json.JSONDecodeError as error:
            raise AicheckError(f"the log is damaged ({self.path}): run 'aicheck log verify'") from error


def states(captured: Mapping[str, Body] | None) -> dict[str, Body]:
    """The states of captured files as they may be kept."""
    return {storable(file): state(kept) for file, kept in (captured or {}).items()}


def _files(path: str) -> tuple[str, ...]:
    """The log and the files that SQLite keeps beside it."""
    return path, *(f"{path}{suffix}" for suffix in ("-wal", "-shm", "-journal"))


def _check_regular(path: str) -> None:
    """Raises OSError if the log or a file that SQLite keeps beside it is a pipe, a folder, a device or a link to nowhere.

    SQLite would wait for a pipe's other end, or make a log wherever a link leads.
    """
    for file in _files(path):
        if os.path.lexists(file) and not os.path.isfile(file):
            raise OSError(f"{file} is no regular file")


def _text(data: bytes) -> str:
    """SQLite unescapes lone surrogates to what is no UTF-8."""
    return data.decode("utf-8", "surrogatepass")


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
