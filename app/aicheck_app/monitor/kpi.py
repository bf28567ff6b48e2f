"""What a KPI is: two sums of the log's facts, what they are divided for, and which way is worse.

A KPI is one file of ``kpis/``. Whatever shows, tests or exports a rate asks that file: there is one definition.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from aicheck_app.monitor.edges import unfilled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aicheck_app.monitor.statistics import Interval, Sums
    from aicheck_app.monitor.units import Unit

Worse = Literal["higher", "lower", "either"]
Kind = Literal["share", "ratio"]
PLACEHOLDERS = 0.1
"""If more of the messages hold a placeholder for their tokens, nothing is said of tokens (docs/kpis.md)."""
LEAST = 20
"""Things counted, below which a rate is not told."""


class Kpi(NamedTuple):
    """One KPI: ``over`` / ``of``, each the sum of these counters of the facts.

    ``kind`` is ``share`` where what is counted above is a part of what is counted below, else ``ratio``. ``scale`` is what a
    rate is shown for: 100 for per cent, 1,000 for "per 1,000 lines", 1 for itself; ``unit`` says it in words. ``hit`` says that
    a session counts as one that has it or has not, which suits what is rare; else sessions are ranked by their rate.
    ``hangs_together`` says that sessions near in time are alike without a cause (docs/statistics.md): then evidence is
    tempered. ``across`` says that the models are also looked at together, so that a new one is seen as a change.
    ``by_language`` is true for what is counted of outputs, ``sides`` for what other agents' outputs count in too.
    """

    name: str
    title: str
    over: tuple[str, ...]
    of: tuple[str, ...]
    unit: str
    worse: Worse
    page: str
    kind: Kind = "share"
    scale: float = 100
    hit: bool = False
    hangs_together: bool = False
    across: bool = False
    by_language: bool = False
    sides: bool = False
    tokens: bool = False
    family: str = ""
    shown_by: str = ""
    """A counter that says that there must be something above: where it is counted and nothing is above, the client does not count it."""

    @property
    def counters(self) -> tuple[str, ...]:
        """The counters that it needs."""
        return (*self.over, *self.of)

    def pair(self, unit: Unit) -> tuple[int, int] | None:
        """What a unit counts above and below; None where it can't tell."""
        counts = unit.all if self.sides else unit.own
        get = counts.get
        below = get(self.of[0], 0) if len(self.of) == 1 else sum([get(name, 0) for name in self.of])
        if not below or (self.tokens and self.misses(counts)) or self.unfilled(unit.agent, unit.version):
            return None
        above = get(self.over[0], 0) if len(self.over) == 1 else sum([get(name, 0) for name in self.over])
        return None if self.shown_by and not above and get(self.shown_by, 0) else (above, below)

    def value(self, pair: tuple[int, int]) -> float:
        """What a unit gives the series: its rate, or for what is rare whether it has any."""
        above, below = pair
        return float(above > 0) if self.hit else above / below

    def interval(self, found: Sums) -> Interval:
        """The rate over sessions with its 95 % interval."""
        return found.interval(share=self.kind == "share")

    def misses(self, counts: Mapping[str, int]) -> bool:
        """Whether the clients did not count the tokens that it is about: they wrote a placeholder."""
        return self.tokens and counts.get("placeholders", 0) > PLACEHOLDERS * counts.get("messages", 0)

    def unfilled(self, agent: str, version: str) -> bool:
        """Whether a version of a client is known to leave out what it needs."""
        return unfilled(agent, version, self.counters)
