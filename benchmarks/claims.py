"""What the monitor says beside an alarm or a green light, held against histories whose truth is known.

    python -m benchmarks.claims [--runs 400]

Sessions of five outputs, eight a day in two strata, 108 days before a change and 60 after it:
when a change began (how often the told days hold the true one), whether it went back (though it lasts),
what came with it (though nothing has changed), and the smallest change that would have been seen (how often it is).
Intervals of rates are tried on few sessions, whose outputs are alike (beta-binomial, correlation 0.1).
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app.monitor.attribution import DIMENSIONS, span, switches
from aicheck_app.monitor.conformal import Detector
from aicheck_app.monitor.kpis import kpis
from aicheck_app.monitor.series import HEADLINE_WEIGHT, series
from aicheck_app.monitor.smallest import smallest
from aicheck_app.monitor.statistics import summed
from aicheck_app.monitor.units import Unit

if TYPE_CHECKING:
    from aicheck_app.monitor.conformal import Alarm

PER_DAY, OUTPUTS, BEFORE, AFTER = 8, 5, 108, 60
_START = date(2026, 1, 1)
HEADLINE = series()[0]


class Case(NamedTuple):
    """A series that is asked for its smallest change: sessions known and in the window, strata, and of yes or no the share."""

    known: int
    window: int
    strata: int
    share: float
    """Of yes; 0 for amounts, whose logarithm has a deviation of 0.6."""
    weight: float
    per_day: int


CASES = (
    Case(60, 40, 1, 0, 1 / 88, 2), Case(60, 40, 5, 0, 1 / 88, 2), Case(500, 224, 2, 0, 1 / 88, 8), Case(500, 224, 8, 0, 1 / 88, 8),
    Case(500, 224, 2, 0.1, 0.5, 8), Case(500, 224, 8, 0.1, 0.5, 8), Case(500, 224, 2, 0.02, 1 / 88, 8), Case(100, 60, 3, 0.05, 0.5, 2),
)  # fmt: skip


def day(number: int) -> str:
    """A day of the history."""
    return (_START + timedelta(days=number)).isoformat()


def onsets(rate: float, changed: float, runs: int) -> str:
    """How often the told days hold the true one, and how often a change that lasts is said to go back."""
    found = held = back = 0
    widths = []
    for seed in range(runs):
        chance, detector, alarm = random.Random(seed), Detector(hit=True, worse="higher"), None
        for number in range(BEFORE + AFTER):
            p = changed if number >= BEFORE else rate
            for at in range(PER_DAY):
                value = float(any(chance.random() < p for _ in range(OUTPUTS)))
                threshold = HEADLINE.threshold(detector.units, number + 1, 1.0)
                new = detector.update(day(number), str(at % 2), value, chance.random(), threshold)
                alarm = alarm or (new if number >= BEFORE else None)
                detector.recovers(HEADLINE.recovery(detector.units, number + 1))
        if alarm is not None:
            found += 1
            held += alarm.earliest <= day(BEFORE) <= alarm.latest
            back += bool(detector.better_since)
            widths.append((date.fromisoformat(alarm.latest) - date.fromisoformat(alarm.earliest)).days)
    return f"| {rate:.0%} to {changed:.0%} | {found} of {runs} | {held / found:.0%} | {statistics.median(widths):.0f} days | {back / found:.1%} |"


def named(every: int, runs: int) -> str:
    """How often a client version is named beside an alarm where nothing has changed, one month later."""
    alarms = wrong = 0
    for seed in range(runs):
        found = _false_alarm(random.Random(seed), every)
        if found is not None:
            alarms += 1
            alarm, known, firsts = found
            low, high = span(alarm)
            near = [unit for unit in known if low <= unit.day <= high]
            wrong += any(one.p is not None and one.p < 0.05 for one in switches(near, firsts, kpis()[0], alarm))
    return f"| {every} days | {alarms} of {runs} | {wrong / alarms:.0%} |"


def _false_alarm(
    chance: random.Random, every: int
) -> tuple[Alarm, list[Unit], dict[str, dict[tuple[str, str], str]]] | None:
    detector, known, alarm = Detector(hit=True, worse="higher"), list[Unit](), None
    firsts: dict[str, dict[tuple[str, str], str]] = {name: {} for name in DIMENSIONS}
    for number in range(365):
        version = f"2.1.{number // every}"
        firsts["version"].setdefault(("a", version), day(number))
        for at in range(PER_DAY):
            bad = sum(chance.random() < 0.02 for _ in range(OUTPUTS))
            counts = Counter(checked=OUTPUTS, outputs=OUTPUTS, suspect=bad)
            known.append(Unit(day(number), f"{number}-{at}", f"{day(number)}T1", "a", version, "m", "m", "", str(at % 2), "python", "1", "", counts, counts))  # fmt: skip
            threshold = PER_DAY * 365 / HEADLINE_WEIGHT
            if alarm is None:
                alarm = detector.update(day(number), str(at % 2), float(bad > 0), chance.random(), threshold)
        if alarm is not None and day(number - 30) >= alarm.day:
            return alarm, known, firsts
    return None


def seen(case: Case, runs: int) -> str:
    """How often the smallest change that a quiet series tells would have been found."""
    told = [one for seed in range(60) if (one := _run(case, seed, None)) is not None]
    if len(told) < 30:
        return f"| {_named(case)} | none | - |"
    factor = statistics.median(told)
    found = sum(_run(case, 1_000 + seed, factor) is not None for seed in range(runs))
    return f"| {_named(case)} | {factor:.2f} times | {found / runs:.0%} |"


def _named(case: Case) -> str:
    kind = f"yes in {case.share:.0%}" if case.share else "amounts"
    return f"{kind}, {case.known} sessions in {case.strata} strata, then {case.window}"


def _run(case: Case, seed: int, factor: float | None) -> float | None:
    """With a factor 1 if a change by it is found in the window, else None; without one what the series tells after it."""
    chance, detector = random.Random(seed), Detector(hit=bool(case.share), worse="higher")
    threshold = case.per_day * 365.25 / case.weight
    for at in range(case.known + case.window):
        grown = factor if factor is not None and at >= case.known else 1.0
        value = (
            float(chance.random() < min(case.share * grown, 1.0))
            if case.share
            else math.exp(chance.gauss(0, 0.6)) * grown
        )
        stratum = str(chance.randrange(case.strata))
        if (
            detector.update(day(at // case.per_day), stratum, value, chance.random(), threshold) is not None
            and grown > 1
        ):
            return 1.0
    return smallest(detector, case.window, threshold) if factor is None else None


def covered(sessions: int, rate: float, outputs: int, *, share: bool, runs: int) -> str:
    """How often an interval of so few sessions holds the true rate."""
    chance, held = random.Random(sessions), 0
    for _ in range(runs):
        pairs = []
        for _ in range(sessions):
            own = chance.betavariate(rate * 9, (1 - rate) * 9)
            pairs.append((sum(chance.random() < own for _ in range(outputs)), outputs))
        found = summed(pairs).interval(share=share)
        held += found.low <= rate <= found.high
    return f"| {'share' if share else 'ratio'} {rate:g} | {sessions} | {held / runs:.0%} |"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=400)
    runs = parser.parse_args().runs
    print(
        "| rate of outputs | found | told days hold the true one | width | said to go back |\n| --- | --- | --- | --- | --- |"
    )
    for changed in (0.1, 0.06, 0.04):
        print(onsets(0.02, changed, runs))
    print("\n| a new version every | false alarms | a version is named |\n| --- | --- | --- |")
    for every in (3, 7, 14):
        print(named(every, runs))
    print("\n| series | told | found |\n| --- | --- | --- |")
    for case in CASES:
        print(seen(case, runs // 2))
    print("\n| rate | sessions | interval holds it |\n| --- | --- | --- |")
    for rate, outputs, share in ((0.3, 30, True), (0.03, 30, True), (0.005, 100, False)):
        for number in (2, 4, 10, 20):
            print(covered(number, rate, outputs, share=share, runs=runs * 5))


if __name__ == "__main__":
    main()
