"""The benchmark of turns joins labels and signals by file and number, and hides no turn that it did not find."""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING

from benchmarks import turns

if TYPE_CHECKING:
    from pathlib import Path


def _line(number: int, kind: str, content: object) -> str:
    message = {"role": kind, "id": f"m{number}", "model": "m", "stop_reason": "end_turn", "content": content}
    return json.dumps({
        "type": kind, "uuid": f"u{number}", "sessionId": "s", "version": "2.1.0", "cwd": "/p",
        "timestamp": f"2026-01-01T00:00:{number:02}.000Z", "message": message,
    })  # fmt: skip


def _said(number: int, words: str) -> list[str]:
    return [_line(number, "user", "Do it."), _line(number + 1, "assistant", [{"type": "text", "text": words}])]


def test_labels_meet_the_signals_of_the_turn_of_that_number(tmp_path: Path) -> None:
    folder = tmp_path / "claude_code" / "owner+name"
    folder.mkdir(parents=True)
    session = folder / "one.jsonl"
    session.write_text("\n".join(_said(1, "It is red.") + _said(3, "I see it. Let me now fix it:")) + "\n", "utf-8")
    os.utime(session, (1, 1))
    name = hashlib.sha256(b"one.jsonl").hexdigest()
    found = turns.told(tmp_path, {name})
    assert found == {turns.Key(name, 1): set(), turns.Key(name, 2): {"stopped_early"}}
    assert turns.told(tmp_path, {"another"}) == {}


def test_the_table_counts_true_told_and_not_found() -> None:
    rows = [
        {"file_sha256": "a", "turn": 1, "labels": ["stopped_early"]},
        {"file_sha256": "a", "turn": 2, "labels": ["stopped_early"]},
        {"file_sha256": "a", "turn": 3, "labels": []},
        {"file_sha256": "gone", "turn": 1, "labels": ["stopped_early"]},
    ]
    labels = turns.labelled(json.dumps(row) for row in rows)
    signals = {turns.Key("a", 1): {"stopped_early"}, turns.Key("a", 2): set(), turns.Key("a", 3): {"stopped_early"}}
    text = turns.table(labels, signals)
    assert "3 labelled turns (1 more not found in these sessions)." in text
    assert "| `stopped_early` | 2 | 2 | 1 | 50% | 50% |" in text
    assert "| `said_done_failed` | 0 | 0 | 0 | - | - |" in text
