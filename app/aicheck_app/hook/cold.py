"""The work of ``aicheck hook`` without a helper, and starting one for the next time."""

from __future__ import annotations

import os
import sys

from aicheck_app.hook import client
from aicheck_checks.programs import environment, python


def answer_here(arguments: list[str], data: bytes) -> bytes:
    """Answer a payload in this process."""
    from aicheck_app.hook.handle import handle

    answer = handle(data, os.getcwd(), client.hint(arguments))
    if client.wanted():
        _start_helper()
    return answer


def _start_helper() -> None:
    """Start a helper that outlives this process; where one runs already, the new one ends by itself."""
    nowhere = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in range(3)]
    os.posix_spawn(sys.executable, python("aicheck_app.hook.helper"), environment(), file_actions=nowhere, setsid=True)
