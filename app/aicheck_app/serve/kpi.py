"""One KPI: its chart with intervals, its changes, and its rates by agent, model and so on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from markupsafe import Markup
from starlette.exceptions import HTTPException

from aicheck_app.monitor.history import own
from aicheck_app.monitor.kpis import named
from aicheck_app.monitor.trend import By, grouped
from aicheck_app.report.evidence.charts import series
from aicheck_app.report.sinks.json import dumps
from aicheck_app.serve.page import asked, page
from aicheck_app.serve.series import FIGURES, alarmed, shown

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from aicheck_app.monitor.kpi import Kpi
    from aicheck_app.monitor.trend import Group, Row, Trend

DIMENSIONS = [by for by in get_args(By) if by != "person"]
"""A log of one's own has one person."""


def show(request: Request) -> Response:
    """The page of the KPI in the address."""
    kpi = named(request.path_params["name"])
    if kpi is None:
        raise HTTPException(404, "There is no KPI of this name.")
    said = asked(request, "until", "by", "among")
    found = shown(request, said)
    row = next(row for row in found.rows if row.kpi is kpi)
    drawn = any(point.rate is not None for point in row.points)
    return page(
        request, "kpi.html.j2", found=found, row=row, said=said, alarms=alarmed(row), dimensions=DIMENSIONS,
        groups=_groups(kpi, said, found), chart=_chart(row, found, said) if drawn else None, **FIGURES,
    )  # fmt: skip


def _groups(kpi: Kpi, said: dict[str, str], found: Trend) -> list[Group]:
    if said["among"] not in DIMENSIONS:
        return []
    with own() as log:
        return grouped(log, kpi, said["among"], daily=said["by"] == "day", until=found.until)  # type: ignore[arg-type]


def _chart(row: Row, found: Trend, said: dict[str, str]) -> dict[str, Any]:
    """The chart that a report would draw; what a script reads of it can't end the element that holds it."""
    alarms = [alarm for reading in row.readings for alarm in reading.alarms if alarm.latest >= found.periods[0]]
    apart = {(one.onset, one.earliest, one.latest): one for one in alarms}  # several series may find the same change
    made = series(row, found.until, list(apart.values()), daily=said["by"] == "day")
    return {**made, "spec": Markup(dumps(made["spec"]).replace("<", "\\u003c"))}
