"""The charts of the page, as Vega-Lite specifications with their data; colours are the page's own (``page.js``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicheck_app.report.sinks.plain import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicheck_app.monitor.conformal import Alarm
    from aicheck_app.monitor.trend import Row
    from aicheck_app.report.evidence.collect import Evidence

_MAX_VERSIONS = 14
_MAX_NAME = 24
_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
"""Only a name: nothing is loaded from it."""


def charts(evidence: Evidence) -> list[dict[str, Any]]:
    """A title, a sentence for those who can't see it, and a specification for each chart of which there is something to show."""
    found = evidence.monitored
    rows = [row for row in found.rows[:1] if any(point.rate is not None for point in row.points)]
    change = found.change
    if change is not None:
        rows = [row for row in found.rows if row.kpi is change.kpi] + [row for row in rows if row.kpi is not change.kpi]
    drawn = [_series_of(row, evidence) for row in rows]
    versions = _versions(evidence)
    return [*drawn, *([versions] if versions else [])]


def _series_of(row: Row, evidence: Evidence) -> dict[str, Any]:
    """A KPI of the evidence, with the change that is claimed of it."""
    found = evidence.monitored
    change = found.change if found.change is not None and found.change.kpi is row.kpi else None
    return series(row, found.last, [change.alarm] if change is not None else [])


def series(row: Row, last: str, alarms: Sequence[Alarm], *, daily: bool = False) -> dict[str, Any]:
    """A rate by week, or by day, with its interval, to the ``last`` day that is shown, and where it changed."""
    kpi, period = row.kpi, "day" if daily else "week"
    values = [
        {
            "week": point.period, "rate": point.rate.rate * kpi.scale, "low": point.rate.low * kpi.scale,
            "high": min(point.rate.high, point.rate.rate * 6 + 1) * kpi.scale, "of": point.below,
        }
        for point in row.points if point.rate is not None
    ]  # fmt: skip
    x = {
        "field": "week",
        "type": "temporal",
        "title": None,
        "axis": {"format": "%-d %b", "labelOverlap": True, "tickCount": 6},
    }
    title = f"% {kpi.unit}" if kpi.scale == 100 else kpi.unit
    y = {"type": "quantitative", "title": title, "scale": {"zero": True}}
    tooltip = [
        {"field": "week", "type": "temporal", "title": "day" if daily else "week of"}, {"field": "rate", "format": ".3~g"},
        {"field": "low", "format": ".3~g"}, {"field": "high", "format": ".3~g"}, {"field": "of", "format": ","},
    ]  # fmt: skip
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "area", "opacity": 0.22},
            "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
        },
        {
            "mark": {"type": "line", "point": {"filled": True, "size": 45}},
            "encoding": {"x": x, "y": {**y, "field": "rate"}, "tooltip": tooltip},
        },
    ]
    if alarms:
        when = [{"from": alarm.earliest, "to": alarm.latest, "at": alarm.onset} for alarm in alarms]
        layers += [
            {
                "data": {"values": when}, "mark": {"type": "rect", "opacity": 0.18, "color": "bad"},
                "encoding": {"x": {"field": "from", "type": "temporal"}, "x2": {"field": "to"}},
            },
            {
                "data": {"values": when}, "mark": {"type": "rule", "strokeDash": [5, 3], "color": "bad", "size": 2},
                "encoding": {"x": {"field": "at", "type": "temporal"}},
            },
        ]  # fmt: skip
    named = "" if daily else "week of "
    spoken = "; ".join(f"{named}{value['week']}: {value['rate']:.3g}" for value in values)
    span = f"by {period}, the {len(row.points)} {period}s to {last}"
    return {
        "title": f"{kpi.title} {span}, with 95 % intervals",
        "spoken": f"{kpi.title}, {title}, {span}. {spoken}",
        "spec": _framed({"data": {"values": values}, "layer": layers}, 230),
    }


def _versions(evidence: Evidence) -> dict[str, Any] | None:
    """When which versions were used: from their first to their last output."""
    values: list[dict[str, Any]] = [
        {"version": visible(client, "")[:_MAX_NAME], "first": first[:10], "last": last[:10], "outputs": counts.total}
        for client, first, last, counts in evidence.spans[:_MAX_VERSIONS]
    ]
    if not values:
        return None
    encoding = {
        "y": {"field": "version", "type": "nominal", "title": None, "sort": {"field": "first"}, "axis": {"labelLimit": 150}},
        "x": {"field": "first", "type": "temporal", "title": None, "axis": {"format": "%-d %b", "labelOverlap": True, "tickCount": 6}},
        "x2": {"field": "last"},
        "tooltip": [
            {"field": "version"}, {"field": "first", "type": "temporal"}, {"field": "last", "type": "temporal"},
            {"field": "outputs", "format": ","},
        ],
    }  # fmt: skip
    first, last = min(value["first"] for value in values), max(value["last"] for value in values)
    layers = [
        {"mark": {"type": "bar", "height": 9, "cornerRadius": 3}, "encoding": encoding},
        {
            "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
            "encoding": {key: encoding[key] for key in ("x", "y", "tooltip")},
        },
    ]
    return {
        "title": "Versions by the time of their outputs",
        "spoken": f"{len(values)} versions, used between {first} and {last}; the tables below name them",
        "spec": _framed({"data": {"values": values}, "layer": layers}, 22 * len(values) + 10),
    }


def _framed(spec: dict[str, Any], height: int) -> dict[str, Any]:
    return {
        "$schema": _SCHEMA,
        "width": "container",
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        **spec,
    }
