"""The monitor tried on the user's own history: shuffled, where nothing can have changed, and as it was.

Shuffled inside their strata, sessions are exchangeable: alarms must come no more often than the budget allows. In their real
order each alarm is told with what switched at that time. The whole history is one budget: one false alarm, over all series.
"""

from __future__ import annotations

import random
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app import hashing
from aicheck_app.monitor import sums
from aicheck_app.monitor.attribution import firsts, switches
from aicheck_app.monitor.series import draw, series
from aicheck_app.monitor.units import size_of, units

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aicheck_app.monitor.attribution import Firsts, Switch
    from aicheck_app.monitor.conformal import Alarm, Detector
    from aicheck_app.monitor.history import History
    from aicheck_app.monitor.series import Series
    from aicheck_app.monitor.units import Unit

SHUFFLES = 20
LEAST = 50
"""Sessions with a value, below which a series is not tried."""
_SHOWN = 5
"""Switches told beside an alarm."""
_Step = tuple[str, str, float, float]
"""A session as a series takes it in: day, stratum, value, chance."""


class Tried(NamedTuple):
    """A series: its alarms in real order with what switched near each, and how many shuffles alarmed."""

    series: Series
    sessions: int
    inflation: float
    alarms: list[tuple[Alarm, list[Switch]]]
    shuffled: int


class Selftest(NamedTuple):
    """All series; ``shuffles`` of each were made. With nothing changed, ``expected`` is how many alarm at most, on average."""

    tried: list[Tried]
    shuffles: int
    sessions: int
    first: str
    last: str

    @property
    def alarmed(self) -> int:
        """The shuffles that alarmed."""
        return sum(one.shuffled for one in self.tried)

    @property
    def expected(self) -> float:
        """Of all shuffles together: each history may alarm once, over all its series."""
        return self.shuffles * sum(one.series.weight for one in self.tried)


def selftest(log: History, *, shuffles: int = SHUFFLES, progress: Callable[[str], None] = lambda _: None) -> Selftest:
    """Try all series on the log's history. Raises AicheckError if the log can't be read."""
    with sums.opened(log.facts) as db:
        known, first = list(units(sums.facts(db))), firsts(db)
    tried = []
    for one in series():
        progress(one.name)
        steps = [
            (unit.day, one.stratum(unit, size_of(pair[1])), one.kpi.value(pair), one.chance(draw(unit)))
            for unit in known
            if (pair := one.kpi.pair(unit)) is not None
        ]
        if len(steps) >= LEAST:
            tried.append(_tried(one, steps, known, first, shuffles))
    return Selftest(tried, shuffles, len(known), known[0].day if known else "", known[-1].day if known else "")


def _tried(one: Series, steps: Sequence[_Step], known: Sequence[Unit], first: Firsts, shuffles: int) -> Tried:
    threshold = len(steps) / one.weight
    real = _run(one, steps, threshold)
    alarms = [(alarm, switches(known, first, one.kpi, alarm)[:_SHOWN]) for alarm in real.alarms]
    shuffled = sum(
        bool(_run(one, _mixed(steps, f"{one.name} {number}"), threshold).alarms) for number in range(shuffles)
    )
    return Tried(one, len(steps), real.inflation, alarms, shuffled)


def _run(one: Series, steps: Sequence[_Step], threshold: float) -> Detector:
    detector = one.detector()
    for day, stratum, value, chance in steps:
        detector.update(day, stratum, value, chance, threshold)
    return detector


def _mixed(steps: Sequence[_Step], name: str) -> list[_Step]:
    """The same sessions, with the values of each stratum in another order."""
    chance = random.Random(hashing.of_text(name))
    values: dict[str, list[float]] = defaultdict(list)
    for _, stratum, value, _ in steps:
        values[stratum].append(value)
    for of_stratum in values.values():
        chance.shuffle(of_stratum)
    return [(day, stratum, values[stratum].pop(), chance.random()) for day, stratum, _, _ in steps]
