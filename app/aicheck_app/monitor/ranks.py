"""Where a session stands among those of its stratum: smoothed ranks, by counts that take little room.

``place`` gives the rank (greater + chance * equal, itself included) / number, and takes the session in.
"""

from __future__ import annotations

import math
from typing import Any, Self

_STEP = math.log(1.02)
"""Amounts are sorted into bins 2 % wide, which do not depend on the data: ties keep ranks valid."""
_SMALLEST = 1e-4
_BINS = 1_600
"""Up to some 5e9, beyond which all is one."""
_SQUARE = 16
"""Bins whose sum is kept."""


class YesNo:
    """Sessions that have something or have not."""

    def __init__(self) -> None:
        self.number = 0
        self.yes = 0

    @property
    def share(self) -> float:
        """The share of yes so far, with half a session added to each side."""
        return (self.yes + 0.5) / (self.number + 1)

    @property
    def varied(self) -> bool:
        """Whether there is yes as well as no."""
        return 0 < self.yes < self.number

    @property
    def expected(self) -> float:
        """The share of yes so far."""
        return self.yes / self.number if self.number else 0.0

    def place(self, value: float, chance: float) -> float:
        """The rank of a session among all so far, itself included; yes is worse."""
        self.number += 1
        self.yes += value > 0
        return (
            chance * self.yes / self.number
            if value > 0
            else (self.yes + chance * (self.number - self.yes)) / self.number
        )

    def state(self) -> list[int]:
        """What there is to keep."""
        return [self.number, self.yes]

    @classmethod
    def of(cls, state: list[int]) -> Self:
        """From what was kept."""
        found = cls()
        found.number, found.yes = state
        return found


class Amounts:
    """Sessions with an amount each, as a histogram with logarithmic bins."""

    share = 0.5
    """Half of the sessions are above the median."""
    expected = 0.5

    def __init__(self) -> None:
        self.number = 0
        self._bins: dict[int, int] = {}
        self._squares = [0] * (_BINS // _SQUARE)

    def place(self, value: float, chance: float) -> float:
        """The rank of a session among all so far, itself included; more is worse."""
        at, bins = bin_of(value), self._bins
        self._add(at, 1)
        square = at // _SQUARE
        greater = sum(self._squares[square + 1 :])
        for above in range(at + 1, (square + 1) * _SQUARE):
            if above in bins:
                greater += bins[above]
        return (greater + chance * bins[at]) / self.number

    def _add(self, at: int, number: int) -> None:
        self._bins[at] = self._bins.get(at, 0) + number
        self._squares[at // _SQUARE] += number
        self.number += number

    @property
    def varied(self) -> bool:
        """Whether there is more than one amount."""
        return len(self._bins) > 1

    def spread(self) -> float | None:
        """Half of the distance between the 16 % and the 84 % points of the logarithms: that of a normal one's deviation.

        Where too many have nothing at all it is that between the middle and the 84 % point; None where most have nothing.
        """
        low, middle, high = self._point(0.16), self._point(0.5), self._point(0.84)
        if not middle:
            return None
        return max(high - low, 1) * _STEP / 2 if low else max(high - middle, 1) * _STEP

    def _point(self, share: float) -> int:
        total = 0
        for at in sorted(self._bins):
            total += self._bins[at]
            if total >= share * self.number:
                return at
        return 0

    def state(self) -> dict[str, int]:
        """What there is to keep."""
        return {str(at): number for at, number in self._bins.items()}

    @classmethod
    def of(cls, state: dict[str, Any]) -> Self:
        """From what was kept."""
        found = cls()
        for at, number in state.items():
            found._add(int(at), number)
        return found


def bin_of(value: float) -> int:
    """The bin of an amount; nothing at all has one of its own."""
    if value < _SMALLEST:
        return 0
    return min(1 + int(math.log(value / _SMALLEST) / _STEP), _BINS - 1)
