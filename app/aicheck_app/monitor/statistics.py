"""The few statistics that evidence needs, with the standard library alone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Interval(NamedTuple):
    """A rate with its 95 % interval; all from 0 to 1."""

    rate: float
    low: float
    high: float


Z = 1.959963984540054
"""The 97.5 % point of the normal distribution."""


def wilson(successes: float, trials: float, z: float = Z) -> Interval:
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


class Sums(NamedTuple):
    """What a rate over sessions is made of: what is counted above and below, in how many sessions, and how these differ.

    ``spread`` is the sum of the squared differences of what each session counts above from what the rate would give it.
    """

    above: int
    below: int
    number: int
    spread: float

    def interval(self, *, share: bool) -> Interval:
        """The rate with a 95 % interval that allows for the likeness of what is counted inside a session.

        The variance is that of a ratio of means by linearisation (W. Cochran, Sampling Techniques, 3rd ed., 6.4). A share has
        Wilson's interval for as many trials as that variance is worth, no more than there were (E. Korn, B. Graubard, Analysis
        of Health Surveys, 1999, 3.2); a ratio in one session alone has the whole range.
        """
        rate = self.above / self.below
        variance = self.number / (self.number - 1) * self.spread / self.below**2 if self.number > 1 else math.inf
        if not share:
            half = Z * math.sqrt(variance)
            return Interval(rate, max(rate - half, 0.0), rate + half)
        plain = rate * (1 - rate)
        worth = min(plain / variance, self.below) if self.number > 1 and variance > 0 and plain > 0 else self.below
        return wilson(min(rate, 1.0) * worth, worth)


def summed(pairs: Sequence[tuple[int, int]]) -> Sums:
    """The sums of what sessions count above and below; some must be counted below."""
    above, below = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
    return Sums(above, below, len(pairs), sum((x - above / below * n) ** 2 for x, n in pairs))


def fisher(a: int, b: int, c: int, d: int) -> float:
    """Fisher's exact test, two-sided: the p value of the table [[a, b], [c, d]]."""
    row, column, total = a + b, a + c, a + b + c + d

    def log_probability(x: int) -> float:
        return _choose(column, x) + _choose(total - column, row - x) - _choose(total, row)

    observed = log_probability(a)
    low, high = max(0, row - (total - column)), min(row, column)
    terms = (log_probability(x) for x in range(low, high + 1))
    return min(1.0, sum(math.exp(t) for t in terms if t <= observed + 1e-9))


def strata_test(tables: Sequence[tuple[int, int, int, int]]) -> float:
    """The exact test of no association over strata, two-sided: twice the smaller tail of the sum of hits on the first side.

    Each table is hits and size of the one side, hits and size of the other. Given all margins, each stratum's hits are
    hypergeometric, and their sum has the convolution of these (N. Mantel, W. Haenszel, JNCI 22, 1959; A. Agresti,
    Categorical Data Analysis, 3rd ed., 7.3.5).
    """
    total, offset, observed = [1.0], 0, 0
    for hits, size, other, others in tables:
        column, whole = hits + other, size + others
        low, high = max(0, column - others), min(size, column)
        part = [
            math.exp(_choose(size, k) + _choose(others, column - k) - _choose(whole, column))
            for k in range(low, high + 1)
        ]
        total = [
            sum(total[i] * part[at - i] for i in range(max(0, at - len(part) + 1), min(len(total), at + 1)))
            for at in range(len(total) + len(part) - 1)
        ]
        offset += low
        observed += hits
    at = observed - offset
    return min(1.0, 2 * min(sum(total[at:]), sum(total[: at + 1])))


def mantel_haenszel(tables: Sequence[tuple[int, int, int, int]]) -> Interval | None:
    """The common odds ratio over strata, with its 95 % interval; None where a side has no hits, or all.

    Tables as in ``strata_test``. The variance of its logarithm is that of J. Robins, N. Breslow and S. Greenland
    (Biometrics 42, 1986).
    """
    r = s = pr = ps_qr = qs = 0.0
    for hits, size, other, others in tables:
        a, b, c, d, n = hits, size - hits, other, others - other, size + others
        p, q = (a + d) / n, (b + c) / n
        rk, sk = a * d / n, b * c / n
        r, s = r + rk, s + sk
        pr, ps_qr, qs = pr + p * rk, ps_qr + p * sk + q * rk, qs + q * sk
    if not r or not s:
        return None
    half = Z * math.sqrt(pr / (2 * r * r) + ps_qr / (2 * r * s) + qs / (2 * s * s))
    return Interval(r / s, r / s * math.exp(-half), r / s * math.exp(half))


def holm(values: Sequence[float]) -> list[float]:
    """The p values corrected for their number (S. Holm, Scandinavian Journal of Statistics 6, 1979), in their order."""
    corrected, least = [0.0] * len(values), 0.0
    for rank, at in enumerate(sorted(range(len(values)), key=values.__getitem__)):
        least = max(least, min(values[at] * (len(values) - rank), 1.0))
        corrected[at] = least
    return corrected


def mcnemar(only_first: int, only_second: int) -> float:
    """McNemar's exact test, two-sided: the p value of the pairs that differ (Psychometrika 12, 1947)."""
    n, k = only_first + only_second, min(only_first, only_second)
    if only_first == only_second:
        return 1.0
    return min(1.0, sum(math.comb(n, i) for i in range(k + 1)) / float(2 ** (n - 1)))


def paired_difference(both: int, only_first: int, only_second: int, neither: int) -> Interval:
    """The second share less the first one of the same pairs, with its 95 % interval (from -1 to 1).

    Newcombe's square-and-add interval from two Wilson intervals and the pairs' correlation
    (R. G. Newcombe, Statistics in Medicine 17, 1998, method 10).
    """
    n = both + only_first + only_second + neither
    first, second = wilson(both + only_first, n), wilson(both + only_second, n)
    if n == 0:
        return Interval(0.0, -1.0, 1.0)
    phi = _correlation(both, only_first, only_second, neither)
    difference = second.rate - first.rate

    def reach(a: float, b: float) -> float:
        return math.sqrt(max(a * a - 2 * phi * a * b + b * b, 0.0))

    low = difference - reach(second.rate - second.low, first.high - first.rate)
    high = difference + reach(second.high - second.rate, first.rate - first.low)
    return Interval(difference, max(low, -1.0), min(high, 1.0))


def _correlation(both: int, only_first: int, only_second: int, neither: int) -> float:
    """The pairs' phi, with Newcombe's correction for continuity where it is positive."""
    margins = (both + only_first) * (only_second + neither) * (both + only_second) * (only_first + neither)
    if margins == 0:
        return 0.0
    covariance = both * neither - only_first * only_second
    n = both + only_first + only_second + neither
    return (max(covariance - n / 2, 0.0) if covariance > 0 else covariance) / math.sqrt(margins)


def _choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
