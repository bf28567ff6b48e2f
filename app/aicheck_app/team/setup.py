"""The tables of a team's log: scripts that only grow in number, and the counters of the facts as they are by now."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from aicheck_app.errors import AicheckError
from aicheck_app.log.facts import COUNTERS, KEY, NUMBERS
from aicheck_app.team.postgres import OWNER, connect, explained, transaction

if TYPE_CHECKING:
    from typing import Any

    import psycopg

_MOST = 2**53 - 1
"""Of a counter."""
_FOREIGN = "the schema 'aicheck' of this database is none of aicheck's: set the team's log up in a database of its own"
_NEWER = "this team's log was set up by a newer aicheck; update aicheck"
_KEY = ",\n    ".join(
    f'"{name}" integer NOT NULL' if name in NUMBERS else f'"{name}" text COLLATE "C" NOT NULL DEFAULT \'\''
    for name in KEY
)


def scripts() -> list[str]:
    """What makes the tables, in the order in which it is run."""
    folder = files("aicheck_app.team").joinpath("schema")
    names = sorted(one.name for one in folder.iterdir() if one.name.endswith(".sql"))
    return [folder.joinpath(name).read_text(encoding="utf-8").replace("${key}", _KEY) for name in names]


def counters() -> str:
    """What adds the counters that the facts lack."""
    added = ",\n    ".join(
        f'ADD COLUMN IF NOT EXISTS "{name}" bigint NOT NULL DEFAULT 0 CHECK ("{name}" BETWEEN 0 AND {_MOST})'
        for name in COUNTERS
    )
    return f"ALTER TABLE aicheck.facts\n    {added};\n"


def script(done: int = 0) -> str:
    """All that is still to do, as one script that a database's owner can read before it is run."""
    return f"BEGIN;\n{_statements(done)}COMMIT;\n"


def _statements(done: int) -> str:
    parts = scripts()
    return "\n".join([*parts[done:], counters(), f"UPDATE aicheck.version SET number = {len(parts)};\n"])


def set_up(address: str) -> int:
    """Bring the tables up to date, by who may make them; the number of scripts that were run. Raises AicheckError."""
    with explained(address, OWNER), connect(address) as db, transaction(db):
        db.execute("SELECT pg_advisory_xact_lock(hashtext('aicheck.setup'))")
        done = version(db)
        if done > len(scripts()):
            raise AicheckError(_NEWER)
        db.execute(_statements(done).encode())
    return len(scripts()) - done


def version(db: psycopg.Connection[Any]) -> int:
    """How many scripts were run there. Raises AicheckError for a schema of that name that others made."""
    asked = (
        "SELECT to_regnamespace('aicheck') IS NOT NULL, bool_and(to_regclass('aicheck.' || name) IS NOT NULL)"
        " FROM unnest(ARRAY['version', 'pushes', 'facts']) AS name"
    )
    ((there, whole),) = db.execute(asked).fetchall()
    if there and not whole:
        raise AicheckError(_FOREIGN)
    return int(db.execute("SELECT number FROM aicheck.version").fetchall()[0][0]) if there else 0


def check_version(db: psycopg.Connection[Any]) -> None:
    """Raises AicheckError where the tables are of another version."""
    found = version(db)
    if found < len(scripts()):
        raise AicheckError(
            "this database holds no team's log of today: its owner runs 'aicheck team setup ADDRESS' first"
        )
    if found > len(scripts()):
        raise AicheckError(_NEWER)
