"""Where a team's facts are read: PostgreSQL, or the Parquet files of a bulk check through DuckDB."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import text

from aicheck_app.batch import layout
from aicheck_app.errors import AicheckError
from aicheck_app.team.postgres import engine, explained

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection, Engine

PARQUET = "parquet://"


def is_team(address: str) -> bool:
    """Whether facts are elsewhere than in a person's own log."""
    return "://" in address


@contextmanager
def reading(address: str) -> Iterator[Connection]:
    """A connection on which the table of facts can be asked, and nothing written. Raises AicheckError."""
    made = _parquet(address.removeprefix(PARQUET)) if address.startswith(PARQUET) else engine(address)
    try:
        with explained(address), made.connect() as connection:
            yield connection
    finally:
        made.dispose()


def settled(db: Connection) -> int:
    """The newest transaction of PostgreSQL before which none is open: what is counted up to it stays as it is.

    Numbers of transactions are given as they begin, and become visible as they end (PostgreSQL, "System Information Functions").
    """
    return int(db.execute(text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1")).scalar_one())


def _parquet(folder: str) -> Engine:
    """The facts that a bulk check has written, as a view of an embedded database that is kept nowhere."""
    place = os.path.join(folder, layout.FACTS)
    if not os.path.isdir(place):
        raise AicheckError(f"{folder} holds no folder '{layout.FACTS}': give the folder that 'aicheck batch' wrote to")
    try:
        import duckdb_engine  # noqa: F401 - SQLAlchemy finds its dialect by name
        from sqlalchemy import create_engine
        from sqlalchemy.pool import StaticPool
    except ImportError as error:
        from aicheck_app.init.extras import wanted

        raise AicheckError(f"Parquet is read by DuckDB, of the extra 'team': {wanted('team')}") from error
    made = create_engine("duckdb:///:memory:", poolclass=StaticPool)
    with made.begin() as db:
        for name in (layout.FACTS, layout.RECORDS):
            db.exec_driver_sql(f"CREATE VIEW {name} AS {layout.reading(folder, name)}")
    return made
