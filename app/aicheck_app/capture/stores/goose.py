"""goose's tables: sessions, and messages with their content as JSON; the model came with a later version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app.capture.json_values import members, number, text, value
from aicheck_app.capture.stores import Connection, Kept, Store, columns, encoded

if TYPE_CHECKING:
    from collections.abc import Iterator

_MESSAGE = ("message_id", "role", "created_timestamp", "metadata_json")
"""What is asked of a message; older versions have no id that lasts, and tell nothing besides."""
_ABOUT = ("id", "working_dir", "session_type", "provider_name", "model_config_json")


def _sessions(db: Connection) -> Iterator[Kept]:
    rows = db.execute(
        "SELECT session_id, max(created_timestamp), count(*) FROM messages WHERE session_id IN (SELECT id FROM sessions) GROUP BY session_id ORDER BY 2"
    )
    return (Kept(str(identifier), number(changed) + count / 1000) for identifier, changed, count in rows)


def _pieces(db: Connection, identifier: str) -> Iterator[bytes]:
    there = columns(db, "sessions")
    wanted = [name for name in _ABOUT if name in there]  # the model came with a later version
    for row in db.execute(f"SELECT {', '.join(wanted)} FROM sessions WHERE id = ?", (identifier,)):
        yield encoded(dict(zip(wanted, row, strict=True)))
    served = _served(db, identifier)
    there = columns(db, "messages")
    wanted = [name for name in _MESSAGE if name in there]
    rows = db.execute(
        f"SELECT {', '.join(wanted)}, content_json FROM messages WHERE session_id = ? ORDER BY id", (identifier,)
    )
    for *known, content in rows:
        piece = dict(zip(wanted, known, strict=True))
        piece["metadata"] = members(value(str(piece.pop("metadata_json", "")).encode()))
        used = members(piece["metadata"].get("usage"))
        at = next((at for at, (tokens, _) in enumerate(served) if used and tokens == used.get("outputTokens")), None)
        piece["served"] = served.pop(at)[1] if at is not None else ""
        yield encoded({**piece, "content": value(str(content).encode())})


def _served(db: Connection, identifier: str) -> list[tuple[object, str]]:
    """The models that served a session, each with the tokens that it wrote: the client keeps them apart from the messages."""
    if not {"id", "session_id", "output_tokens", "model", "is_compaction"} <= columns(db, "usage_ledger"):
        return []
    ledger = "SELECT output_tokens, model FROM usage_ledger WHERE session_id = ? AND NOT is_compaction ORDER BY id"
    return [(tokens, text(model)) for tokens, model in db.execute(ledger, (identifier,))]


STORE = Store(
    {
        "sessions": frozenset({"id", "working_dir", "extension_data"}),
        "messages": frozenset({"id", "session_id", "role", "content_json", "created_timestamp"}),
    },
    _sessions,
    _pieces,
)
