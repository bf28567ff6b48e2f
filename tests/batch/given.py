"""Texts and sessions to check in bulk."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import duckdb

from aicheck_app.batch import layout
from aicheck_app.batch.options import Options

if TYPE_CHECKING:
    from pathlib import Path

OPTIONS = Options(b"k" * 32)
GOOD = "import os\n\n\ndef f(x):\n    return os.fspath(x)\n"
CUT = "import os\n\n\ndef f(x):\n    return os.fspath(x,\n"


def texts(number: int) -> list[dict[str, Any]]:
    """Texts of many sessions, one in five of them cut; some hold the same as others."""
    return [
        {
            "text": (CUT if at % 5 == 0 else GOOD) + f"\n\nN = {at % 40}\n", "path": f"src/m{at % 7}.py", "session": f"s{at // 10}", "agent": "claude-code",
            "model": f"m{at % 2}", "time": f"2026-0{1 + at % 2}-{1 + at % 3:02}T10:00:00.000Z", "key": f"toolu_{at:020}", "person": f"p{at % 3}",
        }
        for at in range(number)
    ]  # fmt: skip


def lines(folder: Path, rows: list[Any], name: str = "texts.jsonl") -> str:
    """A file of rows as lines of JSON; a string is a line as it stands."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in rows), "utf-8")
    return str(file)


def session(folder: Path, number: int) -> str:
    """A session of Claude Code with an edit that was cut."""
    known = {
        "sessionId": f"c{number}",
        "cwd": "/w/shop",
        "version": "2.1.5",
        "timestamp": f"2026-03-{1 + number % 20:02}T10:00:00.000Z",
    }
    given = {"file_path": f"/w/shop/a{number}.py", "content": CUT}
    use = {"type": "tool_use", "id": f"toolu_{number:024}", "name": "Write", "input": given}
    message = {
        "id": f"msg_{number}",
        "role": "assistant",
        "model": "m0",
        "content": [use],
        "usage": {"input_tokens": 3, "output_tokens": 50},
        "stop_reason": "tool_use",
    }
    result = {"role": "user", "content": [{"type": "tool_result", "tool_use_id": use["id"], "content": "ok"}]}
    rows = [
        {"type": "user", "uuid": "u1", "message": {"role": "user", "content": "go"}, **known},
        {"type": "assistant", "uuid": "u2", "requestId": f"req_{number}", "message": message, **known},
        {
            "type": "user",
            "uuid": "u3",
            "message": result,
            "toolUseResult": {"type": "create", **given, "filePath": given["file_path"]},
            **known,
        },
    ]
    return lines(folder, rows, f"ana/{number}.jsonl")


def rows(target: str, name: str, columns: str) -> list[tuple[Any, ...]]:
    """What was written, in order."""
    with duckdb.connect() as db:
        return db.execute(f"SELECT {columns} FROM ({layout.reading(target, name)}) ORDER BY ALL").fetchall()
