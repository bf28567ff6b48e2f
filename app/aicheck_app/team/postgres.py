"""Connections to a team's log in PostgreSQL, and what to do where they fail.

Passwords belong in PGPASSFILE, PGPASSWORD or a service file, as libpq reads them: an address that holds one is seen by whoever
lists processes. Elsewhere than on this machine a connection is encrypted and the server's certificate is looked at, unless the
address says otherwise (``sslmode``).
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool
from sqlalchemy.util import immutabledict

from aicheck_app.errors import AicheckError
from aicheck_app.log.fields import message

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg
    from sqlalchemy.engine import URL, Connection, Engine

SCHEMA = "aicheck"
SCHEMES = ("postgresql://", "postgres://")
CONNECT_SECONDS = 10
LOCK_SECONDS = 10
"""What a lock is waited for; then the push is tried again."""
ROLES = "ask whoever runs the database for the role aicheck_reader or aicheck_writer"
OWNER = "run this as the owner of the database, who may make roles"
"""What to do where something is not permitted."""
_SET = f"SELECT set_config('search_path', '{SCHEMA}', true), set_config('lock_timeout', '{LOCK_SECONDS}s', true)"
"""Said in each transaction and for it alone: what lends connections to many (pgbouncer) takes nothing of it from the connection itself."""
_ELSEWHERE = ("PGHOST", "PGHOSTADDR", "PGSERVICE")
_HERE = ("", "localhost", "127.0.0.1", "::1")


def is_postgres(address: str) -> bool:
    """Whether an address is one of PostgreSQL."""
    return address.startswith(SCHEMES)


def engine(address: str) -> Engine:
    """What opens connections for questions; each command opens few, so none is kept. Raises AicheckError."""
    url = _url(address)
    made = create_engine(url, poolclass=NullPool, connect_args=_arguments(url))
    event.listen(made, "begin", _begun)
    return made


def _begun(connection: Connection) -> None:
    """Past SQLAlchemy, which would leave a cursor of the server's open where rows are to come as they are read."""
    cursor = connection.connection.cursor()
    try:
        cursor.execute(_SET)
    finally:
        cursor.close()


def connect(address: str) -> psycopg.Connection[Any]:
    """A connection for commands, each of which is its own transaction unless one is begun. Raises AicheckError, psycopg.Error."""
    url = _url(address)
    import psycopg

    bare = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(bare, autocommit=True, **_arguments(url))


@contextmanager
def transaction(db: psycopg.Connection[Any]) -> Iterator[None]:
    """A transaction in which the team's tables need no schema before their names, and no lock is waited for long."""
    with db.transaction():
        db.execute(_SET.encode())
        yield


@contextmanager
def explained(address: str, denied: str = ROLES) -> Iterator[None]:
    """Turn what the server says into what a user can do, ``denied`` where it is not permitted; the password is never part of it."""
    _installed()
    import psycopg

    try:
        yield
    except DBAPIError as error:
        raise AicheckError(told(address, error.orig or error, denied)) from error
    except psycopg.Error as error:
        raise AicheckError(told(address, error, denied)) from error


def told(address: str, error: BaseException, denied: str = ROLES) -> str:
    """What went wrong at an address, in one line, and what to do."""
    return f"{shown(address)}: {_told(error, denied)}"


def shown(address: str) -> str:
    """An address as it may be printed: where, and as whom."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        return "the database"
    return url._replace(drivername="postgresql", password=None, query=immutabledict()).render_as_string()


def _url(address: str) -> URL:
    _installed()
    if not is_postgres(address):
        raise AicheckError(f"the address of a team's log begins with {SCHEMES[0]}")
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:  # the latter for a port that is no number
        raise AicheckError("this is no address: write postgresql://NAME@HOST/DATABASE") from error
    return url.set(drivername="postgresql+psycopg")


def _installed() -> None:
    """Raises AicheckError if there is nothing to speak to PostgreSQL with."""
    try:
        import psycopg  # noqa: F401 - which is looked for before it is needed, to say what is missing
    except ImportError as error:
        from aicheck_app.init.extras import wanted

        raise AicheckError(f"PostgreSQL is spoken to by psycopg, of the extra 'team': {wanted('team')}") from error


def _arguments(url: URL) -> dict[str, Any]:
    """What is said to libpq beside the address: how a connection elsewhere is secured, and nothing that a pooler would refuse."""
    asked = {"connect_timeout": CONNECT_SECONDS, "application_name": "aicheck", "prepare_threshold": None}
    secured = {} if _is_here(url) or _says_mode(url) else {"sslmode": "verify-full", "sslrootcert": "system"}
    return {**asked, **secured}


def _says_mode(url: URL) -> bool:
    """Whether the user has said how a connection is secured, in the address or, as libpq reads it, in the environment."""
    return "sslmode" in url.query or bool(os.environ.get("PGSSLMODE"))


def _is_here(url: URL) -> bool:
    """Whether the server is certainly on this machine; a service file or a variable may lead elsewhere."""
    if {"hostaddr", "service", "servicefile"} & url.query.keys() or any(os.environ.get(name) for name in _ELSEWHERE):
        return False
    hosts = str(url.host or url.query.get("host", "")).split(",")
    return all(host in _HERE or host.startswith("/") for host in hosts)


def _told(error: BaseException, denied: str) -> str:
    said = message(next(iter(str(error).strip().splitlines()), type(error).__name__))
    low = said.lower()
    if "does not exist" in low and ("relation" in low or "schema" in low):
        return f"this database holds no team's log that this login may see: its owner runs 'aicheck team setup ADDRESS' first, or {ROLES}"
    if "permission denied" in low:
        return f"{said}; {denied}"
    if "certificate" in low or "ssl" in low:
        return f"{said}; say sslmode and sslrootcert in the address as your database needs them"
    return said
