"""The process that logs what goes through ``aicheck acp``: it reads copies of both directions, and logs each edit once it was made."""

from __future__ import annotations

import os
import re
import sys
import threading
import time
from glob import escape, glob
from queue import SimpleQueue
from typing import IO, TYPE_CHECKING

from aicheck_app import faults
from aicheck_app.acp.copies import HEAD, MAX_WAITING
from aicheck_app.capture import claude_code
from aicheck_app.capture.acp_traffic import Traffic
from aicheck_app.capture.folders import Folders
from aicheck_app.capture.lines import MAX_LINE
from aicheck_app.config import of_home
from aicheck_app.hook.event import Event
from aicheck_app.hook.transcript import awaited
from aicheck_app.log.spooling import open_log
from aicheck_app.observe import observe
from aicheck_checks.surroundings import Disk
from aicheck_checks.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_app.capture.acp import Session
    from aicheck_app.origin import Output

PATIENCE = 5.0
"""Seconds that another writer of the log is waited for."""
_PLAIN = re.compile(r"[\w-]{1,100}")


class Lines:
    """Pieces of one direction, put together to lines; those that are too long or lack a piece are dropped and counted."""

    def __init__(self) -> None:
        self.lost = 0
        self._begun = bytearray()
        self._broken = False

    def add(self, piece: bytes) -> Iterator[bytes]:
        """The lines that end in a piece; an empty piece stands for some that were dropped."""
        *ended, rest = piece.split(b"\n")
        self._broken = self._broken or not piece
        for line in ended:
            self._grow(line)
            if self._broken:
                self.lost += 1
            else:
                yield bytes(self._begun)
            self._begun.clear()
            self._broken = False
        self._grow(rest)

    def _grow(self, more: bytes) -> None:
        self._broken = self._broken or len(self._begun) + len(more) > MAX_LINE
        if self._broken:
            self._begun.clear()
        else:
            self._begun += more


class Logger:
    """Reads the messages of a connection and logs what comes of them; no message that it fails on costs another."""

    def __init__(self) -> None:
        self._traffic = Traffic()
        self._worker = Worker()

    def read(self, line: bytes, *, by_agent: bool) -> None:
        """Read a message, and log what it ends."""
        try:
            self._traffic.read(line, by_agent=by_agent)
            self._log()
        except Exception as error:  # noqa: BLE001 - see above
            faults.note("acp", error)

    def close(self) -> None:
        """Nothing follows: log what waits for the end of a turn."""
        try:
            self._traffic.close()
            self._log()
        except Exception as error:  # noqa: BLE001 - see above
            faults.note("acp", error)
        self._worker.close()

    def _log(self) -> None:
        for session in self._traffic.sessions.values():
            if session.waiting:
                self._log_of(session)

    def _log_of(self, session: Session) -> None:
        outputs, looks = session.finish(), session.looks()
        config = Folders(of_home()).config(session.origin.cwd)  # as they are now
        with open_log(patience=PATIENCE) as log:
            new = [_known(one) for one in outputs if not log.has(one.identity)]
            known = [look._replace(file=_known(look.file)) for look in looks]
            observe(new, log, config, looks=known, disk=Disk(), check=self._worker.check_all)


def _known(output: Output) -> Output:
    """An output with the model and version that Claude Code's own transcript names: its adapter tells of neither."""
    origin = output.origin
    if origin.agent != claude_code.AGENT or not _PLAIN.fullmatch(origin.session):
        return output
    places = (os.path.join(escape(folder), "*", f"{origin.session}.jsonl") for folder in claude_code.folders())
    transcript = next((found for place in places for found in glob(place)), "")
    event = Event(origin.agent, "edit", "", tool_use=origin.tool_use, transcript=transcript)
    return output._replace(origin=awaited(event, origin) if transcript else origin)


class Pieces:
    """The copies that wait, read by a thread of its own: the proxy can end as soon as all has been handed over."""

    def __init__(self, copies: IO[bytes]) -> None:
        self._copies = copies
        self._waiting: SimpleQueue[tuple[bool, bytes] | None] = SimpleQueue()
        self._read = self._taken = 0
        threading.Thread(target=self._gather, daemon=True).start()

    def __iter__(self) -> Iterator[tuple[bool, bytes]]:
        while (piece := self._waiting.get()) is not None:
            self._taken += len(piece[1])
            yield piece

    def _gather(self) -> None:
        while len(head := self._copies.read(HEAD.size)) == HEAD.size:
            by_agent, size = HEAD.unpack(head)
            data = self._copies.read(size)
            self._read += len(data)
            self._waiting.put((by_agent, data))
            while self._read - self._taken > MAX_WAITING:
                time.sleep(0.05)
        self._waiting.put(None)


def take(copies: IO[bytes]) -> None:
    """Log what comes of copies, until they end."""
    logger, lines = Logger(), (Lines(), Lines())
    for by_agent, data in Pieces(copies):
        for line in lines[by_agent].add(data):
            logger.read(line, by_agent=by_agent)
    logger.close()
    if lost := sum(direction.lost for direction in lines):
        faults.note("acp", f"{lost:,} messages were too long or came too fast: they were passed on, and not logged")


if __name__ == "__main__":
    if sys.platform != "win32":
        os.nice(5)  # the agent's work comes first
    take(sys.stdin.buffer)
