"""The proxy as an editor starts it, and agents to be started by it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from aicheck_app.log.queries import everything
from aicheck_app.log.store import Log
from tests.security.processes import MAIN

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aicheck_app.log.records import Body

PROXY = [sys.executable, "-P", "-c", MAIN, "acp", "--"]


def agent(code: str, *arguments: str) -> list[str]:
    """The command of an agent that runs this code behind the proxy."""
    return [*PROXY, sys.executable, "-c", f"import os, sys, time\n{code}", *arguments]


def started(command: list[str], folder: Path, environment: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, **(environment or {})},
    )  # fmt: skip


def awaited(found: Callable[[], bool], seconds: float = 30.0) -> bool:
    """Whether something comes to be in time: what logs goes on after the proxy has ended."""
    late = time.monotonic() + seconds
    while not found() and time.monotonic() < late:
        time.sleep(0.05)
    return found()


def logged(number: int) -> list[Body]:
    """The records of the log, once there are so many."""

    def found() -> list[Body]:
        with Log() as log:
            return list(everything(log))

    awaited(lambda: len(found()) >= number)
    return found()
