"""The warm helper of ``aicheck hook``: everything imported, a process of its own for each payload.

The parent imports and listens; children that wait in ``accept`` are forked ahead of time and serve
one payload each. So nothing is remembered between payloads, no caches go stale, and a text that
crashes a grammar or keeps it busy costs its own answer only. It ends when nobody has asked for a while.
"""

from __future__ import annotations

import fcntl
import gc
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from time import monotonic
from typing import NamedTuple, NoReturn

from aicheck_app import faults
from aicheck_app.hook import client
from aicheck_app.hook.handle import Means, handle, preload, touch
from aicheck_checks.isolation import check_or_end
from aicheck_checks.tools.ruff import executable
from aicheck_checks.tools.ruff_server import RuffServer

assert sys.platform != "win32", "the helper forks, and listens at a Unix socket"

_OURS = ("aicheck_", "tree_sitter", "ruff")
"""How the modules begin whose change changes an answer."""
GONE = b"!"
"""What a child says of an installation that has changed; every other byte asks for another child."""
SPARES = 2
"""Children that wait; one more is forked as soon as one of them has answered."""
IDLE_SECONDS = 900.0
LOOK_SECONDS = 5.0
"""So long a child that has crashed may be missing."""
RECEIVE_SECONDS = 2.0
"""A client that has not sent its payload by then is not waited for: it may never send one."""
MAX_HEAD = 1 << 22
"""Bytes of arguments and environment; Linux allows no more."""
FIRST_SECONDS = 0.25
"""So long for the first of it."""
CHILD_SECONDS = 30
"""A child that takes longer is ended by its alarm; its client then does the work itself, or gives up."""


def main() -> None:
    """Listen until nobody asks any more, or until told to end; end at once where another helper listens."""
    folder = client.folder()
    os.makedirs(folder, mode=0o700, exist_ok=True)
    os.chdir(folder)
    if not client.is_own("."):
        return  # others may put something in the socket's place
    lock = os.open("hook.lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return
    preload()
    gc.collect()
    gc.freeze()  # what is there now stays: children then copy less memory
    name = client.socket_name()
    with socket.socket(socket.AF_UNIX) as listener:
        with suppress(FileNotFoundError):
            os.unlink(name)
        os.umask(0o077)
        listener.bind(name)
        listener.listen(128)
        listener.setblocking(False)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit())
        try:
            _serve(listener)
        finally:
            os.unlink(name)


def _installed() -> dict[str, int]:
    """The files that answers are made with, and when each was changed (ns)."""
    modules = ((name, getattr(module, "__file__", None)) for name, module in list(sys.modules.items()))
    files = {file for name, file in modules if file and name.startswith(_OURS)} | {executable() or ""}
    return {file: _changed(file) for file in files if file}


def _changed(file: str) -> int:
    try:
        return os.stat(file).st_mtime_ns
    except OSError:
        return 0


class _Pipes(NamedTuple):
    """What the parent and its children know of each other by: ``told`` carries a byte of a child to ``busy``.

    Nothing is ever written to ``kept``: ``alive`` ends for the children when the parent has, in whatever way.
    """

    busy: int
    told: int
    alive: int
    kept: int


def _serve(listener: socket.socket) -> None:
    """Keep children waiting until nobody has asked for a while, or the installation has changed."""
    pipes = _Pipes(*os.pipe(), *os.pipe())
    installed = _installed()
    children: set[int] = set()
    idle = 0.0
    while idle < IDLE_SECONDS:
        while len(children) < SPARES:
            children.add(_fork(listener, pipes, installed))
        if select.select([pipes.busy], [], [], LOOK_SECONDS)[0]:
            said = os.read(pipes.busy, 4096)
            if GONE in said:
                return
            children |= {_fork(listener, pipes, installed) for _ in said}
            idle = 0.0
        else:
            idle += LOOK_SECONDS
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG)[0]) > 0:
                children.discard(ended)


def _fork(listener: socket.socket, pipes: _Pipes, installed: dict[str, int]) -> int:
    child = os.fork()
    if child == 0:
        _child(listener, pipes, installed)
    return child


def _accepted(listener: socket.socket, alive: int) -> socket.socket:
    """The next connection that no other child has taken; the process ends where the parent has."""
    while True:
        if alive in select.select([listener.fileno(), alive], [], [])[0]:
            os._exit(0)
        with suppress(BlockingIOError):
            connection, _ = listener.accept()
            connection.setblocking(True)  # some systems make it as the listener is
            return connection


def _child(listener: socket.socket, pipes: _Pipes, installed: dict[str, int]) -> NoReturn:
    """Serve one payload."""
    told = pipes.told
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.close(pipes.kept)
        ruff = RuffServer()
        touch(ruff)
        connection = _accepted(listener, pipes.alive)
        signal.alarm(CHILD_SECONDS)
        with connection:
            if any(_changed(file) != changed for file, changed in installed.items()):
                os.write(told, GONE)  # the client does the work itself, and starts a helper of the new installation
                os._exit(0)
            if client.peer(connection) in (None, os.geteuid()):
                connection.sendall(client.HERE)
                reply = _Reply(connection, told)
                reply(_answer(_received(connection), Means(ruff, check_or_end, reply)))
            else:
                os.write(told, b".")
        ruff.close()
    except TimeoutError:
        os.write(told, b".")  # nobody's payload: another child is wanted all the same
    except Exception as error:  # noqa: BLE001 - the client does the work itself then
        faults.note("hook helper", error)
    finally:
        os._exit(0)


class _Reply:
    """The one answer to a client, which goes on with its own work as soon as it has it."""

    def __init__(self, connection: socket.socket, told: int) -> None:
        self._connection = connection
        self._told = told
        self._sent = False

    def __call__(self, answer: bytes) -> None:
        """Send it, unless one was sent."""
        if not self._sent:
            self._sent = True
            self._connection.sendall(client.DONE + answer)
            self._connection.shutdown(socket.SHUT_WR)
            os.write(self._told, b".")  # another child is wanted now, however long the record still takes


def _received(connection: socket.socket) -> bytes:
    """What the client sends. Raises TimeoutError for one that takes its time, ValueError for one that sends without end."""
    data, late = bytearray(), monotonic() + RECEIVE_SECONDS
    connection.settimeout(FIRST_SECONDS)
    while piece := connection.recv(1 << 20):
        data += piece
        if len(data) > client.MAX_PAYLOAD + MAX_HEAD:
            raise ValueError("a payload that is too large")
        connection.settimeout(max(late - monotonic(), 0.001))
    connection.settimeout(None)
    return bytes(data)


def _answer(received: bytes, means: Means) -> bytes:
    size, _, rest = received.partition(b"\n")
    head, data = rest[: int(size)], rest[int(size) :]
    cwd, arguments, variables = client.facts(head)
    os.environ.clear()
    os.environ.update(variables)
    with suppress(OSError):
        os.chdir(cwd)
    return handle(data, cwd, client.hint(arguments), means)


if __name__ == "__main__":
    main()
