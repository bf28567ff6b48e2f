"""Starting the server on one of its transports."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
import time
from typing import Any, BinaryIO, NoReturn, cast

from aicheck_lsp.bounded import Bounded
from aicheck_lsp.methods import register
from aicheck_lsp.server import Server

_WATCH_SECONDS = 2.0
_SWITCH_SECONDS = 0.0005
"""So long a thread that checks may keep the one that answers waiting (Python's own choice is ten times this)."""


def serve(*, tcp: str | None = None, pipe: str | None = None) -> NoReturn:
    """Serve until the client leaves, then end: on standard input and output, a TCP address (HOST:PORT) or a pipe.

    The exit code is 0 after ``shutdown``, else 1 (LSP 3.17, "Exit Notification"). The process ends
    at once: standard output is closed by then, and a check that still runs is for nobody.
    """
    logging.getLogger("pygls").setLevel(logging.CRITICAL)
    sys.setswitchinterval(_SWITCH_SECONDS)
    server = Server()
    register(server)
    _watch_parent(server)
    server.quick.start()
    if tcp is not None:
        host, _, port = tcp.rpartition(":")
        server.start_tcp(host or "127.0.0.1", int(port))
    elif pipe is not None:
        asyncio.run(_serve_pipe(server, pipe))
    else:
        server.start_io(cast("BinaryIO", Bounded(sys.stdin.buffer)))
    for process in (server.ruff, server.quick, server.thorough, server.deep):
        process.close()
    os._exit(0 if server.was_shut_down else 1)


async def _serve_pipe(server: Server, path: str) -> None:
    """Connect to the client's socket, or on Windows its named pipe, as ``--pipe`` means in LSP."""
    from pygls.io_ import run_async

    reader, writer = await _connected(path)
    server.protocol.set_writer(writer)
    await run_async(stop_event=threading.Event(), reader=reader, protocol=server.protocol)


async def _connected(path: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Both directions of a connection; asyncio has no streams of its own for named pipes, which are the loop's on Windows."""
    if sys.platform != "win32":
        return await asyncio.open_unix_connection(path)
    loop: Any = asyncio.get_running_loop()  # a ProactorEventLoop, which has a name on Windows alone
    reader = asyncio.StreamReader()
    transport, protocol = await loop.create_pipe_connection(lambda: asyncio.StreamReaderProtocol(reader), path)
    return reader, asyncio.StreamWriter(transport, protocol, reader, loop)


def _watch_parent(server: Server) -> None:
    """End when the client's process is gone, also if somebody else keeps the pipe open (LSP 3.17, processId)."""

    def watch() -> None:
        while True:
            time.sleep(_WATCH_SECONDS)
            if server.process_id is not None and not _alive(server.process_id):
                os._exit(1)

    threading.Thread(target=watch, daemon=True, name="aicheck-parent").start()


def _alive(process: int) -> bool:
    if sys.platform == "win32":
        return True  # there the pipe ends with the process
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
