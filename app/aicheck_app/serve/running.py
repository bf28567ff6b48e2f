"""Running the page: on loopback alone, until it is interrupted."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from contextlib import contextmanager, suppress
from threading import Thread
from typing import TYPE_CHECKING

import uvicorn

from aicheck_app.home import home
from aicheck_app.report.sinks.page import templates
from aicheck_app.serve.access import HOST, Access
from aicheck_app.serve.app import application
from aicheck_app.serve.connection import MOST, Connection
from aicheck_app.serve.page import PACKAGE
from aicheck_checks.programs import environment

if TYPE_CHECKING:
    from collections.abc import Iterator


class Server:
    """Serves from its making on; ``access`` has the address."""

    def __init__(self, port: int = 0) -> None:
        """Raises OSError if the port is taken."""
        self.socket = _listening(port)
        self.access = Access(self.socket.getsockname()[1])
        config = uvicorn.Config(
            application(self.access), http=Connection, ws="none", loop="asyncio", lifespan="off", log_config=None, log_level="critical", access_log=False,
            server_header=False, date_header=False, proxy_headers=False, timeout_graceful_shutdown=1,
            backlog=MOST,  # all that wait are accepted at once, before any is hung up on
        )  # fmt: skip
        self._server = uvicorn.Server(config)

    def run(self) -> None:
        """Answer until ``stop``, or an interrupt of the process (KeyboardInterrupt)."""
        with self.socket:
            self._server.run([self.socket])

    def stop(self) -> None:
        """End ``run``, from another thread."""
        self._server.should_exit = True


@contextmanager
def opening_browser(access: Access) -> Iterator[None]:
    """Open the page in the user's browser, if there is one.

    All users of a machine see what programs are started with: so the browser is started with a file that leads to the
    address, and that nobody else can read.
    """
    os.makedirs(home(), mode=0o700, exist_ok=True)
    handle, file = tempfile.mkstemp(prefix="serve-", suffix=".html", dir=home())
    try:
        with open(handle, "w", encoding="utf-8") as page:
            page.write(templates(PACKAGE).get_template("templates/opening.html.j2").render(address=access.address))
        Thread(target=_open, args=(file,), daemon=True).start()  # a browser in a terminal ends when its user has enough
        yield
    finally:
        with suppress(OSError):
            os.unlink(file)


def _open(file: str) -> None:
    os.environ["PATH"] = environment().get("PATH", os.defpath)  # no program of the working folder is a browser
    import webbrowser  # which looks for them when it is imported

    with suppress(webbrowser.Error, OSError):
        webbrowser.open(f"file://{'/' * (os.name == 'nt')}{file.replace(os.sep, '/')}")


def _listening(port: int) -> socket.socket:
    """A socket on loopback that no other program can share. Raises OSError."""
    found = socket.socket()
    try:
        if sys.platform == "win32":
            found.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # of a run that has just ended
        found.bind((HOST, port))
        found.listen()
    except OSError:
        found.close()
        raise
    return found
