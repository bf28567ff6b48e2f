"""The schema of the log and its migrations: a list that only grows."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from aicheck_app.log import facts
from aicheck_app.log.key import path_of, save

if TYPE_CHECKING:
    from collections.abc import Callable

COLUMNS = (
    "id", "kind", "time", "agent", "agent_version", "model", "language", "verdict", "session", "tool", "target",
)  # fmt: skip
"""Members of a record's body that queries use, as virtual columns: nothing is stored twice."""


def m001_initial(db: sqlite3.Connection) -> None:
    """Records with their hash, the state of captured files, and the key for keyed hashes."""
    columns = ", ".join(f"{c} TEXT GENERATED ALWAYS AS (json_extract(body, '$.{c}')) VIRTUAL" for c in COLUMNS)
    db.execute(f"CREATE TABLE records (seq INTEGER PRIMARY KEY, body TEXT NOT NULL, hash BLOB NOT NULL, {columns})")
    db.execute("CREATE UNIQUE INDEX records_id ON records (id)")
    db.execute("CREATE INDEX records_time ON records (kind, time, verdict, model, agent_version, language, agent)")
    db.execute("CREATE TABLE captured (file TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID")
    db.execute("CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID")
    db.execute("INSERT INTO meta VALUES ('key', randomblob(32))")


def m002_attribution(db: sqlite3.Connection) -> None:
    """Rates leave out what was only recognised by its shape: they ask for the attribution of every output."""
    column = "json_extract(body, '$.attribution')"
    db.execute(f"ALTER TABLE records ADD COLUMN attribution TEXT GENERATED ALWAYS AS ({column}) VIRTUAL")
    db.execute("DROP INDEX records_time")
    db.execute(
        "CREATE INDEX records_time ON records (kind, time, verdict, model, agent_version, language, agent, attribution)"
    )


def m003_pruning(db: sqlite3.Connection) -> None:
    """The key moves to its own file; pruned records leave their hash; states of captured files tell their age.

    What was deleted is overwritten (``secure_delete``), so that the key is in no free page.
    """
    ((key,),) = db.execute("SELECT value FROM meta WHERE name = 'key'").fetchall()
    path = db.execute("PRAGMA database_list").fetchone()[2]
    if path:
        save(path_of(path), bytes(key))
    db.execute("DROP TABLE meta")
    db.execute("CREATE TABLE pruned (seq INTEGER PRIMARY KEY, hash BLOB NOT NULL, id TEXT)")
    db.execute("CREATE INDEX pruned_id ON pruned (id)")
    db.execute("ALTER TABLE captured ADD COLUMN time TEXT NOT NULL DEFAULT ''")
    db.execute("DELETE FROM captured WHERE json_extract(state, '$.files') IS NOT NULL")  # hooks': with paths in clear
    db.execute("UPDATE captured SET time = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')")


def m004_states(db: sqlite3.Connection) -> None:
    """States of captured files lose what records lose, secrets and home folders, and are found by their age.

    A hook asks what it said in its session before, among all that was logged since.
    """
    for file, kept in db.execute("SELECT file, state FROM captured").fetchall():
        db.execute("UPDATE captured SET state = ? WHERE file = ?", (_cleaned(kept), file))
    db.execute("CREATE INDEX captured_time ON captured (time)")
    db.execute("CREATE INDEX records_session ON records (session, kind)")


def m005_later(db: sqlite3.Connection) -> None:
    """What is found of an output later is looked up by the output, and an older aicheck's second looks by their session."""
    db.execute("CREATE INDEX records_target ON records (target, kind) WHERE target IS NOT NULL")
    db.execute("CREATE INDEX records_turns ON records (session) WHERE tool = 'turn' AND verdict = 'suspect'")


def m006_facts(db: sqlite3.Connection) -> None:
    """What rates are made of is counted as records come, and the monitor keeps how far it has come."""
    facts.create(db)
    db.execute("CREATE TABLE monitored (day TEXT PRIMARY KEY, state BLOB NOT NULL) WITHOUT ROWID")
    facts.rebuild(db)


