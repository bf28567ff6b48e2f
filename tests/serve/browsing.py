"""A page that is served on a real port, and a browser that says whatever it likes."""

from __future__ import annotations

import http.client
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

from aicheck_app.log import records
from aicheck_app.log.store import Log
from aicheck_app.serve.running import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

BAD = records.Finding(
    code="TRU001", message="cut off", line=3, column=1, severity="error", confidence="high", excerpt="def f(\n    a,\n"
)


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    text: str


class Browser:
    """One that was let in, unless it says another cookie."""

    def __init__(self, server: Server) -> None:
        self.port = server.socket.getsockname()[1]
        self.secret = server.access.form
        self.entered = self.ask("GET", server.access.address.partition(f":{self.port}")[2])
        self.cookie = self.entered.headers.get("set-cookie", "").partition(";")[0]
        self.home = f"/{server.access.folder}/"

    def ask(self, method: str, target: str, body: bytes | None = None, /, **headers: str) -> Answer:
        """Ask for an address as it stands; headers are named with ``_`` for ``-``."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, target, body, {name.replace("_", "-"): text for name, text in headers.items()})
        found = connection.getresponse()
        answer = Answer(
            found.status, {name.lower(): text for name, text in found.getheaders()}, found.read().decode("utf-8")
        )
        connection.close()
        return answer

    def get(self, path: str = "", /, **query: str) -> Answer:
        """A page, as a link leads to it."""
        target = f"{self.home}{path}{f'?{urlencode(query)}' if query else ''}"
        return self.ask("GET", target, Cookie=self.cookie, Sec_Fetch_Site="same-origin")

    def post(self, path: str, body: bytes | None = None, /, cookie: str | None = None, **fields: str) -> Answer:
        """A form, as our own page sends it."""
        data = urlencode(fields).encode() if body is None else body
        return self.ask(
            "POST", f"{self.home}{path}", data, Cookie=self.cookie if cookie is None else cookie, Origin="null", Sec_Fetch_Site="same-origin",
            Content_Type="application/x-www-form-urlencoded",
        )  # fmt: skip


@contextmanager
def serving() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()


@contextmanager
def browsing() -> Iterator[Browser]:
    with serving() as server:
        yield Browser(server)


def output(number: int, **members: object) -> records.Output:
    """The output of a minute of a day; every tenth is suspect."""
    bad = number % 10 == 0
    known: dict[str, object] = {
        "id": f"{number:04x}", "time": f"2026-03-01T{number // 60:02}:{number % 60:02}:00.000Z", "agent": ("codex", "claude-code")[number % 2],
        "model": f"m-{number % 3}", "project": f"{number % 4:012x}", "path": f"src/f{number % 5}.py", "tool": "Write", "unit": "file",
        "verdict": "suspect" if bad else "clean", "findings": [BAD] if bad else [], "language": "python", "session": f"s{number}",
        "attribution": "transcript",
    }  # fmt: skip
    return records.Output(**{**known, **members})  # type: ignore[arg-type]


def filled(number: int = 120) -> None:
    """A log of so many outputs."""
    with Log() as log:
        log.append([output(each) for each in range(number)])
