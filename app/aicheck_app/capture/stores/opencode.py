"""The tables of opencode and Kilo Code, which hold the JSON of an export: a session, its messages, their parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app.capture.json_values import members, number, value
from aicheck_app.capture.stores import Kept, Store, columns, encoded

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator


def _sessions(db: sqlite3.Connection) -> Iterator[Kept]:
    known = "SELECT id FROM session"  # parts that are of none are leftovers
    rows = db.execute(
        f"SELECT session_id, max(time_updated) FROM part WHERE session_id IN ({known}) GROUP BY session_id ORDER BY 2"
    )
    yield from (Kept(str(identifier), number(changed) / 1000) for identifier, changed in rows)

    if {"session_id", "time_created"} <= columns(db, "session_message"):
        newer = "SELECT session_id, max(time_created) FROM session_message WHERE session_id NOT IN (SELECT session_id FROM part) GROUP BY 1"
        yield from (Kept(str(identifier), number(changed) / 1000) for identifier, changed in db.execute(newer))


def _pieces(db: sqlite3.Connection, identifier: str) -> Iterator[bytes]:
    about = "SELECT id, directory, version, parent_id FROM session WHERE id = ?"
    for row in db.execute(about, (identifier,)):
        yield encoded({"info": dict(zip(("id", "directory", "version", "parentID"), row, strict=True))})
    if not db.execute("SELECT 1 FROM message WHERE session_id = ?", (identifier,)).fetchone():
        yield b'{"newer": true}'
    messages = db.execute("SELECT id, data FROM message WHERE session_id = ? ORDER BY time_created, id", (identifier,))
    for message, data in messages:
        parts = db.execute("SELECT data FROM part WHERE message_id = ? ORDER BY id", (message,))
        info = {**members(value(str(data).encode())), "id": message}
        known = [value(str(part).encode()) for (part,) in parts]
        yield encoded({"info": info, "parts": known})


STORE = Store(
    {
        "session": frozenset({"id", "directory", "version", "parent_id"}),
        "message": frozenset({"id", "session_id", "time_created", "data"}),
        "part": frozenset({"id", "message_id", "session_id", "time_updated", "data"}),
    },
    _sessions,
    _pieces,
)
