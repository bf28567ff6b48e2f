"""The unit that series are made of: a session on a day (UTC), with what it did and with whom.

Defects come in sessions, so outputs are no independent units; and a session that goes on for days would never end.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app.monitor.statistics import summed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aicheck_app.monitor.kpi import Kpi
    from aicheck_app.monitor.statistics import Sums
    from aicheck_app.monitor.sums import Fact

_SIZES = (4, 16, 64)
"""Sessions with fewer things counted than these are ranked among their like."""
_NAMES = ("agent", "version", "model", "asked", "effort", "project", "language", "ruleset", "settings", "person")


class Unit(NamedTuple):
    """A session on a day. Of several models, versions and so on in one, the one that counts most stands for it.

    ``own`` are the counts of the session's own agent, ``all`` those of the agents that it started as well.
    """

    day: str
    session: str
    last: str
    agent: str
    version: str
    model: str
    asked: str
    effort: str
    project: str
    language: str
    ruleset: str
    settings: str
    own: Counter[str]
    all: Counter[str]
    person: str = ""
    """Whose it is, in a team's log."""

    @property
    def name(self) -> str:
        """What tells it from all others."""
        return f"{self.day}:{self.agent}:{self.session}"

    def value(self, kpi: Kpi) -> float | None:
        """The rate that the unit gives a KPI, or for what is rare whether it has it; None where it can't tell."""
        pair = kpi.pair(self)
        return None if pair is None else kpi.value(pair)

    def size(self, kpi: Kpi) -> int:
        """How many things it counts, in steps."""
        pair = kpi.pair(self)
        return 0 if pair is None else size_of(pair[1])


def size_of(below: int) -> int:
    """How many things were counted, in steps."""
    first, second, third = _SIZES
    return (below >= first) + (below >= second) + (below >= third)


def sums_of(kpi: Kpi, known: Iterable[Unit]) -> Sums | None:
    """What a KPI's rate over units is made of; None where none of them can tell."""
    pairs = [pair for unit in known if (pair := kpi.pair(unit)) is not None]
    return summed(pairs) if pairs else None


def units(facts: Iterable[Fact]) -> Iterator[Unit]:
    """The units of some facts, which come in the order of their days; those without a time have none."""
    for day, of_day in groupby(facts, key=lambda fact: str(fact.key["day"])):
        if not day:
            continue
        sessions: dict[tuple[str, str, str], list[Fact]] = defaultdict(list)
        for fact in of_day:
            sessions[str(fact.key["person"]), str(fact.key["agent"]), str(fact.key["session"])].append(fact)
        found = [_unit(day, session, together) for (_, _, session), together in sessions.items()]
        yield from sorted(found, key=lambda unit: (unit.last, unit.name))


def _unit(day: str, session: str, facts: list[Fact]) -> Unit:
    own: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    weights: dict[str, Counter[str]] = {name: Counter() for name in _NAMES}
    for fact in facts:
        whole.update(fact.counts)
        if not fact.key["side"]:
            own.update(fact.counts)
        weight = fact.counts["outputs"] + fact.counts["messages"]
        for name in _NAMES:
            if value := fact.key[name]:
                weights[name][str(value)] += weight or 1
    most = {name: max(found, key=lambda value: (found[value], value), default="") for name, found in weights.items()}
    return Unit(day, session, max(fact.last for fact in facts), own=own, all=whole, **most)
