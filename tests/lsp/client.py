"""A plain client: a real server process, raw messages over its pipes, whatever comes kept for the asking."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]

Message = dict[str, Any]
SECONDS = 20.0
COMMAND = [sys.executable, "-c", "from aicheck_app.cli.main import main; main()", "lsp"]


def environment() -> dict[str, str]:
    """The environment in which COMMAND finds this checkout's packages."""
    paths = os.pathsep.join(str(ROOT / part) for part in ("app", "checks", "lsp_server"))
    return {**os.environ, "PYTHONPATH": paths}


class Client:
    """Speaks to ``aicheck lsp``; ``settings`` answers ``workspace/configuration``."""

    def __init__(
        self,
        root: str,
        *,
        settings: Message | None = None,
        capabilities: Message | None = None,
        folders: tuple[str, ...] = (),
        command: list[str] | None = None,
        process_id: int | None = None,
        options: Message | None = None,
    ) -> None:
        self.settings = {"scope": "all", "log": False, **(settings or {})}
        self.received: list[Message] = []
        self._ids = itertools.count(1)
        self._queue: queue.Queue[Message | None] = queue.Queue()
        self.process = subprocess.Popen(
            command or [*COMMAND, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=environment(),
        )  # fmt: skip
        threading.Thread(target=self._read, daemon=True).start()
        workspace = {"configuration": True, "didChangeWatchedFiles": {"dynamicRegistration": True}}
        given = {"workspace": workspace, "general": {"positionEncodings": ["utf-16"]}, **(capabilities or {})}
        uris = [{"uri": uri_of(folder), "name": os.path.basename(folder)} for folder in (folders or (root,))]
        self.initialized = self.request(
            "initialize",
            processId=process_id or os.getpid(),
            rootUri=uri_of(root),
            capabilities=given,
            workspaceFolders=uris,
            initializationOptions=options,
        )
        self.notify("initialized")

    def request(self, method: str, **params: Any) -> Any:
        """Send a request and return its result; an error raises RuntimeError."""
        return self.answer(self.ask(method, **params))

    def ask(self, method: str, **params: Any) -> int:
        """Send a request and return its id."""
        number = next(self._ids)
        self._send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        return number

    def answer(self, number: int) -> Any:
        """Wait for the answer to a request."""
        reply = self.wait(lambda m: m.get("id") == number and "method" not in m)
        if "error" in reply:
            raise RuntimeError(reply["error"]["message"])
        return reply.get("result")

    def notify(self, method: str, **params: Any) -> None:
        self._send({"jsonrpc": "2.0", "method": method, "params": params})

    def wait(self, wanted: Any, seconds: float = SECONDS) -> Message:
        """The next message that meets a condition, those already here first."""
        for index, message in enumerate(self.received):
            if wanted(message):
                return self.received.pop(index)
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                arrived = self._queue.get(timeout=left)
            except queue.Empty:
                break
            if arrived is None:
                raise EOFError((self.process.stderr.read() if self.process.stderr else b"").decode())
            message = arrived
            if "method" in message and "id" in message:
                self._reply(message)
            elif wanted(message):
                return message
            self.received.append(message)
        raise TimeoutError(f"no such message; last ones: {self.received[-3:]}")

    def notification(self, method: str, seconds: float = SECONDS) -> Any:
        return self.wait(lambda m: m.get("method") == method, seconds)["params"]

    def diagnostics(self, uri: str, version: int, wanted: Any = lambda _: True) -> list[Message]:
        """The diagnostics of a version that meet a condition."""
        found = self.wait(
            lambda m: (
                m.get("method") == "textDocument/publishDiagnostics" and m["params"]["uri"] == uri
                and m["params"].get("version") == version and wanted(m["params"]["diagnostics"])
            )
        )  # fmt: skip
        diagnostics: list[Message] = found["params"]["diagnostics"]
        return diagnostics

    def diagnostics_cleared(self, uri: str) -> None:
        """Wait until nothing is shown of a document any more."""
        self.wait(
            lambda m: (
                m.get("method") == "textDocument/publishDiagnostics" and m["params"]["uri"] == uri
                and "version" not in m["params"] and not m["params"]["diagnostics"]
            )
        )  # fmt: skip

    def quiet(self, seconds: float) -> list[Message]:
        """Everything that comes in a time."""
        with contextlib.suppress(TimeoutError):
            self.wait(lambda _: False, seconds)
        found, self.received = self.received, []
        return found

    def open(self, path: str, text: str, language: str = "python", version: int = 1) -> str:
        uri = uri_of(path)
        item = {"uri": uri, "languageId": language, "version": version, "text": text}
        self.notify("textDocument/didOpen", textDocument=item)
        return uri

    def change(self, uri: str, version: int, *changes: Message) -> None:
        self.notify(
            "textDocument/didChange", textDocument={"uri": uri, "version": version}, contentChanges=list(changes)
        )

    def close(self) -> int:
        """Shut the server down as the protocol wants and return its exit code."""
        self.request("shutdown")
        self.notify("exit")
        return self.process.wait(10)

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()

    def _reply(self, message: Message) -> None:
        result: Any = [self.settings] if message["method"] == "workspace/configuration" else None
        self.received.append({**message, "asked": True, "id": None})
        self._send({"jsonrpc": "2.0", "id": message["id"], "result": result})

    def _send(self, message: Message) -> None:
        self.raw(json.dumps(message).encode())

    def raw(self, body: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        try:
            while header := stream.readline():
                length = int(header.split(b":")[1])
                while stream.readline().strip():
                    pass
                self._queue.put(json.loads(stream.read(length)))
        except ValueError:
            pass
        self._queue.put(None)


def uri_of(path: str) -> str:
    return Path(path).as_uri()


def insert(line: int, column: int, text: str) -> Message:
    place = {"line": line, "character": column}
    return {"range": {"start": place, "end": place}, "text": text}


def replace(first: tuple[int, int], last: tuple[int, int], text: str) -> Message:
    start, end = ({"line": p[0], "character": p[1]} for p in (first, last))
    return {"range": {"start": start, "end": end}, "text": text}
