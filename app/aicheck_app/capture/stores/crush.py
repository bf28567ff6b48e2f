"""Crush's tables: sessions, and messages with their parts as JSON. Times are in seconds, in older versions in milliseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app.capture.json_values import number, value
from aicheck_app.capture.stores import Kept, Store, columns, encoded

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator


_MESSAGE = ("id", "role", "model", "provider", "created_at", "is_summary_message")
"""What is asked of a message; older versions have no provider and no mark of summaries."""


def _sessions(db: sqlite3.Connection) -> Iterator[Kept]:
    rows = db.execute(
        "SELECT session_id, max(updated_at) FROM messages WHERE session_id IN (SELECT id FROM sessions) GROUP BY session_id ORDER BY 2"
    )
    return (Kept(str(identifier), in_milliseconds(changed) / 1000) for identifier, changed in rows)


def _pieces(db: sqlite3.Connection, identifier: str) -> Iterator[bytes]:
    for row in db.execute("SELECT id, parent_session_id FROM sessions WHERE id = ?", (identifier,)):
        yield encoded(dict(zip(("id", "parent_session_id"), row, strict=True)))
    there = columns(db, "messages")
    wanted = [name for name in _MESSAGE if name in there]
    rows = db.execute(
        f"SELECT {', '.join(wanted)}, parts FROM messages WHERE session_id = ? ORDER BY created_at, rowid",
        (identifier,),
    )
    for *known, parts in rows:
        yield encoded({**dict(zip(wanted, known, strict=False)), "parts": value(str(parts).encode())})


def in_milliseconds(when: object) -> int:
    """A time in milliseconds since 1970, whichever of the two it is kept in."""
    return number(when) if number(when) > 10**11 else number(when) * 1000


STORE = Store(
    {
        "sessions": frozenset({"id", "parent_session_id", "message_count"}),
        "messages": frozenset({"id", "session_id", "role", "parts", "model", "created_at", "updated_at"}),
    },
    _sessions,
    _pieces,
)
