"""goose's tables: sessions, and messages with their content as JSON; the model came with a later version."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from aicheck_app.capture.json_values import value
from aicheck_app.capture.stores import Kept, Store

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

_ABOUT = ("id", "working_dir", "session_type", "provider_name", "model_config_json")


def _sessions(db: sqlite3.Connection) -> Iterator[Kept]:
    rows = db.execute(
        "SELECT session_id, max(created_timestamp) + count(*) / 1000.0 FROM messages WHERE session_id IN (SELECT id FROM sessions) GROUP BY session_id ORDER BY 2"
    )
    return (Kept(str(identifier), float(changed or 0)) for identifier, changed in rows)


def _pieces(db: sqlite3.Connection, identifier: str) -> Iterator[bytes]:
    there = {row[0] for row in db.execute("SELECT name FROM pragma_table_info('sessions')")}
    wanted = [name for name in _ABOUT if name in there]  # the model came with a later version
    for row in db.execute(f"SELECT {', '.join(wanted)} FROM sessions WHERE id = ?", (identifier,)):
        yield json.dumps(dict(zip(wanted, row, strict=True))).encode()
    messages = "SELECT id, role, created_timestamp, content_json FROM messages WHERE session_id = ? ORDER BY id"
    for number_, role, seconds, content in db.execute(messages, (identifier,)):
        piece = {
            "id": str(number_),
            "role": role,
            "created_timestamp": seconds,
            "content": value(str(content).encode()),
        }
        yield json.dumps(piece).encode()


STORE = Store(
    {
        "sessions": frozenset({"id", "working_dir", "extension_data"}),
        "messages": frozenset({"id", "session_id", "role", "content_json", "created_timestamp"}),
    },
    _sessions,
    _pieces,
)
