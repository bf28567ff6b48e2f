"""Databases (SQLite) in which a client keeps many sessions: opened for reading alone, while the client may be writing.

What stands in them was written by a stranger: only true tables are read, nothing can be written, extensions are off (so no
function that a schema names can do harm), and queries end after so much work.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing, contextmanager
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app.log.paths import uri
from aicheck_checks.files import open_regular

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Connection = sqlite3.Connection
DataError = sqlite3.DataError
"""A value that can't be read."""
MAGIC = b"SQLite format 3\0"
"""How a database begins (https://www.sqlite.org/fileformat.html)."""
MAX_VALUE = 64_000_000
"""Bytes of a value that is read."""
STEPS = 1_000_000
"""Of SQLite's own machine, after which it is asked whether the work may go on."""
MAX_ASKED = 2_000
"""So often it may, for one opening; a session of 100,000 parts takes some ten million steps."""
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
    names = [
        name for name, sql in db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'") if _plain(sql)
    ]
    return {
        name: frozenset(row[0] for row in db.execute("SELECT name FROM pragma_table_info(?)", (name,)))
        for name in names
    }


def _plain(sql: object) -> bool:
    return isinstance(sql, str) and sql.lstrip()[:12].upper() == "CREATE TABLE"


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
    db = sqlite3.connect(f"{uri(path)}?{how}", uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE)
    asked = count()
    db.set_progress_handler(lambda: next(asked) > MAX_ASKED, STEPS)
    db.text_factory = lambda value: value.decode("utf-8", "replace")
    db.execute("PRAGMA query_only = ON")
    return db
