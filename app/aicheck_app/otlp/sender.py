"""Sending to a collector what the log has: each output as an event, rates as metrics, by the conventions for generative AI.

Where it goes is said by the standard variables (``OTEL_EXPORTER_OTLP_ENDPOINT``, ``OTEL_EXPORTER_OTLP_HEADERS`` and their kin, which
the SDK reads itself). Events: ``gen_ai.evaluation.result`` (https://github.com/open-telemetry/semantic-conventions-genai). Texts,
paths and excerpts are never sent.
"""

from __future__ import annotations

import math
import os
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from opentelemetry._logs import SeverityNumber
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.metrics import Observation
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader, MetricExportResult
from opentelemetry.sdk.resources import Resource

from aicheck_app import __version__, hashing
from aicheck_app.errors import AicheckError
from aicheck_app.log import queries
from aicheck_app.log.handed_out import keyed
from aicheck_app.monitor import sums
from aicheck_app.monitor.trend import trend

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from opentelemetry.sdk._logs.export import LogRecordExporter
    from opentelemetry.sdk.metrics.export import MetricExporter

    from aicheck_app.log.records import Output
    from aicheck_app.log.store import Log
    from aicheck_app.monitor.trend import Trend

EVENT = "gen_ai.evaluation.result"
AT_ONCE = 1_000
_SEVERITIES = {"suspect": SeverityNumber.WARN, "unchecked": SeverityNumber.DEBUG}
_STATE = "otlp: sent"
_NANOSECONDS = 1_000_000_000


class Sent(NamedTuple):
    """How many outputs and how many series of rates were sent."""

    outputs: int
    rates: int


def address() -> str:
    """Where things are sent. Raises AicheckError where no variable says so: nothing is sent by default."""
    names = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT")
    found = next((os.environ[name] for name in names if os.environ.get(name)), "")
    if not found:
        raise AicheckError(
            f"say where to send: set {names[0]} to your collector's address (such as http://127.0.0.1:4318)"
        )
    return found


def send(
    log: Log, alarms_a_year: float, *, logs: LogRecordExporter | None = None, metrics: MetricExporter | None = None
) -> Sent:
    """Send the outputs that were not sent yet, and the rates of the last 28 days. Raises AicheckError."""
    place = address()
    resource = Resource.create({"service.name": "aicheck", "service.version": __version__})
    outputs = _events(log, place, resource, logs or OTLPLogExporter())
    return Sent(outputs, _rates(log, alarms_a_year, resource, metrics or OTLPMetricExporter(), place))


def _events(log: Log, place: str, resource: Resource, exporter: LogRecordExporter) -> int:
    """Send the outputs behind the last one that was sent there; what was not taken is sent again the next time."""
    state = f"{_STATE} {hashing.of_text(place, 12)}"
    since, number = int((log.captured(state) or {}).get("seq", 0)), 0
    watched = _Watched(exporter)
    while found := queries.outputs_behind(log, since, AT_ONCE):
        provider = LoggerProvider(resource=resource, shutdown_on_exit=False)
        provider.add_log_record_processor(BatchLogRecordProcessor(watched))  # type: ignore[arg-type]
        logger = provider.get_logger("aicheck", __version__)
        for _, output in found:
            _emit(logger, log, output)
        provider.force_flush()
        if watched.failed:
            raise AicheckError(
                f"{place} does not take events: nothing behind the first {number:,} was sent; run the command again"
            )
        since, number = found[-1][0], number + len(found)
        log.remember(state, {"seq": since})
    return number


def _emit(logger: Any, log: Log, output: Output) -> None:
    logger.emit(
        timestamp=_nanoseconds(output.time), event_name=EVENT, severity_number=_SEVERITIES.get(output.verdict, SeverityNumber.INFO),
        body=f"{output.verdict}: {', '.join(sorted({found.code for found in output.findings if found.suspect})) or 'nothing suspect'}",
        attributes={name: value for name, value in _attributes(log, output).items() if value not in ("", ())},
    )  # fmt: skip


