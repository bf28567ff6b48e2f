"""The smallest change that the sessions of a window would most likely have shown, beside every series that is quiet.

It is reckoned, not simulated: what the best bet wins a session on average, while the changed sessions enter the ranks as they come.
Where the sum just reaches the threshold at the window's end, four of five such changes are found by then, since evidence may be at its
best before: `python -m benchmarks.claims` holds it against simulations.
"""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app.monitor.conformal import LEAST_KNOWN, ODDS, POWERS
from aicheck_app.monitor.ranks import Amounts, YesNo

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aicheck_app.monitor.conformal import Detector

_STEPS = 6
"""Parts of the window, in each of which the ranks are taken to stay as they are."""
_NODES = 16
"""Values that stand for all that a session may have."""
_FACTORS = (1.5, 1.75, 2.0, 2.25, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 7.0, 8.5, 10.0, 12.0, 15.0, 20.0, 30.0, 50.0)
_SHIFTS = tuple(0.1 * 1.15**n for n in range(28))
"""In standard deviations of the logarithm: 0.1 to 4.4."""
_LEAST_RANK = math.exp(-1)
"""Ranks of a few are smoothed by chance: the least is so much over their number on average (log)."""


class _Part(NamedTuple):
    """Sessions of the window that are ranked among as many others: how many, and the known ones before the window."""

    sessions: float
    known: float
    share: float


def smallest(detector: Detector, units: int, threshold: float) -> float | None:
    """The factor of the smallest change that so many sessions would most likely have shown; None where none would.

    For what is rare it is the factor of the share of sessions, else that of the amounts.
    """
    if not units:
        return None
    needed = math.log(threshold)
    return _share(detector, units, needed) if detector.hit else _amount(detector, units, needed)


def _share(detector: Detector, units: int, needed: float) -> float | None:
    strata = [ranks for ranks in detector.strata.values() if isinstance(ranks, YesNo)]
    number, yes = sum(ranks.number for ranks in strata), sum(ranks.yes for ranks in strata)
    parts = list(_parts([(ranks.number, ranks.share) for ranks in strata if ranks.varied], number, units))
    for factor in _FACTORS:
        changes = [(part, _grown(part.share, factor)) for part in parts]
        if max(_won_by_odds(changes, odds) for odds in ODDS) >= needed:
            before = (yes + 0.5) / (number + 1)
            return _grown(before, factor) / before
    return None


def _amount(detector: Detector, units: int, needed: float) -> float | None:
    strata = [ranks for ranks in detector.strata.values() if isinstance(ranks, Amounts)]
    number = sum(ranks.number for ranks in strata)
    spreads = [(spread, ranks.number) for ranks in strata if (spread := ranks.spread()) is not None]
    spread_over = sum(known for _, known in spreads)
    if spread_over * 2 < number or not number:
        return None
    parts = list(_parts([(ranks.number, 0.5) for ranks in strata if ranks.varied], number, units))
    spread = sum(spread * known for spread, known in spreads) / spread_over
    for shift in _SHIFTS:
        if max(_won_by_power(parts, shift, power) for power in POWERS) >= needed:
            return math.exp(spread * shift)
    return None


def _parts(strata: Iterable[tuple[int, float]], number: int, units: int) -> Iterator[_Part]:
    """The window's sessions by stratum, if they come as the sessions so far did; those of strata that bet nothing left out."""
    for known, share in strata:
        sessions = units * known / number
        if known >= LEAST_KNOWN:
            yield _Part(sessions, max(known - sessions, 1.0), share)


def _won_by_odds(changes: Sequence[tuple[_Part, float]], odds: float) -> float:
    won = 0.0
    for part, share in changes:
        for _, weight in _mixed(part):
            seen = weight * part.share + (1 - weight) * share
            bet = _grown(seen, odds)
            mean = share * math.log(bet / seen) + (1 - share) * math.log((1 - bet) / (1 - seen))
            won += mean * part.sessions / _STEPS
    return won


def _won_by_power(parts: Sequence[_Part], shift: float, power: float) -> float:
    won = 0.0
    for part in parts:
        for known, weight in _mixed(part):
            ranks = (weight * before + (1 - weight) * behind for before, behind in _ranks(shift))
            log = sum(math.log((known * rank + _LEAST_RANK) / (known + 1)) for rank in ranks) / _NODES
            won += (math.log(power) + (power - 1) * log) * part.sessions / _STEPS
    return won


def _mixed(part: _Part) -> Iterator[tuple[float, float]]:
    """For each step of the window: how many sessions are known by then, and the share of them from before the change."""
    for step in range(_STEPS):
        known = part.known + part.sessions * (step + 0.5) / _STEPS
        yield known, part.known / known


@lru_cache(maxsize=64)
def _ranks(shift: float) -> tuple[tuple[float, float], ...]:
    """For values that stand for all of a changed session: the share of values before the change, and of changed ones, above it."""
    normal = NormalDist()
    points = [normal.inv_cdf((at + 0.5) / _NODES) for at in range(_NODES)]
    return tuple((normal.cdf(-point - shift), normal.cdf(-point)) for point in points)


def _grown(share: float, odds: float) -> float:
    return odds * share / (1 - share + odds * share)
