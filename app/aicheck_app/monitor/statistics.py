"""The few statistics that evidence needs, with the standard library alone."""

from __future__ import annotations

import math
from typing import NamedTuple


class Interval(NamedTuple):
    """A rate with its 95 % interval; all from 0 to 1."""

    rate: float
    low: float
    high: float


def wilson(successes: int, trials: int, z: float = 1.959963984540054) -> Interval:
    """The Wilson score interval (E. B. Wilson, JASA 22, 1927); the whole range without trials."""
    if trials == 0:
        return Interval(0.0, 0.0, 1.0)
    p = successes / trials
    scale = 1 + z * z / trials
    middle = (p + z * z / (2 * trials)) / scale
    half = z * math.sqrt(p * (1 - p) / trials + z * z / (4 * trials * trials)) / scale
    low = 0.0 if successes == 0 else max(middle - half, 0.0)
    high = 1.0 if successes == trials else min(middle + half, 1.0)
    return Interval(p, low, high)


def fisher(a: int, b: int, c: int, d: int) -> float:
    """Fisher's exact test, two-sided: the p value of the table [[a, b], [c, d]]."""
    row, column, total = a + b, a + c, a + b + c + d

    def log_probability(x: int) -> float:
        return _choose(column, x) + _choose(total - column, row - x) - _choose(total, row)

    observed = log_probability(a)
    low, high = max(0, row - (total - column)), min(row, column)
    terms = (log_probability(x) for x in range(low, high + 1))
    return min(1.0, sum(math.exp(t) for t in terms if t <= observed + 1e-9))


def _choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
