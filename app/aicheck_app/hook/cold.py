"""The work of ``aicheck hook`` without a helper, and starting one for the next time."""

from __future__ import annotations

import os
import sys

from aicheck_app import faults
from aicheck_app.hook import client
from aicheck_checks.programs import environment, python


def answer_here(arguments: list[str], data: bytes, *, broke_off: bool = False) -> bytes:
    """Answer a payload in this process; one that a helper's process ended over is logged, and not checked again."""
    from aicheck_app.hook.handle import Means, handle, too_large
    from aicheck_checks.isolation import check_isolated, give_up

    if len(data) > client.MAX_PAYLOAD:
        return too_large(client.working_folder())
    answer = handle(
        data,
        client.working_folder(),
        client.hint(arguments),
        Means(check=give_up if broke_off else check_isolated, answer=client.say),
    )
    if client.wanted() and not broke_off:
        _start_helper()
    return answer


def _start_helper() -> None:
    """Start a helper that outlives this process; where one runs already, the new one ends by itself."""
    if sys.platform == "win32":
        return
    nowhere = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in range(3)]
    command = python("aicheck_app.hook.helper")
    try:
        os.posix_spawn(sys.executable, command, environment(), file_actions=nowhere, setsid=True)
    except (
        OSError,
        NotImplementedError,
    ) as error:  # the answer is there already; not every libc can begin a session so
        faults.note("hook helper", error)
