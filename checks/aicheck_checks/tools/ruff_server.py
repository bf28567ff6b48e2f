"""A warm ruff: its language server, kept for one question after the other.

Starting ruff takes 7 ms, asking one that runs takes 1 ms (1,000 lines of Python). It is given
the whole text each time, under a name of its own, so that nothing is remembered between questions.
(`ruff server`, https://docs.astral.sh/ruff/editors/; LSP 3.17, "Pull Diagnostics".)
"""

from __future__ import annotations

import json
import subprocess
from contextlib import suppress
from threading import Lock, Timer
from typing import TYPE_CHECKING, Any

from aicheck_checks.diagnostic import Diagnostic
from aicheck_checks.programs import environment
from aicheck_checks.tools.ruff import MAX_DIAGNOSTICS, QUALITY, SELECT, TARGET, executable

if TYPE_CHECKING:
    from aicheck_checks.source import Source

SECONDS = 1.0
"""A text that keeps ruff busy for longer is hostile; the process is ended, and the text left to the grammar."""
LONG = 600_000
"""Code points; for a longer text a ruff of its own is started, which reads while the text is parsed."""
MAX_FAILURES = 5
"""A ruff that dies this often is not started again."""


class RuffServer:
    """One process, started at the first question; any thread may ask."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = Lock()
        self._asked = 0
        self._failures = 0

    def diagnose(self, source: Source) -> list[Diagnostic] | None:
        """ruff's diagnostics, those of quality too, in the order of the text, or None where it could not judge."""
        if len(source.text) > LONG:
            return None
        with self._lock:
            if self._failures >= MAX_FAILURES:
                return None
            killer = Timer(SECONDS, self._kill)
            killer.start()
            try:
                return self._ask(
                    "stub.pyi" if source.path.endswith(".pyi") else "module.py",
                    source.data.decode().removeprefix("\ufeff"),
                )
            except (OSError, ValueError):
                self._failures += 1
                self._end()
                return None
            finally:
                killer.cancel()

    def close(self) -> None:
        """End the process, in the midst of a question or not; the next question starts another."""
        self._kill()
        with self._lock:
            self._end()

    def _kill(self) -> None:
        process = self._process
        if process is not None:
            process.kill()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            with suppress(BrokenPipeError), process:
                process.kill()

    def _ask(self, name: str, text: str) -> list[Diagnostic]:
        if self._process is None:
            self._start()
        self._asked += 1
        document = {"uri": f"file:///{self._asked}/{name}", "languageId": "python", "version": 1, "text": text}
        self._send("textDocument/didOpen", {"textDocument": document})
        answer = self._request("textDocument/diagnostic", {"textDocument": {"uri": document["uri"]}})
        self._send("textDocument/didClose", {"textDocument": {"uri": document["uri"]}})
        found = [_diagnostic(item) for item in answer["items"]]
        return sorted(found, key=Diagnostic.order)[:MAX_DIAGNOSTICS]

    def _start(self) -> None:
        program = executable()
        if program is None:
            raise FileNotFoundError("ruff")
        self._process = subprocess.Popen(
            [program, "server", "--isolated"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=environment(),
        )  # fmt: skip
        configuration = {"lint": {"select": f"{SELECT},{QUALITY}".split(",")}, "target-version": TARGET}
        capabilities = {"general": {"positionEncodings": ["utf-32"]}, "textDocument": {"diagnostic": {}}}
        settings = {"configuration": configuration, "configurationPreference": "editorOnly"}
        answer = self._request(
            "initialize",
            {
                "processId": None,
                "rootUri": None,
                "capabilities": capabilities,
                "initializationOptions": {"settings": settings},
            },
        )
        if answer["capabilities"].get("positionEncoding") != "utf-32":
            raise ValueError("this ruff counts columns in other units")
        self._send("initialized", {})

    def _request(self, method: str, params: dict[str, Any]) -> Any:
        self._send(method, params, id=self._asked)
        while True:
            message = self._receive()
            if message.get("id") == self._asked and "method" not in message:
                if "result" not in message:
                    raise ValueError(message)
                return message["result"]

    def _send(self, method: str, params: dict[str, Any], **more: int) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **more}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _receive(self) -> Any:
        assert self._process is not None
        assert self._process.stdout is not None
        size = 0
        while line := self._process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                size = int(value)
        if not size:
            raise ValueError("ruff has ended")
        return json.loads(self._process.stdout.read(size))


def _diagnostic(item: dict[str, Any]) -> Diagnostic:
    start, end = item["range"]["start"], item["range"]["end"]
    return Diagnostic(
        str(item.get("code") or "invalid-syntax"),
        str(item["message"]).partition("\n\nhelp: ")[0],
        start["line"] + 1,
        start["character"] + 1,
        end["line"] + 1,
        end["character"] + 1,
    )
