"""The series that are watched: each KPI within a model, some across models too, with the share of the budget that each has."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from aicheck_app import hashing
from aicheck_app.monitor.conformal import ODDS, Detector
from aicheck_app.monitor.edges import era
from aicheck_app.monitor.kpis import kpis
from aicheck_app.monitor.ranks import Amounts, YesNo

if TYPE_CHECKING:
    from aicheck_app.monitor.kpi import Kpi
    from aicheck_app.monitor.units import Unit

Policy = Literal["within models", "across models"]
HEADLINE_WEIGHT = 0.5
"""The share of the budget that the first KPI has; all others share the rest."""
DAYS_A_YEAR = 365.25
LEAST_DAYS = 30
"""A series that is younger is taken to be so old when its sessions a year are reckoned."""
_LEAST_UNITS = 50
_WORD = (1 << 64) - 1


class Series(NamedTuple):
    """A KPI under one policy of strata."""

    kpi: Kpi
    policy: Policy
    weight: float
    name: str
    """Its name, which never changes: chance is drawn from it."""

    def detector(self) -> Detector:
        """Its detector, at the beginning."""
        return Detector(self.kpi.hit, self.kpi.worse, self.kpi.hangs_together)

    def stratum(self, unit: Unit, size: int) -> str:
        """With which sessions a session is compared: of its project and its client, of like size, and counted alike."""
        kpi = self.kpi
        model = unit.model if self.policy == "within models" else ""
        language, ruleset = (unit.language, unit.ruleset) if kpi.by_language else ("", "")
        counted = era(unit.agent, unit.version, kpi.counters)
        return f"{unit.project}|{unit.agent}|{model}|{language}|{size}|{ruleset}|{counted}"

    def chance(self, drawn: int) -> float:
        """A number from 0 to 1 that nobody chose: of what was drawn for the session (``draw``) and the series' name.

        The mixing is SplitMix64's (G. Steele, D. Lea, C. Flood, OOPSLA 2014).
        """
        mixed = (drawn ^ _drawn_for(self.name)) & _WORD
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9 & _WORD
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB & _WORD
        return ((mixed ^ (mixed >> 31)) + 0.5) / (_WORD + 1)

    def threshold(self, units: int, days: float, alarms_a_year: float) -> float:
        """The evidence that is an alarm, for so many sessions in so many days: sessions a year over the alarms allowed."""
        yearly = max(units, _LEAST_UNITS) / max(days, LEAST_DAYS) * DAYS_A_YEAR
        return yearly / alarms_a_year / self.weight


def draw(unit: Unit) -> int:
    """64 bits of the hash of a session's name."""
    return int(hashing.of_text(unit.name, 16), 16)


@lru_cache(maxsize=1024)
def _drawn_for(name: str) -> int:
    return int(hashing.of_text(name, 16), 16)


@lru_cache(maxsize=1)
def by_kpi() -> tuple[tuple[Kpi, tuple[Series, ...]], ...]:
    """Each KPI with its series."""
    return tuple((kpi, tuple(one for one in series() if one.kpi is kpi)) for kpi in kpis())


@lru_cache(maxsize=1)
def series() -> tuple[Series, ...]:
    """All series; their weights add up to 1."""
    headline, *rest = kpis()
    others: list[tuple[Kpi, Policy]] = [(headline, "across models")]
    others += [(kpi, "within models") for kpi in rest]
    others += [(kpi, "across models") for kpi in rest if kpi.across]
    weight = (1 - HEADLINE_WEIGHT) / len(others)
    return (
        of_kpi(headline, "within models", HEADLINE_WEIGHT),
        *(of_kpi(kpi, policy, weight) for kpi, policy in others),
    )


def of_kpi(kpi: Kpi, policy: Policy, weight: float) -> Series:
    """A KPI's series."""
    return Series(kpi, policy, weight, f"{kpi.name} {policy}")


def smallest(detector: Detector, units: int, threshold: float) -> float | None:
    """The smallest change that so many sessions would most likely have shown; None where none would.

    For what is rare the factor by which the share of sessions would have grown, else that by which amounts would have
    changed. The evidence of a bet on a true change grows by its Kullback-Leibler divergence a session: it has to reach the
    threshold (D. Siegmund, Sequential Analysis, 1985).
    """
    if not units:
        return None
    needed = math.log(threshold) / units
    return _smallest_share(detector, needed) if detector.hit else _smallest_amount(detector, needed)


def _smallest_share(detector: Detector, needed: float) -> float | None:
    known = [ranks for ranks in detector.strata.values() if isinstance(ranks, YesNo) and ranks.number]
    number = sum(ranks.number for ranks in known)
    share = (sum(ranks.yes for ranks in known) + 0.5) / (number + 1)
    found = [
        q / share
        for odds in (*ODDS, 10, 20, 50)
        if _divergence(q := odds * share / (1 - share + odds * share), share) >= needed
    ]
    return min(found, default=None)


def _divergence(q: float, share: float) -> float:
    return q * math.log(q / share) + (1 - q) * math.log((1 - q) / (1 - share))


def _smallest_amount(detector: Detector, needed: float) -> float | None:
    """For normal logarithms a shift of d deviations wins d * d / 2 a session at best."""
    known = [ranks for ranks in detector.strata.values() if isinstance(ranks, Amounts)]
    spreads = [(spread, ranks.number) for ranks in known if (spread := ranks.spread()) is not None]
    number = sum(number for _, number in spreads)
    if number * 2 < sum(ranks.number for ranks in known) or not number:
        return None
    return math.exp(sum(spread * number for spread, number in spreads) / number * math.sqrt(2 * needed))
