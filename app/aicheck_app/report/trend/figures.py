"""Figures and words of KPIs that several formats share."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicheck_app.monitor.kpi import Kpi
    from aicheck_app.monitor.statistics import Interval
    from aicheck_app.monitor.trend import Point, Row

_BARS = "▁▂▃▄▅▆▇█"
_GAP = "·"


def number(value: float) -> str:
    """A figure with three significant digits at most."""
    if math.isinf(value):
        return "∞"
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value >= 1 else f"{value:.2g}"


def rate(kpi: Kpi, found: Interval | None) -> str:
    """A rate with its interval, in the KPI's unit."""
    if found is None:
        return "-"
    middle, low, high = (number(x * kpi.scale) for x in found)
    sign = " %" if kpi.scale == 100 else ""
    return f"{middle}{sign} ({low} to {high})"


def sparkline(points: Sequence[Point]) -> str:
    """The rates as bars, from nothing to the highest; a dot where nothing can be told."""
    known = [point.rate.rate for point in points if point.rate is not None]
    top = max(known, default=0.0) or 1.0
    return "".join(
        _GAP if point.rate is None else _BARS[min(int(point.rate.rate / top * len(_BARS)), len(_BARS) - 1)]
        for point in points
    )


def state(row: Row) -> str:
    """A row's state in words, with the series that changed; a row that would have shown no change can't tell."""
    if row.state == "changed":
        told = next(reading for reading in row.readings if reading.state == "changed")
        return f"changed since {row.since}, {told.series.policy}"
    if row.state == "recovered":
        return f"recovered {max(reading.better_since for reading in row.readings)}"
    return "can't tell" if row.state == "quiet" and not smallest(row) else row.state


def smallest(row: Row) -> str:
    """The smallest change that the last four weeks would have shown, in words; empty where no series says one.

    Nothing is said as a multiple of nothing.
    """
    found = [reading.smallest for reading in row.readings if reading.smallest is not None]
    if not found or row.now.rate is None or not row.now.rate.rate:
        return ""
    factor = min(found)
    if row.kpi.hit:
        return f"x{factor:.1f}"
    return f"-{(1 - 1 / factor) * 100:.0f} %" if row.kpi.worse == "lower" else f"+{(factor - 1) * 100:.0f} %"
