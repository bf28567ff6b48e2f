"""Sending to a collector: what arrives equals the log, once."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from aicheck_app.errors import AicheckError
from aicheck_app.log.handed_out import keyed
from aicheck_app.otlp.sender import send
from tests.team.people import filled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Collector:
    """What a collector was sent."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.points: list[tuple[str, float, dict[str, Any]]] = []
        self.status = 200

    def take(self, path: str, data: bytes) -> None:
        if path == "/v1/logs":
            for resource in ExportLogsServiceRequest.FromString(data).resource_logs:
                for scope in resource.scope_logs:
                    self.events += [
                        {**_plain(record.attributes), "": record.event_name} for record in scope.log_records
                    ]
            return
        for resource in ExportMetricsServiceRequest.FromString(data).resource_metrics:
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    for point in (*metric.gauge.data_points, *metric.sum.data_points):
                        self.points.append((metric.name, point.as_double or point.as_int, _plain(point.attributes)))


def _plain(attributes: Any) -> dict[str, Any]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in attributes}


@contextmanager
def collecting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            if collector.status == 200:
                collector.take(self.path, data)
            self.send_response(collector.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    yield collector
    server.shutdown()
    server.server_close()


def test_what_arrives_equals_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with collecting(monkeypatch) as collector, filled(tmp_path, 1, 60) as log:
        assert send(log, 1.0).outputs == 60
        assert send(log, 1.0).outputs == 0
        outputs = {keyed(log, body["id"]): body for body in log.bodies("kind = 'output'")}
    assert len(collector.events) == 60
    for event in collector.events:
        body = outputs[event["aicheck.output.id"]]
        assert event[""] == "gen_ai.evaluation.result"
        assert event["gen_ai.evaluation.score.label"] == body["verdict"]
        assert event["gen_ai.response.model"] == body["model"]
    said = str(collector.events)
    assert not any(word in said for word in ("x = (", "a.py", "ab12cd34", "/home"))
    verdicts = {"clean": 0, "suspect": 0, "unchecked": 0}
    for name, value, attributes in collector.points[: len(collector.points) // 2]:
        if name == "aicheck.outputs":
            verdicts[attributes["aicheck.verdict"]] += int(value)
    assert sum(verdicts.values()) == 60
    assert verdicts["suspect"] > 0
    assert {name for name, _, _ in collector.points} >= {"aicheck.outputs", "aicheck.kpi.changed"}


def test_nothing_is_sent_unless_it_is_said_where(tmp_path: Path) -> None:
    with filled(tmp_path, 2, 5) as log, pytest.raises(AicheckError, match="OTEL_EXPORTER_OTLP_ENDPOINT"):
        send(log, 1.0)


def test_what_a_collector_does_not_take_is_sent_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with collecting(monkeypatch) as collector, filled(tmp_path, 3, 10) as log:
        collector.status = 400
        with pytest.raises(AicheckError, match="does not take events"):
            send(log, 1.0)
        collector.status = 200
        assert send(log, 1.0).outputs == 10
