"""All KPIs over time: what ``aicheck trend`` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicheck_app.clock import now, parse
from aicheck_app.config import of_home
from aicheck_app.monitor.history import own
from aicheck_app.monitor.trend import trend
from aicheck_app.report.trend.figures import rate, smallest, sparkline, state
from aicheck_app.serve.page import asked, page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from aicheck_app.monitor.trend import Row, Trend

FIGURES: dict[str, Any] = {"rate": rate, "smallest": smallest, "sparkline": sparkline, "state": state}
"""What templates ask of a row, in the words that the terminal has for it."""
_TOLD = ("changed", "watch", "recovered")


def show(request: Request) -> Response:
    """The table."""
    said = asked(request, "until", "by", "every")
    found = shown(request, said)
    rows = [row for row in found.rows if said["every"] or row.now.rate is not None or row.state in _TOLD]
    return page(request, "series.html.j2", found=found, rows=rows, said=said, today=now()[:10], **FIGURES)


def shown(request: Request, said: dict[str, str]) -> Trend:
    """The KPIs until a day, by week or by day; one at a time is worked out. Raises AicheckError for a day that is none."""
    until = parse(said["until"])[:10] if said["until"] else ""
    with request.app.state.one_at_a_time, own() as log:
        return trend(log, of_home().false_alarms, daily=said["by"] == "day", until=until)


def alarmed(row: Row) -> list[tuple[str, str, str, str, str]]:
    """The changes of a KPI, the newest first: in which series, when it likely began, and when it was found."""
    told = [(alarm, reading) for reading in row.readings for alarm in reading.alarms]
    return [
        (one.onset, one.earliest, one.latest, one.day, reading.series.policy)
        for one, reading in sorted(told, key=lambda each: each[0].day, reverse=True)
    ]
