"""Who may read what of a team's log, and for how long records stay: for whoever owns its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app.errors import AicheckError
from aicheck_app.team.postgres import OWNER, connect, explained, transaction
from aicheck_app.team.setup import check_version

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    import psycopg

ALL = "*"
"""Stands for all projects."""


def allow(address: str, login: str, projects: Sequence[str], *, revoke: bool = False) -> None:
    """Let a login read projects, by their pseudonyms, or no more. Raises AicheckError."""
    with explained(address, OWNER), connect(address) as db:
        check_version(db)
        with transaction(db):
            if not revoke:
                _reads(db, login)
            for project in projects:
                if revoke:
                    db.execute("DELETE FROM access WHERE login = %s AND project = %s", (login, project))
                else:
                    db.execute("INSERT INTO access VALUES (%s, %s) ON CONFLICT DO NOTHING", (login, project))


def _reads(db: psycopg.Connection[Any], login: str) -> None:
    """Raises AicheckError for a login that is not there, or reads nothing whatever it is let."""
    asked = "SELECT pg_has_role(oid, 'aicheck_reader', 'member') FROM pg_roles WHERE rolname = %s"
    if db.execute(asked, (login,)).fetchall() != [(True,)]:
        raise AicheckError(
            f"there is no login '{login}' with the role aicheck_reader: CREATE ROLE and GRANT aicheck_reader come first"
        )


def drop_records(address: str, before: str) -> int:
    """Delete the records of whole months that ended before a day; the number of records. Raises AicheckError."""
    with explained(address, OWNER), connect(address) as db:
        check_version(db)
        with transaction(db):
            return int(db.execute("SELECT aicheck.drop_records(%s)", (before,)).fetchall()[0][0])
