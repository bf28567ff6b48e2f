"""Outputs for attacks on the log."""

from __future__ import annotations

from typing import Any

from aicheck_app.origin import Origin, Output

CUT = "function total(items) {\n  return items.reduce((a, b) =>"
"""Suspect, without any tool: it ends inside a bracket."""


def output(key: str = "k", text: str = CUT, path: str = "/work/a.js", **origin: Any) -> Output:
    given = {"agent": "claude-code", "session": "s", "time": "2026-04-01T00:00:00.000Z", "cwd": "/work", **origin}
    return Output(key, "Write", text, text, "file", path, Origin(**given))
