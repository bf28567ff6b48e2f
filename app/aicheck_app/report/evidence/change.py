"""The change that a report claims: what was found, what switched with it, and what the rates were before and after."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app.clock import days_between, now
from aicheck_app.monitor import sums
from aicheck_app.monitor.attribution import AFTER_DAYS, BEFORE_DAYS, Carrier, Switch, carriers, firsts, span, switches
from aicheck_app.monitor.kpis import kpis
from aicheck_app.monitor.trend import Row, periods_until, row_of
from aicheck_app.monitor.units import sums_of, units
from aicheck_app.monitor.watcher import current

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from aicheck_app.log.queries import Selection
    from aicheck_app.monitor.conformal import Alarm
    from aicheck_app.monitor.history import History
    from aicheck_app.monitor.kpi import Kpi
    from aicheck_app.monitor.statistics import Interval, Sums
    from aicheck_app.monitor.units import Unit
    from aicheck_app.monitor.watcher import Reading

TRIED = 3
"""Changes that are looked into for one to claim, the most telling first."""
CARRIERS = 5
"""Persons, projects and versions that are named."""
SURE = 0.05
"""A switch is named beside the change if its corrected p is below this."""


class Change(NamedTuple):
    """A change that a series found. ``last_good`` and ``first_bad`` are versions of the client, where one is what switched most surely
    and no model switched as well: else they can't be told apart.
    """

    kpi: Kpi
    reading: Reading
    alarm: Alarm
    before: Sums | None
    after: Sums | None
    sessions: tuple[int, int]
    days: tuple[int, int]
    """From the first session that counts before it to the onset, and from there to the last that counts after it."""
    switches: list[Switch]
    last_good: str
    first_bad: str
    carried: list[tuple[str, list[Carrier]]]
    """In a team's log by person, project and version: who or what the change is carried by, the greatest parts first."""

    @property
    def is_worse(self) -> bool:
        """Whether the rate after the onset is on the side that the series looks for: a mix of strata can hide that it is."""
        before, after = self.rate(self.before), self.rate(self.after)
        if before is None or after is None or self.kpi.worse == "either":
            return True
        return after.rate > before.rate if self.kpi.worse == "higher" else after.rate < before.rate

    def rate(self, found: Sums | None) -> Interval | None:
        """The rate before or after it."""
        return self.kpi.interval(found) if found is not None else None


class Monitored(NamedTuple):
    """What the monitor says: the change that is claimed, if there is one, and all KPIs."""

    change: Change | None
    others: list[tuple[Reading, Alarm]]
    """Changes found beside it, the newest first."""
    rows: list[Row]
    periods: list[str]
    last: str
    """The last day that is shown; rates of 28 days end there."""
    alike: float
    """How many checked outputs are worth one, by what the sessions shown have; 0 if that can't be told."""


def sure_of(found: Sequence[Switch]) -> list[Switch]:
    """The switches that are named beside a change."""
    return [one for one in found if one.p is not None and one.p < SURE]


def monitored(log: History, alarms_a_year: float, which: Selection) -> Monitored:
    """What the monitor says of a selection of sessions by days, client and model; of a single one it says nothing.

    The series themselves are always those of the whole log: what is chosen after looking can't be tested any more.
    """
    if which.session or which.output:
        return Monitored(None, [], [], [], "", 0.0)
    today = now()[:10]
    chosen = days_of(which, today)
    watcher = current(log, alarms_a_year, until=chosen.until)
    with sums.opened(log.facts) as db:
        last = sums.last_day(db, chosen) or today
        periods = periods_until(last, daily=False)
        readings = watcher.readings(last)
        shown = list(units(sums.facts(db, chosen._replace(since=max(chosen.since, periods[0]), until=last))))
        found = _alarms(db, readings, chosen)
        first = next((one for each in found[:TRIED] if (one := _change(db, *each, chosen)).is_worse), None)
    rows = [row_of(kpi, shown, periods, last, [r for r in readings if r.series.kpi is kpi]) for kpi in kpis()]
    others = [one for one in found if first is None or one[1] is not first.alarm]
    checked = sums_of(kpis()[0], shown)
    newest = sorted(others, key=lambda one: one[1].day, reverse=True)
    return Monitored(first, newest, rows, periods, last, checked.alike if checked is not None else 0.0)


