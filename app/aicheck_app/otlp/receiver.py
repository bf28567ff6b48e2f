"""A receiver of OTLP over HTTP on this machine alone: agents send their own events, and what is known of them is logged.

Only log records are taken; metrics and traces are answered and dropped, for all that they count stands in the events. Nothing
that is received is kept but the records that come of it.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
import tempfile
import threading
import zlib
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from queue import Empty, Full, Queue
from typing import TYPE_CHECKING

from aicheck_app import faults
from aicheck_app.capture.ingest import Ingest
from aicheck_app.config import Config
from aicheck_app.log.store import Log
from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import Message
    from io import BufferedIOBase

    from aicheck_app.capture.totals import Totals

HOST = "127.0.0.1"
PORT = 4318
"""The port of OTLP over HTTP (https://opentelemetry.io/docs/specs/otlp/)."""
MAX_BYTES = 32_000_000
MAX_WAITING = 64
WAIT_SECONDS = 1.0
"""Exports that come within so long are logged together."""
_OK = 200
_HOSTS = ("127.0.0.1", "localhost", "[::1]")
_PORT = lazy(r":[0-9]{1,5}\Z")
_TAKEN = "/v1/logs"
_KINDS = ("json", "protobuf")
"""Of the content, as the specification of OTLP has them."""
_PASSED_OVER = ("/v1/metrics", "/v1/traces")


class Receiver:
    """Serves until it is closed; a context manager."""

    def __init__(self, port: int = PORT) -> None:
        """Raises OSError if the port is taken."""
        self._waiting: Queue[str] = Queue(MAX_WAITING)
        waiting = self._waiting

        class Handler(_Handler):
            queue = waiting

        self.server = _Server((HOST, port), Handler)
        self.port = int(self.server.server_port)

    def serve(self, told: Callable[[Totals], None], ended: threading.Event) -> None:
        """Take exports and log them until ``ended`` is set; what has come by then is logged as well."""
        thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        thread.start()
        try:
            while not ended.is_set():
                self._log(self._gather(), told)
        finally:
            self.server.shutdown()
            self.server.server_close()
            self._log(self._gather(), told)

    def _gather(self) -> list[str]:
        lines: list[str] = []
        try:
            lines.append(self._waiting.get(timeout=WAIT_SECONDS))
            while len(lines) < MAX_WAITING:
                lines.append(self._waiting.get_nowait())
        except Empty:
            pass
        return lines

    def _log(self, lines: list[str], told: Callable[[Totals], None]) -> None:
        if not lines:
            return
        with tempfile.TemporaryDirectory(prefix="aicheck-") as folder:
            file = os.path.join(folder, "otlp.jsonl")
            with open(file, "w", encoding="utf-8", errors="replace") as stream:
                stream.writelines(f"{line}\n" for line in lines)
            with Log() as log:
                told(Ingest(log, Config(), agent="otlp", here=False, alone=True).run([file]))


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """What goes wrong with one connection is no news to whoever runs this; what is our own fault is kept."""
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, OSError):
            faults.note("otlp", error)


class _Handler(BaseHTTPRequestHandler):
    queue: Queue[str]
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_POST(self) -> None:
        if _PORT.sub("", self.headers.get("Host", "")) not in _HOSTS or self.headers.get("Origin"):
            self._answer(403)  # a page in a browser, or a name that was made to mean this machine
            return
        try:
            data = _body(self.headers, self.rfile)
        except (OSError, EOFError, zlib.error):  # what says that it is packed, and is not
            self._answer(400)
            return
        if data is None:
            self._answer(413)
        elif self.path in _PASSED_OVER:
            self._answer(_OK)
        elif self.path != _TAKEN:
            self._answer(404)
        elif not any(kind in self.headers.get("Content-Type", "").lower() for kind in _KINDS):
            self._answer(415)  # such as a form of a page in a browser
        else:
            self._take(data)

    def _take(self, data: bytes) -> None:
        try:
            line = _line(data, self.headers.get("Content-Type", "").lower())
            self.queue.put_nowait(line)
        except Full:
            self._answer(503)  # which clients send again, by the specification of OTLP
        except (ValueError, OSError, zlib.error, RecursionError, ImportError):
            self._answer(400)
        else:
            self._answer(_OK)

    def _answer(self, status: int) -> None:
        """Of what is turned away nothing more is read: its body may be made to look like another request."""
        self.close_connection |= status != _OK
        with suppress(OSError):  # whoever asked may not wait for the answer
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", "2")
            if self.close_connection:
                self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as http.server calls it
        """What is asked for is nobody's business."""


def _body(headers: Message, stream: BufferedIOBase) -> bytes | None:
    """What was sent, unpacked; None where it is more than is taken."""
    coding, length = headers.get("Transfer-Encoding", "").lower(), headers.get("Content-Length", "0")
    if coding:
        data = _chunks(stream) if coding == "chunked" else None
    else:
        data = (
            stream.read(int(length))
            if length.isascii() and length.isdigit() and len(length) < 12 and int(length) <= MAX_BYTES
            else None
        )
    if data is not None and headers.get("Content-Encoding", "").lower() == "gzip":
        with gzip.GzipFile(fileobj=BytesIO(data)) as packed:
            data = packed.read(MAX_BYTES + 1)
    return data if data is not None and len(data) <= MAX_BYTES else None


def _chunks(stream: BufferedIOBase) -> bytes | None:
    """A body that comes in chunks (RFC 9112, 7.1)."""
    found: list[bytes] = []
    size = 0
    while True:
        head = stream.readline(100).split(b";")[0].strip()
        try:
            length = int(head, 16)
        except ValueError:
            return None
        size += length
        if size > MAX_BYTES or length < 0:
            return None
        if length == 0:
            stream.readline(100)
            return b"".join(found)
        found.append(stream.read(length))
        stream.readline(100)


def _line(data: bytes, kind: str) -> str:
    """An export as a line of JSON. Raises ValueError for what is none, ImportError where protobuf can't be read."""
    if "protobuf" not in kind:
        found = json.loads(data)
        if not isinstance(found, dict) or not isinstance(found.get("resourceLogs", []), list):
            raise ValueError("no export of logs")
        return json.dumps(found)
    from google.protobuf.json_format import MessageToDict
    from google.protobuf.message import DecodeError
    from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

    try:
        return json.dumps(MessageToDict(ExportLogsServiceRequest.FromString(data)))
    except DecodeError as error:
        raise ValueError("no export of logs") from error
