"""The work of ``aicheck hook`` without a helper, and starting one for the next time."""

from __future__ import annotations

import os

from aicheck_app.hook import client


def answer_here(arguments: list[str], data: bytes) -> bytes:
    """Answer a payload in this process."""
    from aicheck_app.hook.handle import handle

    answer = handle(data, os.getcwd(), client.hint(arguments))
    if client.wanted():
        _start_helper()
    return answer


def _start_helper() -> None:
    """Start a helper that outlives this process; where one runs already, the new one ends by itself."""
    import subprocess
    import sys

    subprocess.Popen(
        [sys.executable, "-m", "aicheck_app.hook.helper"], cwd="/", start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