def days_of(which: Selection, today: str) -> sums.Which:
    """A selection of times as one of whole days (UTC): an end at midnight leaves that day out."""
    until = which.until[:10]
    if which.until[11:16] == "00:00":
        until = (date.fromisoformat(until) - timedelta(days=1)).isoformat()
    return sums.Which(which.since[:10], min(until or today, today), which.agent, which.model)


def _alarms(db: Connection, readings: Sequence[Reading], chosen: sums.Which) -> list[tuple[Reading, Alarm]]:
    """The alarms of a time, of a client if one is chosen: first those that are still told, then the headline's, then those of which
    tempering leaves most.
    """
    found = [
        (reading, alarm)
        for reading in readings
        for alarm in reading.alarms
        if chosen.since <= alarm.day <= chosen.until and chosen.agent in ("", _agent_of(db, reading, alarm))
    ]
    return sorted(found, key=lambda one: (not _is_told(*one), -one[0].series.weight, -one[1].tempered))


def _is_told(reading: Reading, alarm: Alarm) -> bool:
    """Whether an alarm is the one that its series tells of now."""
    return reading.state in ("changed", "recovered") and alarm is reading.alarms[-1]


def _agent_of(db: Connection, reading: Reading, alarm: Alarm) -> str:
    """The client that most sessions behind a change are of."""
    kpi = reading.series.kpi
    between = sums.Which(since=alarm.earliest, until=alarm.day)
    agents = Counter(unit.agent for unit in units(sums.facts(db, between)) if kpi.pair(unit) is not None)
    return agents.most_common(1)[0][0] if agents else ""


def _change(db: Connection, reading: Reading, alarm: Alarm, chosen: sums.Which) -> Change:
    """A change with what is known of the time before it and, up to the end of the selection, of the time after it."""
    kpi = reading.series.kpi
    first, last = span(alarm)
    until = min(last, chosen.until)
    known = list(units(sums.facts(db, sums.Which(since=first, until=until, agent=chosen.agent))))
    onset = date.fromisoformat(alarm.onset)
    low, high = (onset - timedelta(days=BEFORE_DAYS)).isoformat(), (onset + timedelta(days=AFTER_DAYS)).isoformat()
    told = [unit for unit in known if kpi.pair(unit) is not None]
    before = [unit for unit in told if low <= unit.day < alarm.onset]
    after = [unit for unit in told if alarm.onset <= unit.day < high]
    near = [one for one in switches(known, firsts(db), kpi, alarm) if one.day <= until]
    sure = sure_of(near)
    models = any(one.dimension in ("model", "asked") for one in sure)
    bad = sure[0] if sure and sure[0].dimension == "version" and not models else None
    versions = Counter(unit.version for unit in known if bad is not None and low <= unit.day < bad.day)
    good = versions.most_common(1)[0][0] if versions else ""
    return Change(
        kpi, reading, alarm, sums_of(kpi, before), sums_of(kpi, after), (len(before), len(after)),
        _days(alarm.onset, before, after), near, good, bad.value if bad else "", _carried(kpi, before, after),
    )  # fmt: skip


def _carried(kpi: Kpi, before: Sequence[Unit], after: Sequence[Unit]) -> list[tuple[str, list[Carrier]]]:
    """Only a team's sessions say whose they are: of one person's all are hers."""
    if not any(unit.person for unit in after):
        return []
    return [(name, carriers(kpi, before, after, name)[:CARRIERS]) for name in ("person", "project", "version")]


def _days(onset: str, before: Sequence[Unit], after: Sequence[Unit]) -> tuple[int, int]:
    """How many days the sessions on both sides of an onset cover."""
    first, last = min((unit.day for unit in before), default=onset), max((unit.day for unit in after), default="")
    return days_between(first, onset), days_between(onset, last) + 1 if last else 0
