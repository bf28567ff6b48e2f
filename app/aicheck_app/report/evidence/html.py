"""Evidence as one self-contained HTML page: opens offline, light and dark, with its plots drawn in SVG."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from jinja2 import Environment, StrictUndefined

from aicheck_app.report.evidence import wording
from aicheck_app.report.sinks.markup import html

if TYPE_CHECKING:
    from aicheck_app.report.evidence.collect import Counts, Evidence

WIDTH, HEIGHT = 760.0, 220.0
LEFT, BOTTOM, TOP = 46.0, 26.0, 12.0
MAX_DAYS = 120


class Point(NamedTuple):
    """One day in the plot, in SVG units, with its label."""

    x: float
    y: float
    low: float
    high: float
    label: str
    day: str


class Plot(NamedTuple):
    """The rate by day: points with their intervals, and the axis ticks (position, label)."""

    points: list[Point]
    ticks: list[tuple[float, str]]
    days: list[tuple[float, str]]
    line: str


def render(evidence: Evidence) -> str:
    """The page."""
    environment = Environment(
        autoescape=True, finalize=html, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["percent"] = wording.percent
    environment.filters["rate"] = wording.rate_of
    template = environment.from_string(
        files("aicheck_app.report.evidence").joinpath("page.html.j2").read_text(encoding="utf-8")
    )
    return template.render(
        e=evidence,
        claim=wording.claim(evidence),
        period=wording.period(evidence),
        head=wording.head(evidence),
        judged=wording.judged(evidence),
        limits=wording.LIMITS,
        plot=plot(evidence.by["day"]),
        titles={"model": "Model", "client": "Client version", "language": "Language", "day": "Day (UTC)"},
        bars={name: bars(groups) for name, groups in evidence.by.items()},
        size=(WIDTH, HEIGHT, LEFT, HEIGHT - BOTTOM),
    )


def plot(days: list[tuple[str, Counts]]) -> Plot:
    """The suspect rate of each day that has checked outputs, with Wilson intervals."""
    shown = [(day, c) for day, c in days if c.checked][-MAX_DAYS:]
    top = max((min(c.rate.high, max(c.rate.rate * 3, 0.05)) for _, c in shown), default=0.1) * 1.05
    step = (WIDTH - LEFT - 16) / max(len(shown), 1)

    def height(value: float) -> float:
        return round(HEIGHT - BOTTOM - min(value / top, 1.0) * (HEIGHT - BOTTOM - TOP), 1)

    points = []
    for number, (day, c) in enumerate(shown):
        x = round(LEFT + 8 + step * (number + 0.5), 1)
        label = f"{day}: {c.suspect} of {c.checked} suspect, {wording.interval(c.rate)}"
        points.append(Point(x, height(c.rate.rate), height(c.rate.low), height(c.rate.high), label, day[5:]))
    every = max(1, -(-len(points) // 10))
    return Plot(
        points,
        [(height(top * f), wording.percent(top * f)) for f in (0, 1 / 3, 2 / 3, 1)],
        [(p.x, p.day) for p in points[::every]],
        " ".join(f"{p.x},{p.y}" for p in points),
    )


def bars(groups: list[tuple[str, Counts]]) -> list[tuple[str, Counts, float, float, float]]:
    """Each group with its rate and interval in per cent of the widest upper bound."""
    widest = max((c.rate.high for _, c in groups if c.checked), default=1.0) or 1.0

    def scaled(c: Counts, share: float) -> float:
        return round(100 * share / widest, 2) if c.checked else 0.0

    return [
        (value, c, scaled(c, c.rate.rate), scaled(c, c.rate.low), scaled(c, c.rate.high)) for value, c in groups[:40]
    ]
