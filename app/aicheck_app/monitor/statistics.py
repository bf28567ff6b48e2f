"""The few statistics that evidence needs, with the standard library alone."""

from __future__ import annotations

import math
from functools import lru_cache
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


LIKENESS = 0.1
"""How alike (correlation) things of one session are taken to be where sessions do not show it (docs/statistics.md)."""
FEW = 10
"""Things of a kind, below which sessions are not trusted to show that they are less alike than that."""


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

        The variance is that of a ratio of means by linearisation (W. Cochran, Sampling Techniques, 3rd ed., 6.4). A share has Wilson's
        interval for as many trials as that is worth, no more than there were, with Student's t for few sessions (E. Korn, B. Graubard,
        Analysis of Health Surveys, 1999, 3.2 and 5.4); a ratio has Byar's for as many events (N. Breslow, N. Day, Statistical Methods in
        Cancer Research II, 1987, 2.3), and in one session alone the whole range.
        """
        rate = self.above / self.below
        if share:
            worth = self.below / self.alike
            return wilson(min(rate, 1.0) * worth, worth)
        if self.number < 2:
            return Interval(rate, 0.0, math.inf)
        low, high = _byar(self._events, t_point(self.number - 1))
        scale = self.above / self._events if self._events else self._assumed
        return Interval(rate, low * scale / self.below, high * scale / self.below)

    @property
    def alike(self) -> float:
        """How many of the things below a share are worth one, since those of a session are alike; at least 1."""
        rate = self.above / self.below
        plain = rate * (1 - rate)
        if self._variance <= 0 or plain <= 0:
            return self._assumed
        shown = max(self.below * self._variance / plain, 1.0) * (t_point(self.number - 1) / Z) ** 2
        return max(shown, self._assumed) if min(self.above, self.below - self.above) < FEW else shown

    @property
    def _variance(self) -> float:
        """Of the rate, by what the sessions show; 0 if they show nothing."""
        return self.number / (self.number - 1) * self.spread / self.below**2 if self.number > 1 else 0.0

    @property
    def _assumed(self) -> float:
        """How many things of a session are worth one, where nothing shows how alike they are."""
        return 1 + LIKENESS * max(self.below / self.number - 1, 0)

    @property
    def _events(self) -> float:
        """How many independent events what is counted above is worth."""
        rate, assumed = self.above / self.below, self.above / self._assumed
        if self._variance <= 0 or rate <= 0:
            return assumed
        shown = min(rate * rate / self._variance, self.above)
        return min(shown, assumed) if self.above < FEW else shown


def _byar(events: float, t: float) -> tuple[float, float]:
    """The bounds of what is to be expected where so many independent events came."""
    low = max(1 - 1 / (9 * events) - t / (3 * math.sqrt(events)), 0.0) ** 3 * events if events else 0.0
    return low, (1 - 1 / (9 * (events + 1)) + t / (3 * math.sqrt(events + 1))) ** 3 * (events + 1)


@lru_cache(maxsize=1024)
def t_point(freedom: int) -> float:
    """The 97.5 % point of Student's t (G. Hill, Algorithm 396, CACM 13, 1970; exact for one and two degrees of freedom)."""
    n = freedom
    if n < 3:
        return 12.706204736174698 if n < 2 else 4.302652729749462
    a = 1 / (n - 0.5)
    b = 48 / a**2
    c = ((20700 * a / b - 98) * a - 16) * a + 96.36
    d = ((94.5 / (b + c) - 3) / b + 1) * math.sqrt(a * math.pi / 2) * n
    y = (d * 0.05) ** (2 / n)
    if y > 0.05 + a:
        x, y = -Z, Z * Z
        c += 0.3 * (n - 4.5) * (x + 0.6) if n < 5 else 0
        c += (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b
        y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x
        y = math.expm1(a * y * y)
    else:
        y = ((1 / (((n + 6) / (n * y) - 0.089 * d - 0.822) * (n + 2) * 3) + 0.5 / (n + 4)) * y - 1) * (n + 1) / (
            n + 2
        ) + 1 / y
    return math.sqrt(n * y)


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