def m007_tests(db: sqlite3.Connection) -> None:
    """Outputs that weaken tests are counted too; rows of records that were pruned stay as they are."""
    _with_new_columns(db)


def m008_people(db: sqlite3.Connection) -> None:
    """Facts can tell people apart, as a team's do."""
    _with_new_columns(db)


def m009_lowered(db: sqlite3.Connection) -> None:
    """Outputs that lower checks are counted too: those of before as well, but for records that were pruned."""
    _with_new_columns(db)
    facts.count_lowered(db)


def m010_browsing(db: sqlite3.Connection) -> None:
    """Outputs are listed by project, and the versions of a file one after the other."""
    for column in ("project", "file"):
        made = f"json_extract(body, '$.{column}')"
        db.execute(f"ALTER TABLE records ADD COLUMN {column} TEXT GENERATED ALWAYS AS ({made}) VIRTUAL")
        db.execute(f"CREATE INDEX records_{column} ON records ({column}, time) WHERE kind = 'output'")
    facts.index_clients(db)


def _with_new_columns(db: sqlite3.Connection) -> None:
    """Make the table of facts anew, with the columns that it has by now."""
    db.execute("CREATE TEMP TABLE facts_before AS SELECT * FROM facts")
    db.execute("DROP TABLE facts")
    facts.create(db)
    kept = [row[1] for row in db.execute("PRAGMA temp.table_info(facts_before)")]
    names = ", ".join(kept)
    db.execute(f"INSERT INTO facts ({names}) SELECT {names} FROM temp.facts_before")
    db.execute("DROP TABLE temp.facts_before")


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (
    m001_initial,
    m002_attribution,
    m003_pruning,
    m004_states,
    m005_later,
    m006_facts,
    m007_tests,
    m008_people,
    m009_lowered,
    m010_browsing,
)


def _cleaned(kept: str) -> str:
    from aicheck_app.log.fields import state

    try:
        return json.dumps(state(json.loads(kept)))
    except (ValueError, RecursionError):
        return "{}"  # as if the file had not been seen


def migrate(db: sqlite3.Connection) -> None:
    """Bring a database to the newest schema, once, also when several processes open it at once.

    What a migration deletes is overwritten, in the write-ahead log too. Raises OSError if the key can't be moved.
    """
    if _version(db) >= len(MIGRATIONS):
        return
    db.execute("PRAGMA secure_delete = ON")
    _migrate(db)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.execute("PRAGMA secure_delete = OFF")


def differences(db: sqlite3.Connection) -> list[str]:
    """How the schema differs from the one that the migrations make.

    Columns of another making could say what no body says, and a trigger or a view hides records from queries.
    """
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        migrate(made)
        expected, found = _objects(made), _objects(db)
    odd = [each for each in sorted(expected.keys() | found.keys()) if expected.get(each) != found.get(each)]
    return [f"the {kind} '{name}' is {_how((kind, name) in expected, (kind, name) in found)}" for kind, name in odd]


def _how(expected: bool, found: bool) -> str:
    if expected and found:
        return "not as it was made"
    return "missing" if expected else "none of the log's"


def _objects(db: sqlite3.Connection) -> dict[tuple[str, str], tuple[str, str | None]]:
    """Tables, indexes, triggers and views with their definitions; SQLite's own statistics say nothing that is read."""
    rows = db.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite^_stat%' ESCAPE '^'"
    )
    return {(kind, name): (table, sql) for kind, name, table, sql in rows}


def _migrate(db: sqlite3.Connection) -> None:
    db.execute("BEGIN IMMEDIATE")
    try:
        for number in range(_version(db), len(MIGRATIONS)):
            MIGRATIONS[number](db)
            db.execute(f"PRAGMA user_version = {number + 1}")
        db.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):  # where SQLite has rolled back itself: what went wrong before is told
            db.execute("ROLLBACK")
        raise


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])
