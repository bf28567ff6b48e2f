"""A log whose records hold what a stranger may put wherever text comes from outside."""

from __future__ import annotations

import json
import re
from typing import Any

from aicheck_app.log.chain import link
from aicheck_app.log.schema import COLUMNS
from aicheck_app.log.store import Log
from tests.security.planted import PLANTED

FACTS = (
    "agent", "agent_version", "model", "provider", "session", "message", "request", "tool_use", "stop_reason", "tool",
    "path", "language", "reason", "unit", "evidence", "project",
)  # fmt: skip


def planted(name: str, text: str) -> list[dict[str, Any]]:
    """Records whose every member holds a planted string."""
    finding = {
        "code": "TRU001", "message": text, "line": 1, "column": 1, "severity": "error", "confidence": "high",
        "excerpt": f"::error::{text}\n{text}",
    }  # fmt: skip
    broken = not text.isascii() and bool(re.search("[\ud800-\udfff]", text))  # such a one is in no column of SQLite
    facts = {fact: text for fact in FACTS if not (broken and fact in (*COLUMNS, "reason"))}
    shared: dict[str, Any] = {"time": "2026-05-01T10:00:00.000Z", "attribution": "hook", **facts}
    suspect = {
        "id": f"id-{name}", "kind": "output", "verdict": "suspect", "sha256": "0", "findings": [finding], **shared,
    }  # fmt: skip
    unchecked = {"id": f"un-{name}", "kind": "output", "verdict": "unchecked", **shared}
    events = {"id": f"ev-{name}", "kind": "session", "events": {text: 1}, "rejected": {text: 2}, **shared}
    mark = {"id": f"mark-{name}", "kind": "mark", "target": f"id-{name}", "mark": "confirmed", "reason": text}
    return [suspect, unchecked, events, mark]


def write() -> None:
    """Past the log's own ways, as an older or another program would."""
    with Log() as log, log._transaction():
        head = bytes.fromhex(log.head())
        for record in (record for name, text in PLANTED.items() for record in planted(name, text)):
            body = json.dumps(record)
            head = link(head, body.encode())
            log.db.execute("INSERT INTO records (body, hash) VALUES (?, ?)", (body, head))
