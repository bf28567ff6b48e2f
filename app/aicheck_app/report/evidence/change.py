"""The change that a report claims: what was found, what switched with it, and what the rates were before and after."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app.clock import now
from aicheck_app.monitor import sums
from aicheck_app.monitor.attribution import AFTER_DAYS, BEFORE_DAYS, Switch, switches
from aicheck_app.monitor.kpis import kpis
from aicheck_app.monitor.statistics import Interval, Sums, summed
from aicheck_app.monitor.trend import Row, periods_until, row_of
from aicheck_app.monitor.units import Unit, units
from aicheck_app.monitor.watcher import current

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicheck_app.log.queries import Selection
    from aicheck_app.log.store import Log
    from aicheck_app.monitor.conformal import Alarm
    from aicheck_app.monitor.kpi import Kpi
    from aicheck_app.monitor.watcher import Reading, Watcher

SURE = 0.05
"""A switch is named beside the change if its corrected p is below this."""


class Change(NamedTuple):
    """A change that a series found. ``last_good`` and ``first_bad`` are the client's versions at a switch of it that is sure."""

    kpi: Kpi
    reading: Reading
    alarm: Alarm
    before: Sums | None
    after: Sums | None
    sessions: tuple[int, int]
    switches: list[Switch]
    last_good: str
    first_bad: str

    def rate(self, found: Sums | None) -> Interval | None:
        """The rate before or after it."""
        return found.interval(share=self.kpi.kind == "share") if found is not None else None


class Monitored(NamedTuple):
    """What the monitor says: the change that is claimed, if there is one, and all KPIs."""

    change: Change | None
    others: list[tuple[Reading, Alarm]]
    """Changes found beside it, the newest first."""
    rows: list[Row]
    periods: list[str]
    controls: tuple[int, int]
    """Sessions on the days of suspect ones: all that were checked, and those without a suspect output."""


def monitored(log: Log, alarms_a_year: float, which: Selection) -> Monitored:
    """What the monitor says of a selection of sessions by days, client and model; of a single one it says nothing.

    The series themselves are always those of the whole log: what is chosen after looking can't be tested any more.
    """
    if which.session or which.output:
        return Monitored(None, [], [], [], (0, 0))
    since, until, agent, model = which.since[:10], which.until[:10], which.agent, which.model
    today = now()[:10]
    watcher = current(log, alarms_a_year)
    with sums.opened(log.path) as db:
        known = list(units(sums.facts(db, sums.Which(until=today))))
    readings = watcher.readings(today)
    chosen = [unit for unit in known if (not since or unit.day >= since) and (not until or unit.day <= until) and agent in ("", unit.agent) and model in ("", unit.model)]  # fmt: skip
    last = min(until or today, max((unit.day for unit in chosen), default=today))
    periods = periods_until(last, daily=False)
    shown = [unit for unit in chosen if unit.day >= periods[0]]
    rows = [row_of(kpi, shown, periods, last, [r for r in readings if r.series.kpi is kpi]) for kpi in kpis()]
    found = [one for one in _alarms(watcher, readings, since, until) if not agent or _agent_of(*one, known) == agent]
    own = [unit for unit in known if agent in ("", unit.agent)]
    first = _change(found[0], own) if found else None
    return Monitored(
        first, sorted(found[1:], key=lambda one: one[1].day, reverse=True), rows, periods, _controls(chosen)
    )


def _alarms(watcher: Watcher, readings: Sequence[Reading], since: str, until: str) -> list[tuple[Reading, Alarm]]:
    """The alarms of a time: those of the headline first, then those of which tempering leaves most."""
    found = [
        (reading, alarm)
        for reading in readings
        for alarm in reading.alarms
        if (not since or alarm.day >= since) and (not until or alarm.day <= until)
    ]
    return sorted(found, key=lambda one: (-one[0].series.weight, -one[1].tempered))


def _agent_of(reading: Reading, alarm: Alarm, known: Sequence[Unit]) -> str:
    """The client that most sessions behind a change are of."""
    kpi = reading.series.kpi
    agents = Counter(
        unit.agent for unit in known if alarm.earliest <= unit.day <= alarm.day and unit.value(kpi) is not None
    )
    return agents.most_common(1)[0][0] if agents else ""


def _change(found: tuple[Reading, Alarm], known: Sequence[Unit]) -> Change:
    reading, alarm = found
    kpi = reading.series.kpi
    onset = date.fromisoformat(alarm.onset)
    low, high = (onset - timedelta(days=BEFORE_DAYS)).isoformat(), (onset + timedelta(days=AFTER_DAYS)).isoformat()
    told = [unit for unit in known if unit.value(kpi) is not None]
    before = [unit for unit in told if low <= unit.day < alarm.onset]
    after = [unit for unit in told if alarm.onset <= unit.day <= high]
    near = switches(known, kpi, alarm.earliest, alarm.latest)
    bad = next((one for one in near if one.dimension == "version" and one.p is not None and one.p < SURE), None)
    versions = Counter(unit.version for unit in known if bad is not None and low <= unit.day < bad.day)
    good = versions.most_common(1)[0][0] if versions else ""
    return Change(
        kpi,
        reading,
        alarm,
        _rate(kpi, before),
        _rate(kpi, after),
        (len(before), len(after)),
        near,
        good,
        bad.value if bad else "",
    )


def _rate(kpi: Kpi, known: Sequence[Unit]) -> Sums | None:
    pairs = [kpi.sums(unit.all if kpi.sides else unit.own) for unit in known]
    return summed(pairs) if any(pair[1] for pair in pairs) else None


def _controls(chosen: Sequence[Unit]) -> tuple[int, int]:
    days = {unit.day for unit in chosen if unit.all["suspect"]}
    same = [unit for unit in chosen if unit.day in days and unit.all["checked"]]
    return len(same), sum(not unit.all["suspect"] for unit in same)
