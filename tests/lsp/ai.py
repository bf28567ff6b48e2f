"""What the tests of AI-written text share: texts, looking into the log, streaming."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

from aicheck_app.log.store import Log
from tests.lsp.client import Client, Message, insert

Start = Callable[..., Client]

HEAD = "import os\n\n\ndef first(x):\n    return os.fspath(x)\n"
GOOD = "\n\ndef second(x):\n    y = os.path.join(x, x)\n    return y\n"
BAD = "\n\ndef second(x):\n    y = json.dumps(x)\n    return y\n"
AI = {"scope": "ai", "log": True}


def codes(diagnostics: list[Message]) -> list[str]:
    return [diagnostic["code"] for diagnostic in diagnostics]


def logged(diagnostics: list[Message]) -> bool:
    return any("output" in diagnostic["data"] for diagnostic in diagnostics)


def status(client: Client) -> Any:
    return client.notification("aicheck/status")


def records(kind: str = "output") -> list[Any]:
    with Log(read_only=True) as log:
        return list(log.bodies("kind = ?", (kind,)))


def stream(client: Client, uri: str, version: int, line: int, text: str, size: int = 7, pause: float = 0.01) -> int:
    """Insert a text in chunks, as an assistant writes; returns the last version."""
    at = (line, 0)
    for start in range(0, len(text), size):
        chunk = text[start : start + size]
        version += 1
        client.change(uri, version, insert(*at, chunk))
        lines = chunk.split("\n")
        at = (at[0] + len(lines) - 1, len(lines[-1]) + (at[1] if len(lines) == 1 else 0))
        time.sleep(pause)
    return version


def count() -> int:
    there = os.path.exists(os.path.join(os.environ["AICHECK_HOME"], "log.sqlite3"))
    return len(records()) if there else 0
