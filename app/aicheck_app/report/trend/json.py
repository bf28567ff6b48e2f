"""KPIs over time as JSON, version 1."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from aicheck_app.report.sinks.json import dumps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicheck_app.monitor.kpi import Kpi
    from aicheck_app.monitor.statistics import Sums
    from aicheck_app.monitor.trend import Group, Point, Row, Trend
    from aicheck_app.monitor.watcher import Reading


def render(found: Trend) -> str:
    """One JSON object and a newline."""
    document = {
        "version": 1, "first": found.first or None, "last": found.last or None, "periods": found.periods, "sessions": found.sessions,
        "kpis": kpi_rows(found.rows),
        "restarts": [{"day": day, "reason": words} for day, words in found.restarts],
        "guessed": {name: found.guessed[name] for name in ("outputs", "checked", "suspect")},
    }  # fmt: skip
    return dumps(document, indent=1) + "\n"


def kpi_rows(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The KPIs with their points and series."""
    return [_row(row) for row in rows]


def render_groups(kpi: Kpi, by: str, found: Sequence[Group]) -> str:
    """One KPI by the values of a dimension."""
    rows = [
        {"value": group.value, "now": _point(group.now), "points": [_point(point) for point in group.points]}
        for group in found
    ]
    return dumps({"version": 1, "kpi": kpi.name, "by": by, "groups": rows}, indent=1) + "\n"


def _row(row: Row) -> dict[str, Any]:
    kpi = row.kpi
    return {
        "kpi": kpi.name, "title": kpi.title, "unit": kpi.unit, "kind": kpi.kind, "scale": kpi.scale, "worse": kpi.worse, "state": row.state,
        "since": row.since or None, "now": _point(row.now), "before": _point(row.before),
        "points": [_point(point) for point in row.points], "series": [series(reading) for reading in row.readings],
    }  # fmt: skip


def series(reading: Reading) -> dict[str, Any]:
    """What a series says."""
    return {
        "policy": reading.series.policy, "state": reading.state, "weight": round(reading.series.weight, 6),
        "evidence": round(reading.evidence, 9), "sessions": reading.sessions, "smallest_factor": rounded(reading.smallest),
        "inflation": round(reading.inflation, 3), "better_since": reading.better_since or None,
        "alarms": [alarm._asdict() for alarm in reading.alarms],
    }  # fmt: skip


def _point(point: Point) -> dict[str, Any]:
    low_high = (None, None, None) if point.rate is None else map(rounded, point.rate)
    made = {} if point.sums is None else {"sums": sums(point.sums)}
    return {
        "period": point.period,
        "below": point.below,
        **dict(zip(("rate", "low", "high"), low_high, strict=True)),
        **made,
    }


def sums(found: Sums) -> dict[str, Any]:
    """What a rate is made of, so that anyone can work it out again."""
    return {**found._asdict(), "spread": round(found.spread, 9)}


def rounded(value: float | None) -> float | None:
    """A figure as JSON can hold it: what has no bound is none."""
    return round(value, 6) if value is not None and isfinite(value) else None
