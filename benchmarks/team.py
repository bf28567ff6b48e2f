"""A team's detector against single persons' on simulated teams whose truth is known.

    python -m benchmarks.team [--people 200] [--runs 20]

200 people in 20 projects hold four sessions of five outputs each working day. Each person's share of sessions with a defect (8 % in
the middle) differs, and wanders in phases (logit AR(1), memory 0.98, deviation 0.6). A client version comes out every seven days and
reaches a person within a week, by chance. In half of the teams one version, the tenth, makes the odds of a defect 1.5, 2 or 3 times
as high, for everybody who has it or a later one. The detector is the headline's series as it is, with the person in the stratum; it
runs for 70 days before that version and 50 after it. Beside it each person's own detector, with a budget of its own.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app.monitor.attribution import DIMENSIONS, carriers, span, switches
from aicheck_app.monitor.series import series
from aicheck_app.monitor.units import Unit

if TYPE_CHECKING:
    from aicheck_app.monitor.conformal import Alarm

BEFORE, AFTER, PER_DAY, OUTPUTS, PROJECTS = 70, 50, 4, 5, 20
EVERY = 7
BAD = BEFORE // EVERY
"""The version that changes something."""
SHARE, SPREAD, MEMORY, WANDER = 0.08, 0.5, 0.98, 0.6
SURE = 0.05
HEADLINE = series()[0]
_START = date(2026, 1, 5)


class Outcome(NamedTuple):
    """What was found in one team: days until the team's alarm, whether it named the version, persons who found it, persons in all."""

    alarmed: bool
    days: int
    named: bool
    others: bool
    """Whether another version was named beside the change."""
    people: int
    false_people: int


def day(number: int) -> str:
    """A day of the history."""
    return (_START + timedelta(days=number)).isoformat()


def team(people: int, factor: float, seed: int) -> list[Unit]:
    """The sessions of a team, in order."""
    chance = random.Random(seed)
    middle = [math.log(SHARE / (1 - SHARE)) + chance.gauss(0, SPREAD) for _ in range(people)]
    phases = [chance.gauss(0, 1) for _ in range(people)]
    lags = [chance.randrange(EVERY) for _ in range(people)]
    found = []
    for number in range(BEFORE + AFTER):
        name = day(number)
        if date.fromisoformat(name).weekday() >= 5:
            continue
        for person in range(people):
            version = max(number - lags[person], 0) // EVERY
            for at in range(PER_DAY):
                phases[person] = MEMORY * phases[person] + math.sqrt(1 - MEMORY**2) * chance.gauss(0, 1)
                odds = math.exp(middle[person] + WANDER * phases[person]) * (factor if version >= BAD else 1.0)
                counts = Counter(outputs=OUTPUTS, checked=OUTPUTS, suspect=int(chance.random() < odds / (1 + odds)))
                found.append(
                    Unit(
                        name, f"{person}-{number}-{at}", f"{name}T{at}", "a", f"2.1.{version}", "m", "m", "", f"p{person % PROJECTS}",
                        "python", "r", "", counts, counts, f"person{person:03}",
                    )
                )  # fmt: skip
    return found


def watched(known: list[Unit]) -> Alarm | None:
    """The first alarm of the headline's series, as the monitor runs it."""
    detector = HEADLINE.detector()
    chance = random.Random(1)
    for unit in known:
        number = (date.fromisoformat(unit.day) - _START).days + 1
        threshold = HEADLINE.threshold(detector.units, number, 1.0)
        value = unit.value(HEADLINE.kpi)
        assert value is not None
        stratum = HEADLINE.stratum(unit, unit.size(HEADLINE.kpi))
        alarm = detector.update(unit.day, stratum, value, chance.random(), threshold)
        if alarm is not None:
            return alarm
    return None


def tried(people: int, factor: float, seed: int) -> Outcome:
    """One team, watched together and each person alone."""
    known = team(people, factor, seed)
    alarm = watched(known)
    by_person: dict[str, list[Unit]] = {}
    for unit in known:
        by_person.setdefault(unit.person, []).append(unit)
    alone = [watched(units) for units in by_person.values()]
    true = sum(one is not None and one.day >= day(BEFORE) for one in alone)
    false = sum(one is not None and one.day < day(BEFORE) for one in alone)
    if alarm is None or alarm.day < day(BEFORE):
        return Outcome(alarm is not None, -1, False, False, true, false)
    sure = _named(known, alarm)
    days = (date.fromisoformat(alarm.day) - date.fromisoformat(day(BEFORE))).days
    return Outcome(True, days, f"2.1.{BAD}" in sure[:1], any(one != f"2.1.{BAD}" for one in sure[:1]), true, false)


def _named(known: list[Unit], alarm: Alarm) -> list[str]:
    """The versions that are named beside an alarm, the surest first, a month after it or at the end."""
    firsts: dict[str, dict[tuple[str, str], str]] = {name: {} for name in DIMENSIONS}
    for unit in known:
        firsts["version"].setdefault((unit.agent, unit.version), unit.day)
    low, high = span(alarm)
    near = [unit for unit in known if low <= unit.day <= high]
    return [one.value for one in switches(near, firsts, HEADLINE.kpi, alarm) if one.p is not None and one.p < SURE]


def carried(people: int, seed: int) -> str:
    """Who carries a change, where it is one version's: the version by itself, and not a person or project."""
    known = team(people, 2.0, seed)
    before = [unit for unit in known if unit.day < day(BEFORE)]
    after = [unit for unit in known if unit.day >= day(BEFORE + EVERY)]
    told = []
    for dimension in ("person", "project"):
        found = carriers(HEADLINE.kpi, before, after, dimension)
        total = sum(one.excess for one in found if one.excess > 0)
        told.append(f"the greatest part of one {dimension} is {found[0].excess / total:.0%}")
    return "; ".join(told)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--runs", type=int, default=20)
    options = parser.parse_args()
    print(
        "| odds | team alarmed | days after the release (median) | the version named | another named | persons who found it | persons who alarmed before |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- |")
    with ProcessPoolExecutor() as pool:
        for factor in (1.0, 1.5, 2.0, 3.0):
            found = list(pool.map(partial(tried, options.people, factor), range(options.runs)))
            hits = [one for one in found if one.days >= 0]
            days = f"{statistics.median(one.days for one in hits):.0f}" if hits else "-"
            share = [
                statistics.mean(getattr(one, name) for one in found) / options.people
                for name in ("people", "false_people")
            ]
            print(
                f"| {factor:g} | {len(hits)} of {len(found)} ({sum(one.alarmed for one in found) - len(hits)} before) | {days} |"
                f" {sum(one.named for one in hits)} | {sum(one.others for one in hits)} | {share[0]:.1%} | {share[1]:.1%} |",
                flush=True,
            )
    print(f"\nAt twice the odds: {carried(options.people, 0)}.")


if __name__ == "__main__":
    main()
