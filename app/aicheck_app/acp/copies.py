"""Copies of what goes by, on their way to the process that logs: what it can't take in time is dropped and told, never waited for."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING

from aicheck_checks.programs import environment, python

if TYPE_CHECKING:
    from types import TracebackType

MAX_WAITING = 64_000_000
"""Bytes that wait to be taken; while there are more, nothing is copied."""
HEAD = struct.Struct("<?I")
"""Before each piece: whether the agent wrote it, and how many bytes it has; none for what was dropped."""
_ENDS = 2.0
"""Seconds that the logger has to take the last pieces when the agent has ended."""


class Copies:
    """Hands pieces on from a thread of its own; a context manager. No failure of it reaches whoever adds a piece."""

    def __init__(self) -> None:
        self._pieces: SimpleQueue[tuple[bool, bytes] | None] = SimpleQueue()
        self._added = [0, 0]
        """Bytes so far by direction: each is changed by one thread alone, and so is ``_handed_on``."""
        self._handed_on = 0
        self._dropping = [False, False]
        self._off = False
        self._thread = threading.Thread(target=self._hand_on, daemon=True)

    def __enter__(self) -> Copies:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pieces.put(None)
        self._thread.join(_ENDS)
        if self._off:  # the failure is being written down
            self._thread.join()
        elif self._thread.is_alive():
            _told("what came last is not logged: more waits than the logger takes")

    def add(self, data: bytes, *, by_agent: bool) -> None:
        """Keep a piece to be handed on."""
        full = self._off or sum(self._added) - self._handed_on > MAX_WAITING
        if full and self._dropping[by_agent]:
            return
        self._dropping[by_agent] = full
        self._added[by_agent] += 0 if full else len(data)
        self._pieces.put((by_agent, b"" if full else data))

    def _hand_on(self) -> None:
        try:
            self._write(_logger())
        except OSError as error:
            self._off = True
            _told(f"nothing more of this connection is logged: {error}")

    def _write(self, logger: subprocess.Popen[bytes]) -> None:
        assert logger.stdin is not None
        try:
            while (piece := self._pieces.get()) is not None:
                by_agent, data = piece
                write(logger.stdin.fileno(), HEAD.pack(by_agent, len(data)) + data)
                self._handed_on += len(data)
        finally:
            logger.stdin.close()
            logger.returncode = 0  # it ends when it has logged all, and nobody waits for that


def _told(what: str) -> None:
    """Write a failure down."""
    from aicheck_app import faults

    faults.note("acp", what)


def write(target: int, data: bytes) -> None:
    """Write all of it, however little is taken at once. Raises OSError."""
    left = memoryview(data)
    while left:
        left = left[os.write(target, left) :]


def _logger() -> subprocess.Popen[bytes]:
    """The process that logs. What ends this one and its group does not end it: it does so when it has read all."""
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
    return subprocess.Popen(
        python("aicheck_app.acp.logger"), bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, env=environment(), start_new_session=True, creationflags=flags,
    )  # fmt: skip