def _attributes(log: Log, output: Output) -> dict[str, Any]:
    """An output by the conventions, and by names of our own for what they have none."""
    return {
        "gen_ai.evaluation.name": "aicheck", "gen_ai.evaluation.score.label": output.verdict,
        "gen_ai.evaluation.score.value": float(output.verdict == "suspect"),
        "gen_ai.evaluation.explanation": ", ".join(sorted({found.code for found in output.findings})),
        "gen_ai.response.id": output.message, "gen_ai.response.model": output.model, "gen_ai.request.model": output.asked,
        "gen_ai.provider.name": output.provider, "gen_ai.agent.name": output.agent, "gen_ai.agent.version": output.agent_version,
        "session.id": output.session, "aicheck.output.id": keyed(log, output.id), "aicheck.language": output.language,
        "aicheck.unit": output.unit, "aicheck.ruleset": output.ruleset, "aicheck.project": output.project,
        "aicheck.attribution": output.attribution, "aicheck.codes": tuple(found.code for found in output.findings),
    }  # fmt: skip


def _rates(log: Log, alarms_a_year: float, resource: Resource, exporter: MetricExporter, place: str) -> int:
    """Send each KPI of the last 28 days with its interval, whether it changed, and the counts of outputs so far."""
    reader = InMemoryMetricReader()
    provider = MeterProvider([reader], resource=resource, shutdown_on_exit=False)
    meter = provider.get_meter("aicheck", __version__)
    whole = trend(log, alarms_a_year)
    for name, unit, words, values in _gauges(whole):
        meter.create_observable_gauge(name, [lambda _, values=values: values], unit, words)  # type: ignore[misc]
    counts = list(_counts(log))
    meter.create_observable_counter(
        "aicheck.outputs", [lambda _: counts], "{output}", "Outputs that were logged, by verdict."
    )
    data = reader.get_metrics_data()
    provider.shutdown()
    if data is not None and exporter.export(data) is not MetricExportResult.SUCCESS:
        raise AicheckError(f"{place} does not take metrics")
    return sum(row.now.rate is not None for row in whole.rows)


def _gauges(whole: Trend) -> Iterable[tuple[str, str, str, Sequence[Observation]]]:
    told = [row for row in whole.rows if row.now.rate is not None]
    for name, words in (("rate", "the rate"), ("low", "the lower end of its 95 % interval"), ("high", "the upper end")):
        values = [
            Observation(getattr(row.now.rate, name), {"aicheck.kpi": row.kpi.name, "aicheck.unit": row.kpi.unit})
            for row in told
            if math.isfinite(getattr(row.now.rate, name))
        ]
        yield f"aicheck.kpi.{name}", "", f"A KPI over the last 28 days: {words}.", values
    changed = [Observation(int(row.state == "changed"), {"aicheck.kpi": row.kpi.name}) for row in whole.rows]
    yield "aicheck.kpi.changed", "", "1 where a series of the KPI is said to have changed, else 0.", changed


def _counts(log: Log) -> Iterator[Observation]:
    with sums.opened(log.facts) as db:
        found = sums.sums(db, ("agent", "model"), counters=sums.OUTPUTS)
    for one in found:
        agent, model = one.values
        clean = one.counts["checked"] - one.counts["suspect"]
        for verdict, number in (
            ("clean", clean),
            ("suspect", one.counts["suspect"]),
            ("unchecked", one.counts["unchecked"]),
        ):
            attributes = {"gen_ai.agent.name": agent, "gen_ai.response.model": model, "aicheck.verdict": verdict}
            yield Observation(number, attributes)


class _Watched:
    """An exporter that remembers whether it failed: the SDK only logs that."""

    def __init__(self, exporter: LogRecordExporter) -> None:
        self._exporter = exporter
        self.failed = False

    def export(self, batch: Sequence[Any]) -> Any:
        result = self._exporter.export(batch)
        self.failed |= result.name != "SUCCESS"
        return result

    def shutdown(self) -> None:
        self._exporter.shutdown()  # type: ignore[no-untyped-call]

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return True


def _nanoseconds(time: str) -> int:
    try:
        return int(datetime.fromisoformat(time).timestamp() * _NANOSECONDS)
    except (ValueError, OverflowError):
        return 0
