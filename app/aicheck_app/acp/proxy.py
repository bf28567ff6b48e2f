"""``aicheck acp -- AGENT``: starts the agent, passes every byte on as it comes, and shows a copy to a process that logs.

Nothing here reads a message: what is passed on can be of any size and need not be JSON. Each direction has a thread that reads and
then writes, so that whoever is slow slows the other side and nothing else, as without a proxy. Imports next to nothing: the
agent is started at once, and what checks is in a process of its own, whose work no message waits for.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from typing import IO, TYPE_CHECKING, NoReturn

from aicheck_app.acp.copies import Copies, write
from aicheck_app.errors import AicheckError
from aicheck_checks.programs import find, runnable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import FrameType

PIECE = 65_536
"""Bytes that are read at once: what a pipe holds."""
PATIENCE = 0.5
"""Seconds without a byte after which an agent that has ended has said all, though a program that it started keeps its pipe open."""
_PASSED_ON = ("SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2")


def run(agent: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run the agent with this environment between standard input and output; returns its exit code when it has ended.

    A code below zero is the number of the signal that ended it. Raises AicheckError if it can't be started.
    """
    with Copies() as copies:
        process = _started(agent, environment)
        told_to_end = threading.Event()
        for name in _PASSED_ON:
            _pass_on(name, process, told_to_end)
        _Pump(0, _own(process.stdin), copies, by_agent=False).start()
        answers = _Pump(_own(process.stdout), 1, copies, by_agent=True)
        answers.start()
        code = process.wait()
        answers.finish(told_to_end)
    return code


def main(agent: Sequence[str], environment: Mapping[str, str]) -> NoReturn:
    """As ``run``, and ends this process as the agent ended."""
    code = run(agent, environment)
    if code < 0:
        with suppress(OSError, ValueError):  # SIGKILL's effect can't be set, nor need it be
            signal.signal(-code, signal.SIG_DFL)
        with suppress(OSError):
            os.kill(os.getpid(), -code)
        code = 128 - code
    os._exit(code)  # a thread still waits for the editor's next word


def _started(agent: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """The agent: what the user named, with the environment that the user gave."""
    program = agent[0] if os.path.basename(agent[0]) != agent[0] else find(agent[0])
    if program is None:
        raise AicheckError(f"there is no program '{agent[0]}' on the PATH")
    try:
        return subprocess.Popen(
            runnable([program, *agent[1:]]), bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
        )
    except (OSError, ValueError) as error:
        raise AicheckError(f"{agent[0]} can't be started: {error}") from error


def _own(pipe: IO[bytes] | None) -> int:
    """An end of a pipe as a number, which is closed by whoever has it."""
    assert pipe is not None
    with pipe:
        return os.dup(pipe.fileno())


def _pass_on(name: str, process: subprocess.Popen[bytes], told: threading.Event) -> None:
    """Have a signal to this process be ``told``, and reach the agent; one from a terminal's keyboard reaches it anyway."""
    number = getattr(signal, name, None)
    if number is None:
        return
    from_keyboard = name in ("SIGINT", "SIGQUIT") and (sys.platform == "win32" or os.isatty(0))

    def pass_on(received: int, _frame: FrameType | None) -> None:
        told.set()
        if not from_keyboard:
            with suppress(OSError, ValueError):
                process.send_signal(received)

    signal.signal(number, pass_on)


class _Pump(threading.Thread):
    """Passes bytes from one place to another until the first has no more or nobody takes them at the second."""

    def __init__(self, source: int, target: int, copies: Copies, *, by_agent: bool) -> None:
        super().__init__(daemon=True)
        self._source, self._target = source, target
        self._copies, self._by_agent = copies, by_agent
        self._waits = False
        self._passed = 0

    def run(self) -> None:
        with suppress(OSError):  # nobody takes it any more, which whoever writes is told by the closed pipe
            while data := self._read():
                self._copies.add(data, by_agent=self._by_agent)
                write(self._target, data)
                self._passed += 1
        for end in (self._target, self._source):
            with suppress(OSError):
                os.close(end)

    def finish(self, told_to_end: threading.Event) -> None:
        """Wait until all that was written has been taken; not for what comes after a silence.

        Nor, once it was ``told_to_end``, for an editor that takes nothing: it may wait for the end alone, and read no more.
        """
        while self.is_alive():
            passed = self._passed
            self.join(PATIENCE)
            given_up = told_to_end.is_set() if not self._waits else not self._more()
            if given_up and self._passed == passed:
                return

    def _more(self) -> bool:
        """Whether there is something to be read: on a loaded machine this thread may just not have had its turn."""
        if sys.platform == "win32":  # which can't ask that of a pipe
            return False
        with suppress(OSError, ValueError):  # it is closed by now
            return bool(select.select([self._source], [], [], 0)[0])
        return False

    def _read(self) -> bytes:
        self._waits = True
        data = os.read(self._source, PIECE)
        self._waits = False
        return data
