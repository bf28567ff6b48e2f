"""Each KPI over time, as it is shown: its rate by week or day, what it is now, and what its series say."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

from aicheck_app.clock import now
from aicheck_app.monitor import sums
from aicheck_app.monitor.edges import edges, parsed
from aicheck_app.monitor.kpi import LEAST
from aicheck_app.monitor.kpis import kpis
from aicheck_app.monitor.statistics import Interval, Sums, summed
from aicheck_app.monitor.units import units
from aicheck_app.monitor.watcher import WINDOW_DAYS, current

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from aicheck_app.monitor.history import History
    from aicheck_app.monitor.kpi import Kpi
    from aicheck_app.monitor.units import Unit
    from aicheck_app.monitor.watcher import Reading, State

WEEKS = 12
DAYS = 28
By = Literal["model", "version", "agent", "language", "project", "person"]
_WORST: tuple[State, ...] = ("changed", "watch", "recovered", "quiet", "can't tell")


class Point(NamedTuple):
    """A rate in a week (named by its Monday) or on a day (UTC); None where too little was counted."""

    period: str
    rate: Interval | None
    below: int
    """What the rate is divided by."""
    sums: Sums | None = None


class Row(NamedTuple):
    """A KPI: its points, its rate in the last 28 days, that of the time shown before, and its series' readings."""

    kpi: Kpi
    points: list[Point]
    now: Point
    before: Point
    readings: list[Reading]

    @property
    def state(self) -> State:
        """The state of its series that asks most for a look."""
        states = [reading.state for reading in self.readings] or ["can't tell"]
        return min(states, key=_WORST.index)

    @property
    def since(self) -> str:
        """The day on which the change that is told most likely began; empty where none is."""
        told = [reading for reading in self.readings if reading.state in ("changed", "recovered")]
        return max((reading.alarms[-1].onset for reading in told), default="")


class Group(NamedTuple):
    """A KPI among the outputs or sessions of one model, version and so on, in the last 28 days and over time."""

    value: str
    points: list[Point]
    now: Point


class Trend(NamedTuple):
    """All that is shown; ``restarts`` are days on which series began anew, with the reason."""

    rows: list[Row]
    periods: list[str]
    restarts: list[tuple[str, str]]
    sessions: int
    first: str
    last: str
    """The day of the newest session of all."""
    guessed: Counter[str]
    """Counts of outputs that were recognised by their shape alone, which are in no rate."""
    until: str
    """The last day that is shown."""


def trend(
    log: History,
    alarms_a_year: float,
    *,
    daily: bool = False,
    until: str = "",
    progress: Callable[[str], None] = lambda _: None,
) -> Trend:
    """The KPIs of the last twelve weeks, or by day of the last four, ``until`` a day (today).

    Raises AicheckError if the log can't be read.
    """
    end = until or now()[:10]
    watcher = current(log, alarms_a_year, progress, until=end)
    periods = periods_until(end, daily=daily)
    readings = defaultdict(list)
    for reading in watcher.readings(end):
        readings[reading.series.kpi.name].append(reading)
    with sums.opened(log.facts) as db:
        known = list(units(sums.facts(db, sums.Which(since=periods[0], until=end))))
        (guessed,) = sums.sums(db, (), sums.Which(since=periods[0], until=end, guessed=True))
        new = restarts(sums.first_days(db, ("model", "ruleset", "version")), periods[0], end)
    rows = [row_of(kpi, known, periods, end, readings[kpi.name]) for kpi in kpis()]
    return Trend(rows, periods, new, len(known), watcher.first, watcher.day, guessed.counts, end)


def grouped(log: History, kpi: Kpi, by: By, *, daily: bool = False, until: str = "") -> list[Group]:
    """One KPI among each of the values of a dimension, those with most first."""
    end = until or now()[:10]
    periods = periods_until(end, daily=daily)
    with sums.opened(log.facts) as db:
        known = list(units(sums.facts(db, sums.Which(since=periods[0], until=end))))
    groups: dict[str, list[Unit]] = defaultdict(list)
    for unit in known:
        groups[getattr(unit, by) or "unknown"].append(unit)
    found = [_group(value, kpi, of_value, periods, end) for value, of_value in groups.items()]
    return sorted(found, key=lambda group: (-group.now.below, group.value))


def periods_until(today: str, *, daily: bool) -> list[str]:
    """The last days, or the Mondays of the last weeks, the oldest first."""
    end = date.fromisoformat(today)
    if daily:
        return [(end - timedelta(days=days)).isoformat() for days in range(DAYS - 1, -1, -1)]
    monday = end - timedelta(days=end.weekday())
    return [(monday - timedelta(weeks=weeks)).isoformat() for weeks in range(WEEKS - 1, -1, -1)]


def row_of(kpi: Kpi, known: Sequence[Unit], periods: list[str], today: str, readings: list[Reading]) -> Row:
    """A KPI's row, of the sessions in these periods."""
    new = (date.fromisoformat(today) - timedelta(days=WINDOW_DAYS - 1)).isoformat()
    places: list[list[tuple[int, int]]] = [[] for _ in periods]
    late: list[tuple[int, int]] = []
    early: list[tuple[int, int]] = []
    for unit in known:
        pair = kpi.pair(unit)
        if pair is not None:
            (late if unit.day >= new else early).append(pair)
            place = bisect_right(periods, unit.day) - 1
            if place >= 0:
                places[place].append(pair)
    points = [_point(period, kpi, pairs) for period, pairs in zip(periods, places, strict=True)]
    return Row(kpi, points, _point("now", kpi, late), _point("before", kpi, early), readings)


def restarts(firsts: Mapping[str, Mapping[tuple[str, str], str]], since: str, until: str) -> list[tuple[str, str]]:
    """The days from which on sessions are compared with themselves alone: a client's new model, rule set or way of writing.

    ``firsts`` are the first days of all, by dimension, client and value; a client's first value of all is none.
    """
    found = []
    for dimension, words in (("model", "model"), ("ruleset", "rule set")):
        days = firsts[dimension]
        begun = sums.begun(days)
        found += [
            (day, f"the {words} {value} ({agent})") for (agent, value), day in days.items() if day != begun[agent]
        ]
    newest: dict[str, tuple[int, ...]] = {}
    for (agent, value), day in sorted(firsts["version"].items(), key=lambda item: item[1]):
        before, version = newest.get(agent, ()), parsed(value)
        for edge in edges():
            at = edge.first if edge.filled else edge.end
            if edge.agent == agent and before and before < at <= version:
                told = "since" if edge.filled else "before"
                found.append((day, f"{agent} {told} {'.'.join(map(str, at))}: {edge.words}"))
        newest[agent] = max(before, version)
    return sorted(one for one in found if since <= one[0] <= until)


def _group(value: str, kpi: Kpi, known: list[Unit], periods: list[str], today: str) -> Group:
    row = row_of(kpi, known, periods, today, [])
    return Group(value, row.points, row.now)


def _point(period: str, kpi: Kpi, pairs: Sequence[tuple[int, int]]) -> Point:
    """A rate over sessions; those of which it can't be told count for nothing."""
    below = sum(pair[1] for pair in pairs)
    if below < LEAST:
        return Point(period, None, below)
    found = summed(pairs)
    return Point(period, kpi.interval(found), below, found)
