"""Builds transcript lines in Claude Code's format for tests."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

OLD = 1_700_000_000
"""Seconds: nothing is being written to a file of that time, so its last turn is over."""
COMMON = {
    "sessionId": "s1",
    "version": "2.1.0",
    "cwd": "/home/dev/shop",
    "timestamp": "2026-05-01T10:00:00.000Z",
    "isSidechain": False,
}


def assistant(message: str, *content: dict[str, Any], **more: Any) -> dict[str, Any]:
    body = {
        "id": message,
        "role": "assistant",
        "model": more.pop("model", "model-a"),
        "content": list(content),
        "stop_reason": more.pop("stop_reason", "tool_use"),
        "usage": {"input_tokens": 1, "output_tokens": more.pop("tokens", 10)},
    }
    return {
        "type": "assistant",
        "uuid": f"u-{message}",
        "requestId": f"req-{message}",
        **COMMON,
        **more,
        "message": body,
    }


def use(identifier: str, tool: str, **given: Any) -> dict[str, Any]:
    return {"type": "tool_use", "id": identifier, "name": tool, "input": given}


def text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


def result(identifier: str, outcome: Any, *, error: bool = False, said: str = "ok", **more: Any) -> dict[str, Any]:
    block = {"type": "tool_result", "tool_use_id": identifier, "content": said, **({"is_error": True} if error else {})}
    return {
        "type": "user",
        "uuid": f"r-{identifier}",
        **COMMON,
        **more,
        "message": {"role": "user", "content": [block]},
        "toolUseResult": outcome,
    }


def write(path: Path, *lines: dict[str, Any] | str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
    os.utime(path, (OLD, OLD))
    return path
