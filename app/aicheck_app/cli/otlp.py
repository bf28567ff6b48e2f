"""``aicheck otlp``: OpenTelemetry, both ways."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import click

from aicheck_app.config import of_home
from aicheck_app.errors import AicheckError
from aicheck_app.log.store import Log
from aicheck_app.report.sinks.terminal import echo

if TYPE_CHECKING:
    from aicheck_app.capture.totals import Totals

_WATCH_SECONDS = 60.0


@click.group(
    "otlp", short_help="Send rates to a collector of OpenTelemetry, or take agents' own events.", no_args_is_help=True
)
def command() -> None:
    """OpenTelemetry: what a team's collector and dashboards show, and what agents export themselves."""


@command.command("send")
@click.option("--watch", is_flag=True, help="Send again every minute, until interrupted.")
def send_(watch: bool) -> None:
    """Send outputs that were not sent yet, and the rates of the last 28 days, to the collector of OTEL_EXPORTER_OTLP_ENDPOINT.

    Verdicts, rules, models and versions are sent; texts, paths and excerpts never are. Other variables of OpenTelemetry hold as well
    (OTEL_EXPORTER_OTLP_HEADERS, OTEL_RESOURCE_ATTRIBUTES ...).

    \b
    OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 aicheck otlp send
    """
    try:
        from aicheck_app.otlp.sender import send
    except ImportError as error:
        from aicheck_app.init.extras import wanted

        raise AicheckError(f"sending needs '{error.name}', of the extra 'otlp': {wanted('otlp')}") from error
    while True:
        with Log() as log:
            found = send(log, of_home().false_alarms)
        outputs, rates = "" if found.outputs == 1 else "s", "" if found.rates == 1 else "s"
        echo(f"sent {found.outputs:,} output{outputs} and {found.rates} rate{rates}")
        if not watch:
            return
        time.sleep(_WATCH_SECONDS)


@command.command("receive")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=4318,
    show_default=True,
    help="On this machine alone; 0 takes any that is free.",
)
def receive(port: int) -> None:
    """Take the events that agents on this machine export, and log them, until interrupted.

    Of Claude Code, Codex and gemini-cli: tokens, times, errors, refusals, how calls of tools ended. For whoever keeps no transcripts:
    with both, messages count twice.

    \b
    aicheck otlp receive
    CLAUDE_CODE_ENABLE_TELEMETRY=1 OTEL_LOGS_EXPORTER=otlp OTEL_EXPORTER_OTLP_PROTOCOL=http/json \\
        OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 claude
    """
    from aicheck_app.otlp.receiver import HOST, Receiver

    try:
        receiver = Receiver(port)
    except OSError as error:
        raise AicheckError(f"port {port} can't be listened on: {error.strerror}; choose another with --port") from error
    echo(f"listening on http://{HOST}:{receiver.port}", err=True)
    receiver.serve(_tell, threading.Event())


def _tell(totals: Totals) -> None:
    counts = totals.as_dict()["records"]
    echo(", ".join(f"{name} {number:,}" for name, number in counts.items()))
