"""All series together, as the sessions of a log come: what each says now, and what it keeps until the next look.

What is kept in the log is the state at the end of a day that is over, the newest one and the last of each month. Sessions of
days before it that are logged later make it start again from the newest state that knows all before them.
"""

from __future__ import annotations

import zlib
from collections import Counter, deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec

from aicheck_app import hashing
from aicheck_app.clock import days_between, now
from aicheck_app.errors import AicheckError
from aicheck_app.log.store import CHANGED
from aicheck_app.monitor import sums
from aicheck_app.monitor.series import SHOWN_DAYS, Series, by_kpi, draw, series
from aicheck_app.monitor.smallest import smallest
from aicheck_app.monitor.units import size_of, units

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicheck_app.monitor.conformal import Alarm, Detector
    from aicheck_app.monitor.history import History
    from aicheck_app.monitor.units import Unit

State = Literal["quiet", "watch", "changed", "recovered", "can't tell"]
WATCHES = 12
"""A watch is reached so many times as often as an alarm: once a month for one alarm a year. It is shown, and no more."""
WINDOW_DAYS = 28
LEAST_SESSIONS = 20
"""Sessions that a series needs in the window before it says anything."""
_FORMAT = 3


class Reading(NamedTuple):
    """What a series says now.

    ``evidence`` is in multiples of the alarm's threshold. ``smallest`` is the factor of the smallest change that the
    sessions of the last 28 days would most likely have shown; None where none would.
    """

    series: Series
    state: State
    evidence: float
    sessions: int
    """Of the last 28 days."""
    smallest: float | None
    inflation: float
    alarms: list[Alarm]
    better_since: str


