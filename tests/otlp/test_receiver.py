"""Taking agents' own events on this machine: what is logged, and who is turned away."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import struct
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest

from aicheck_app.log.store import Log
from aicheck_app.otlp.receiver import MAX_BYTES, Receiver
from tests.app.test_gateways import otlp

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver, ended = Receiver(0), threading.Event()
    thread = threading.Thread(target=receiver.serve, args=(lambda _: None, ended))
    thread.start()
    try:
        yield receiver
    finally:
        ended.set()
        thread.join()


def post(receiver: Receiver, data: bytes, path: str = "/v1/logs", **headers: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", receiver.port, timeout=10)
    known = {"Content-Type": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}}
    connection.request("POST", path, data, known)
    status = connection.getresponse().status
    connection.close()
    return status


def kinds() -> list[str]:
    with Log() as log:
        return sorted(body["kind"] for body in log.bodies())


def exported() -> bytes:
    return json.dumps(otlp()[0]).encode()


def test_events_are_logged_and_an_export_that_is_sent_again_counts_once() -> None:
    with receiving() as receiver:
        assert [post(receiver, exported()), post(receiver, exported())] == [200, 200]
        assert post(receiver, gzip.compress(exported()), Content_Encoding="gzip") == 200
        assert [post(receiver, b"{}", path) for path in ("/v1/metrics", "/v1/traces")] == [200, 200]
    assert kinds() == ["event", "event", "message", "output", "session"]


def test_protobuf_says_the_same() -> None:
    from google.protobuf.json_format import ParseDict
    from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

    data = ParseDict(otlp()[0], ExportLogsServiceRequest()).SerializeToString()
    with receiving() as receiver:
        assert post(receiver, data, Content_Type="application/x-protobuf") == 200
        assert post(receiver, b"\xff\xff\xff", Content_Type="application/x-protobuf") == 400
    assert kinds() == ["event", "event", "message", "output", "session"]


@pytest.mark.parametrize(
    ("headers", "data", "status"),
    [
        ({"Host": "evil.example"}, b"{}", 403),
        ({"Origin": "https://evil.example"}, b"{}", 403),
        ({}, b"no json", 400),
        ({}, b"[" * 100_000, 400),
        ({"Content_Encoding": "gzip"}, b"no gzip", 400),
        ({"Content_Encoding": "gzip"}, gzip.compress(bytes(MAX_BYTES + 1)), 413),
        ({"Content_Length": "-5"}, b"", 413),
        ({"Content_Type": "text/plain"}, b"{}", 415),
        ({"Transfer_Encoding": "gzip, chunked"}, b"2\r\n{}\r\n0\r\n\r\n", 413),
    ],
)
def test_who_is_turned_away(headers: dict[str, Any], data: bytes, status: int) -> None:
    with receiving() as receiver:
        assert post(receiver, data, **headers) == status
        assert post(receiver, b"{}", "/admin") == 404
        assert post(receiver, exported()) == 200
    assert "message" in kinds()


@pytest.mark.parametrize("turned_away", ["Host: 127.0.0.1\r\nOrigin: https://evil.example", "Host: evil.example"])
def test_a_body_that_is_turned_away_is_no_second_request(turned_away: str) -> None:
    """A page in a browser writes the body as it likes, and its first request alone carries where it comes from."""
    inner = (
        f"POST /v1/logs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(exported())}\r\n\r\n"
    ).encode() + exported()
    outer = (
        f"POST /v1/logs HTTP/1.1\r\n{turned_away}\r\nContent-Type: text/plain\r\nContent-Length: {len(inner)}\r\n\r\n"
    )
    with receiving() as receiver, socket.create_connection(("127.0.0.1", receiver.port), timeout=10) as one:
        one.sendall(outer.encode() + inner)
        answers = b""
        with suppress(ConnectionResetError):
            while data := one.recv(4096):
                answers += data
    assert answers.count(b"HTTP/1.1") == answers.count(b" 403 ") == 1
    assert kinds() == []


def test_who_goes_away_in_the_midst_is_no_news(capfd: pytest.CaptureFixture[str]) -> None:
    with receiving() as receiver:
        for said in (b"POST /v1/logs HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nxx", b"nonsense\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", receiver.port)) as one:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                one.sendall(said)
        assert post(receiver, exported()) == 200
    assert "Traceback" not in capfd.readouterr().err
