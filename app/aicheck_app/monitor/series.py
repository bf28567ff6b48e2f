"""The series that are watched: each KPI within a model, some across models too, with the share of the budget that each has."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from aicheck_app import hashing
from aicheck_app.monitor.conformal import Detector
from aicheck_app.monitor.edges import era
from aicheck_app.monitor.kpis import kpis

if TYPE_CHECKING:
    from aicheck_app.monitor.kpi import Kpi
    from aicheck_app.monitor.units import Unit

Policy = Literal["within models", "across models"]
HEADLINE_WEIGHT = 0.5
"""The share of the budget that the first KPI has; all others share the rest."""
DAYS_A_YEAR = 365.25
SHOWN_DAYS = 60
"""A change is told for so long; by then it is the normal state."""
WRONG_RECOVERIES = 0.05
"""Of changes that last, so many at most are said to have moved the other way while they are told."""
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
        """With which sessions a session is compared: of its person, project and client, of like size, and counted alike."""
        kpi = self.kpi
        model = unit.model if self.policy == "within models" else ""
        language, ruleset = (unit.language, unit.ruleset) if kpi.by_language else ("", "")
        counted = era(unit.agent, unit.version, kpi.counters)
        whose = f"{unit.person}|" if unit.person else ""
        return f"{whose}{unit.project}|{unit.agent}|{model}|{language}|{size}|{ruleset}|{counted}"

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
        return _a_day(units, days) * DAYS_A_YEAR / alarms_a_year / self.weight

    def recovery(self, units: int, days: float) -> float:
        """The evidence that a change has moved the other way: among n sessions without one, n in so many reach it at most."""
        return _a_day(units, days) * SHOWN_DAYS / WRONG_RECOVERIES


def _a_day(units: int, days: float) -> float:
    return max(units, _LEAST_UNITS) / max(days, LEAST_DAYS)


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
