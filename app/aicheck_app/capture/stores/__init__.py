"""Databases (SQLite) in which a client keeps many sessions: opened for reading alone, while the client may be writing.

What stands in them was written by a stranger: only true tables are read, nothing can be written, extensions are off (so no
function that a schema names can do harm), and queries end after so much computing time.
"""

from __future__ import annotations

import errno
import json
import math
import os
import sqlite3
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from aicheck_app.log.paths import uri
from aicheck_checks.files import open_regular

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Connection = sqlite3.Connection
DataError = sqlite3.DataError
"""A value that can't be read."""
Error = sqlite3.Error
"""A database that can't be read, or no longer."""
MAGIC = b"SQLite format 3\0"
"""How a database begins (https://www.sqlite.org/fileformat.html)."""
MAX_VALUE = 16_000_000
"""Bytes of a value that is read, and that SQLite makes on its way to one."""
STEPS = 1_000
"""Of SQLite's own machine, after which it is asked whether the work may go on."""
SECONDS = 30.0
"""Of computing time that SQLite may take for one opening; a session of 100,000 parts takes less than one."""
BUSY_SECONDS = 2.0


class Kept(NamedTuple):
    """One of the sessions that a database holds: its id, and when it was last written to, in seconds since 1970 (UTC)."""

    id: str
    changed: float


class Store(NamedTuple):
    """How a client keeps its sessions in a database.

    ``columns`` names tables that it must have, with columns by which they are known. ``sessions`` lists what it holds,
    ``pieces`` hands out a session as the format reads it: JSON, a message a piece.
    """

    columns: Mapping[str, frozenset[str]]
    sessions: Callable[[Connection], Iterator[Kept]]
    pieces: Callable[[Connection, str], Iterator[bytes]]

    def fits(self, found: Mapping[str, frozenset[str]]) -> bool:
        """Whether tables with their columns are those of this client."""
        return all(columns <= found.get(table, frozenset()) for table, columns in self.columns.items())


@contextmanager
def opened(path: str) -> Iterator[Connection]:
    """A database, open for reading. Raises OSError where it can't be read, now or later."""
    with open_regular(path):
        pass  # raises OSError for what is no regular file
    try:
        with closing(_connect(path)) as db:
            yield db
    except sqlite3.Error as error:
        raise OSError(errno.EIO, f"no database that can be read: {error}", path) from error


def tables(db: Connection) -> dict[str, frozenset[str]]:
    """The true tables of a database with their columns; views, virtual tables and columns that are worked out are none."""
    names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: found for name in names if (found := columns(db, name))}


def columns(db: Connection, table: str) -> frozenset[str]:
    """The columns of one true table, as ``tables`` has them; none where there is no such table."""
    made = db.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).fetchone()
    if made is None or not _plain(made[0]):
        return frozenset()
    return frozenset(name for (name,) in db.execute("SELECT name FROM pragma_table_info(?)", (table,)))


def encoded(piece: Mapping[str, object]) -> bytes:
    """A piece as JSON; what JSON has no form for, such as bytes or a number without end, counts as not there."""
    plain = {name: None if isinstance(one, float) and not math.isfinite(one) else one for name, one in piece.items()}
    return json.dumps(plain, default=lambda _: None).encode()


def _plain(sql: object) -> bool:
    return isinstance(sql, str) and sql.lstrip()[:12].upper() == "CREATE TABLE"


class _Cursor(sqlite3.Cursor):
    """Counts the computing time that SQLite takes; what is done with a row before the next one is asked for is none of it."""

    def execute(self, *given: Any) -> Self:
        with self._counted():
            return super().execute(*given)

    def fetchone(self) -> Any:
        with self._counted():
            return super().fetchone()

    def __next__(self) -> Any:
        with self._counted():
            return super().__next__()

    @contextmanager
    def _counted(self) -> Iterator[None]:
        assert isinstance(self.connection, _Counting)
        self.connection.began = time.thread_time()
        try:
            yield
        finally:
            self.connection.spent += time.thread_time() - self.connection.began


class _Counting(sqlite3.Connection):
    """A connection whose queries are ended when they have taken ``SECONDS`` of this thread's time in all."""

    spent = 0.0
    began = 0.0

    def execute(self, *given: Any) -> _Cursor:
        return self.cursor(_Cursor).execute(*given)

    def over(self) -> bool:
        """Whether the time is used up, asked by SQLite in the midst of its work."""
        return self.spent + time.thread_time() - self.began > SECONDS


def _connect(path: str) -> Connection:
    """A connection that leaves nothing behind: SQLite itself would put files beside a database that nobody is writing to."""
    if not _written_to(path):
        return _open(path, "mode=ro&immutable=1")
    return _open(path, "mode=ro")


def _written_to(path: str) -> bool:
    """Whether a client has changes of the database in its log, as it does while it runs (https://www.sqlite.org/wal.html)."""
    try:
        return os.path.getsize(f"{path}-wal") > 0
    except OSError:
        return False


def _open(path: str, how: str) -> Connection:
    db = sqlite3.connect(f"{uri(path)}?{how}", uri=True, timeout=BUSY_SECONDS, isolation_level=None, factory=_Counting)
    db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE)
    db.set_progress_handler(db.over, STEPS)
    db.text_factory = lambda value: value.decode("utf-8", "replace")
    db.execute("PRAGMA query_only = ON")
    return db
