"""What changed when a rate changed: every switch that is known of the time round it, each tested where it happened.

A switch is the first session with another version, model, effort, rule set, or other files for agents in the project. Before and after
it are compared inside strata of one project, client, language and size; all switches that are listed are corrected for (S. Holm,
Scandinavian Journal of Statistics 6, 1979). The sessions that raised the alarm are left out: where they begin was chosen for how bad
they are, so that any switch near them would seem to matter. It says what came together, never what was the cause.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app import hashing
from aicheck_app.monitor import sums
from aicheck_app.monitor.statistics import Interval, holm, mantel_haenszel, strata_test
from aicheck_app.monitor.units import sums_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from aicheck_app.monitor.conformal import Alarm
    from aicheck_app.monitor.kpi import Kpi
    from aicheck_app.monitor.units import Unit

_ONE_AFTER_ANOTHER = frozenset({"version", "settings", "ruleset"})
"""What takes the place of what was before: whatever comes later has the switch behind it too."""
DIMENSIONS = ("version", "model", "asked", "effort", "settings", "ruleset")
BEFORE_DAYS = 60
AFTER_DAYS = 28
"""So many days behind the alarm are compared with the time before."""
NEAR_DAYS = 14
"""So many days round the likely onset a switch is listed."""
SHUFFLES = 999
LEAST = 5
"""Sessions on each side, below which nothing is tested."""
MAX_SWITCHES = 40


class Switch(NamedTuple):
    """A switch, with the rate before it and that since the alarm; ``p`` is corrected for all that are listed, None where it can't be tested.

    ``effect`` is an odds ratio (Mantel-Haenszel) for what sessions have or have not, else the ratio of the rates; with its
    95 % interval where it has one. ``projects`` are those with sessions on both sides, ``agree`` those in which the rate
    moved the same way as over all; so are ``people`` and ``people_agree`` in a team's log.
    """

    day: str
    dimension: str
    value: str
    before: Interval | None
    after: Interval | None
    sessions: tuple[int, int]
    p: float | None
    effect: Interval | None
    projects: int
    agree: int
    people: int = 0
    people_agree: int = 0


class Carrier(NamedTuple):
    """A person, project or version with its part in a change: the rates before and since, the sessions, and how much more it counts.

    ``excess`` is what is counted above since the change, less what the rate of the whole before would have given.
    """

    value: str
    before: Interval | None
    after: Interval | None
    sessions: tuple[int, int]
    excess: float


Firsts = Mapping[str, Mapping[tuple[str, str], str]]
"""By dimension, client and value: the first day of all."""


def switches(known: Sequence[Unit], firsts: Firsts, kpi: Kpi, alarm: Alarm) -> list[Switch]:
    """The switches round the time in which a change may have begun, the most telling first.

    ``known`` are the sessions of that time and of so long before and after it as they are compared (``span``).
    """
    told = [unit for unit in known if unit.value(kpi) is not None]
    near = _near(firsts, alarm.earliest, alarm.latest)
    behind = [_behind(firsts, *one) for one in near]
    found = [_switch(told, kpi, alarm.day, *one, after) for one, after in zip(near, behind, strict=True)]
    fits = [_fit(told, kpi, *one[:3], after) for one, after in zip(near, behind, strict=True)]
    corrected = iter(holm([one.p for one in found if one.p is not None]))
    found = [one if one.p is None else one._replace(p=next(corrected)) for one in found]
    ranked = zip(found, fits, strict=True)
    return [
        one
        for one, fit in sorted(
            ranked, key=lambda each: (each[0].p if each[0].p is not None else 2, -each[1], each[0].day)
        )
    ]


def span(alarm: Alarm) -> tuple[str, str]:
    """The first and the last day that a comparison of the switches near a change needs."""
    return _shifted(alarm.earliest, -NEAR_DAYS - BEFORE_DAYS), _shifted(
        max(alarm.day, alarm.latest), NEAR_DAYS + AFTER_DAYS
    )


def firsts(db: Connection) -> Firsts:
    """Of all that is logged."""
    return sums.first_days(db, DIMENSIONS)


def _near(firsts: Firsts, earliest: str, latest: str) -> list[tuple[str, str, str, str]]:
    """Day, client, dimension and value of each switch near a time; a client's first value of all is none.

    That a model was asked for is told only where no session of that client was served by it.
    """
    low, high = _shifted(earliest, -NEAR_DAYS), _shifted(latest, NEAR_DAYS)
    found = []
    for dimension, days in firsts.items():
        begun = sums.begun(days)
        for (agent, value), day in days.items():
            known = dimension == "asked" and (agent, value) in firsts["model"]
            if low <= day <= high and day != begun[agent] and not known:
                found.append((day, agent, dimension, value))
    return sorted(found)[:MAX_SWITCHES]


def _behind(firsts: Firsts, day: str, agent: str, dimension: str, value: str) -> frozenset[str]:
    """The values with which a session comes after a switch: the new one, and of versions and the like all that came later."""
    if dimension not in _ONE_AFTER_ANOTHER:
        return frozenset({value})
    return frozenset(one for (client, one), first in firsts[dimension].items() if client == agent and first >= day)


def _switch(
    known: Sequence[Unit],
    kpi: Kpi,
    alarmed: str,
    day: str,
    agent: str,
    dimension: str,
    value: str,
    behind: frozenset[str],
) -> Switch:
    low, high = _shifted(day, -BEFORE_DAYS), _shifted(max(day, alarmed), AFTER_DAYS)
    own = [unit for unit in known if unit.agent == agent]
    before = [unit for unit in own if low <= unit.day < day]
    after = [
        unit
        for unit in own
        if max(day, _shifted(alarmed, 1)) <= unit.day <= high and getattr(unit, dimension) in behind
    ]
    p, effect = _tested(kpi, before, after, f"{kpi.name} {day} {dimension} {value}")
    projects = _moves(kpi, before, after, "project")
    people = [] if not any(unit.person for unit in after) else _moves(kpi, before, after, "person")
    whole = (_rate(kpi, after) or Interval(0, 0, 0)).rate - (_rate(kpi, before) or Interval(0, 0, 0)).rate
    return Switch(
        day, dimension, value, _rate(kpi, before), _rate(kpi, after), (len(before), len(after)), p, effect, len(projects),
        sum((move > 0) == (whole > 0) for move in projects if move),
        len(people), sum((move > 0) == (whole > 0) for move in people if move),
    )  # fmt: skip


def _tested(kpi: Kpi, before: Sequence[Unit], after: Sequence[Unit], name: str) -> tuple[float | None, Interval | None]:
    strata: dict[tuple[object, ...], tuple[list[Unit], list[Unit]]] = defaultdict(lambda: ([], []))
    for side, units in enumerate((before, after)):
        for unit in units:
            strata[_stratum(kpi, unit)][side].append(unit)
    both = [pair for pair in strata.values() if pair[0] and pair[1]]
    if min((sum(len(pair[side]) for pair in both) for side in (0, 1)), default=0) < LEAST:
        return None, None
    if kpi.hit:
        tables = [
            (
                sum((unit.value(kpi) or 0) > 0 for unit in new), len(new),
                sum((unit.value(kpi) or 0) > 0 for unit in old), len(old),
            )
            for old, new in both
        ]  # fmt: skip
        return strata_test(tables), mantel_haenszel(tables)
    old_rate, new_rate = _rate(kpi, before), _rate(kpi, after)
    ratio = new_rate.rate / old_rate.rate if old_rate and new_rate and old_rate.rate else None
    return _shuffled(kpi, both, name), None if ratio is None else Interval(ratio, 0.0, float("inf"))


def _stratum(kpi: Kpi, unit: Unit) -> tuple[object, ...]:
    """With which sessions one is compared before and after a switch."""
    return unit.person, unit.project, unit.language if kpi.by_language else "", unit.size(kpi)


def _shuffled(kpi: Kpi, strata: Sequence[tuple[list[Unit], list[Unit]]], name: str) -> float:
    """How often as large a difference of ranks comes about if whole days change sides by chance.

    The statistic is van Elteren's (Bulletin de l'Institut International de Statistique 37, 1960), the blocks are the days of
    a project, since sessions of a day hang together. Chance comes from the name of what is tested.
    """
    chance = random.Random(hashing.of_text(name))
    ranked = [_ranks(kpi, old, new) for old, new in strata]
    sides = {block: side for rows in ranked for block, side, _ in rows}
    by_project: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for block in sides:
        by_project[block[0]].append(block)
    observed = _statistic(ranked, sides)
    as_large = 0
    for _ in range(SHUFFLES):
        drawn: dict[tuple[str, str], int] = {}
        for blocks in by_project.values():
            labels = [sides[block] for block in blocks]
            chance.shuffle(labels)
            drawn.update(zip(blocks, labels, strict=True))
        as_large += abs(_statistic(ranked, drawn)) >= abs(observed) - 1e-9
    return (1 + as_large) / (1 + SHUFFLES)


def _ranks(kpi: Kpi, old: Sequence[Unit], new: Sequence[Unit]) -> list[tuple[tuple[str, str], int, float]]:
    """Block, side and centred rank of each session of a stratum, over the number of its sessions and one more."""
    rows = [
        (unit.value(kpi) or 0.0, (unit.project, unit.day), side)
        for side, units in enumerate((old, new))
        for unit in units
    ]
    values = sorted(row[0] for row in rows)
    places: dict[float, list[int]] = defaultdict(list)
    for place, value in enumerate(values):
        places[value].append(place)
    middle = (len(values) - 1) / 2
    return [
        (block, side, (sum(places[value]) / len(places[value]) - middle) / (len(values) + 1))
        for value, block, side in rows
    ]


def _statistic(
    ranked: Sequence[Sequence[tuple[tuple[str, str], int, float]]], sides: dict[tuple[str, str], int]
) -> float:
    return sum(rank for rows in ranked for block, _, rank in rows if sides[block])


def carriers(kpi: Kpi, before: Sequence[Unit], after: Sequence[Unit], dimension: str) -> list[Carrier]:
    """Who or what a change is carried by, the greatest part first."""
    old, new = _by(before, dimension), _by(after, dimension)
    whole = _rate(kpi, before)
    found = []
    for value in old.keys() | new.keys():
        mine = [pair for unit in new.get(value, ()) if (pair := kpi.pair(unit)) is not None]
        excess = sum(above for above, _ in mine) - (whole.rate if whole else 0.0) * sum(below for _, below in mine)
        one, other = old.get(value, []), new.get(value, [])
        found.append(Carrier(value, _rate(kpi, one), _rate(kpi, other), (len(one), len(other)), excess))
    return sorted(found, key=lambda one: (-one.excess, one.value))


def _by(known: Sequence[Unit], dimension: str) -> dict[str, list[Unit]]:
    found: dict[str, list[Unit]] = defaultdict(list)
    for unit in known:
        found[getattr(unit, dimension)].append(unit)
    return found


def _fit(known: Sequence[Unit], kpi: Kpi, day: str, agent: str, dimension: str, behind: frozenset[str]) -> float:
    """How well a switch parts good sessions from bad ones, among all that are compared, in deviations: which of several came first.

    It orders switches that are equally sure, and says nothing of how sure they are: the sessions that raised the alarm count too.
    People meet a new version on different days: sessions of one day with and without it tell it from the versions next to it.
    """
    low = _shifted(day, -BEFORE_DAYS)
    strata: dict[tuple[object, ...], tuple[list[Unit], list[Unit]]] = defaultdict(lambda: ([], []))
    for unit in known:
        if unit.agent == agent and unit.day >= low:
            strata[_stratum(kpi, unit)][getattr(unit, dimension) in behind].append(unit)
    total = variance = 0.0
    for old, new in strata.values():
        if old and new:
            ranks = [(rank, side) for _, side, rank in _ranks(kpi, old, new)]
            number = len(ranks)
            total += sum(rank for rank, side in ranks if side)
            variance += len(old) * len(new) / (number * (number - 1)) * sum(rank * rank for rank, _ in ranks)
    return abs(total) / math.sqrt(variance) if variance > 0 else 0.0


def _moves(kpi: Kpi, before: Sequence[Unit], after: Sequence[Unit], dimension: str) -> list[float]:
    """How the rate moved in each project, or for each person, that has sessions on both sides."""
    known = [(one.before, one.after) for one in carriers(kpi, before, after, dimension)]
    return [new.rate - old.rate for old, new in known if old is not None and new is not None]


def _rate(kpi: Kpi, known: Sequence[Unit]) -> Interval | None:
    found = sums_of(kpi, known)
    return None if found is None else kpi.interval(found)


def _shifted(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