class Watcher:
    """The detectors of all series; ``alarms_a_year`` is how many false alarms are accepted, over all of them."""

    def __init__(self, alarms_a_year: float = 1.0) -> None:
        self.alarms_a_year = alarms_a_year
        self.detectors: dict[str, Detector] = {one.name: one.detector() for one in series()}
        self.first = ""
        self.day = ""
        """The day of the newest session."""
        self._days = 1
        self._recent: deque[tuple[str, Counter[str]]] = deque(maxlen=WINDOW_DAYS)

    def take(self, unit: Unit) -> list[tuple[Series, Alarm]]:
        """Take in a session; its days must not go back. The alarms that it raises."""
        self._begin(unit.day)
        found, drawn = [], draw(unit)
        for kpi, its_series in by_kpi():
            pair = kpi.pair(unit)
            if pair is None:
                continue
            value, size = kpi.value(pair), size_of(pair[1])
            for one in its_series:
                detector = self.detectors[one.name]
                self._recent[-1][1][one.name] += 1
                threshold = self._threshold(one, detector)
                alarm = detector.update(unit.day, one.stratum(unit, size), value, one.chance(drawn), threshold)
                if alarm is not None:
                    found.append((one, alarm))
                else:
                    detector.recovers(one.recovery(detector.units, self._days))
        return found

    def changed(self, today: str) -> list[str]:
        """What changed and has not changed back, in words, as an editor shows it."""
        found = [reading for reading in self.readings(today) if reading.state == "changed"]
        return list(dict.fromkeys(f"{one.series.kpi.title} since {one.alarms[-1].onset}" for one in found))

    def readings(self, today: str) -> list[Reading]:
        """What each series says on a day."""
        return [self._reading(one, today) for one in series()]

    def _reading(self, one: Series, today: str) -> Reading:
        detector = self.detectors[one.name]
        number = sum(counts[one.name] for day, counts in self._recent if days_between(day, today) < WINDOW_DAYS)
        threshold = self._threshold(one, detector)
        return Reading(
            one, _state(detector, number, threshold, today), detector.evidence / threshold, number,
            smallest(detector, number, threshold), detector.inflation, detector.alarms, detector.better_since,
        )  # fmt: skip

    def _threshold(self, one: Series, detector: Detector) -> float:
        return one.threshold(detector.units, self._days, self.alarms_a_year)

    def _begin(self, day: str) -> None:
        self.first = self.first or day
        if day != self.day:
            self.day = day
            self._days = days_between(self.first, day) + 1
            self._recent.append((day, Counter()))

    def state(self) -> dict[str, Any]:
        """What there is to keep."""
        return {
            "format": _FORMAT, "series": _made_of(self.alarms_a_year), "first": self.first, "day": self.day,
            "recent": [[day, dict(counts)] for day, counts in self._recent],
            "detectors": {name: detector.state() for name, detector in self.detectors.items()},
        }  # fmt: skip

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from what was kept."""
        self.first, self.day = state["first"], state["day"]
        self._days = days_between(self.first, self.day) + 1
        self._recent = deque(((day, Counter(counts)) for day, counts in state["recent"]), maxlen=WINDOW_DAYS)
        for name, kept in state["detectors"].items():
            self.detectors[name].restore(kept)


def current(
    log: History, alarms_a_year: float = 1.0, progress: Callable[[str], None] = lambda _: None, *, until: str = ""
) -> Watcher:
    """All series as they stand now, or stood at the end of a day: from what is kept in the log, and what was logged since.

    ``progress`` is told each day that is taken in. What can't be kept is worked out again the next time.
    """
    today = now()[:10]
    end = min(until or today, today)
    with sums.opened(log.facts) as db:
        newest = sums.newest(db)
        watcher = _kept(log, alarms_a_year, end, lambda seq: sums.first_day_touched(db, seq))
        begun = watcher.day
        for unit in units(sums.facts(db, sums.Which(since=watcher.day, until=end))):
            if unit.day <= begun:
                continue
            if watcher.day and unit.day != watcher.day:
                progress(unit.day)
                if unit.day[:7] != watcher.day[:7] or unit.day >= today > watcher.day:
                    _keep(log, watcher, newest)
            watcher.take(unit)
    if begun < watcher.day < end:
        _keep(log, watcher, newest)
    if end == today and not log.read_only:
        with suppress(AicheckError):  # an editor then shows what it knew before
            log.remember(CHANGED, {"changed": watcher.changed(today)})
    return watcher


def _kept(log: History, alarms_a_year: float, end: str, touched: Callable[[int], str]) -> Watcher:
    """From the newest kept state, of no day after the ``end``, before which nothing was logged since."""
    watcher = Watcher(alarms_a_year)
    for day, blob in log.monitored():
        if day > end:
            continue
        try:
            state = msgspec.json.decode(zlib.decompress(blob))
            late = touched(int(state["seq"]))
            if state["series"] == _made_of(alarms_a_year) and (not late or late > day):
                watcher.restore(state)
                watcher.readings(day)  # what has another shape than it should shows here
                return watcher
        except (zlib.error, msgspec.DecodeError, LookupError, TypeError, ValueError, ArithmeticError, AttributeError):
            watcher = Watcher(alarms_a_year)  # of another version, or damaged: worked out anew
    return watcher


def _keep(log: History, watcher: Watcher, newest: int) -> None:
    state = msgspec.json.encode({**watcher.state(), "seq": newest})
    log.keep_monitored(watcher.day, zlib.compress(state, 1))


def _made_of(alarms_a_year: float) -> str:
    """A hash of what series there are and how they share the budget: with others, all is worked out anew."""
    told = [[one.name, round(one.weight, 6), one.kpi.over, one.kpi.of, one.kpi.hit, one.kpi.worse] for one in series()]
    return hashing.of_text(f"{_FORMAT} {alarms_a_year} {told}", 16)


def _state(detector: Detector, sessions: int, threshold: float, today: str) -> State:
    if detector.alarms and days_between(detector.alarms[-1].day, today) <= SHOWN_DAYS:
        return "recovered" if detector.better_since else "changed"
    if sessions < LEAST_SESSIONS:
        return "can't tell"
    return "watch" if detector.watch(threshold / WATCHES) else "quiet"
