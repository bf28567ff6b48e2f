"""KPIs over time as CSV: a row for each KPI and period."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from aicheck_app.report.trend.json import rounded

if TYPE_CHECKING:
    from aicheck_app.monitor.trend import Trend


def render(found: Trend) -> str:
    """A header line and the rows."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["kpi", "period", "below", "rate", "low", "high", "state"])
    for row in found.rows:
        for point in row.points:
            figures = ["", "", ""] if point.rate is None else [rounded(value) for value in point.rate]
            writer.writerow([row.kpi.name, point.period, point.below, *figures, row.state])
    return out.getvalue()
