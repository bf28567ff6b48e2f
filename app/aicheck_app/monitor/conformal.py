"""Change detection: conformal Shiryaev-Roberts, one mechanism for every KPI.

Each session is ranked among all of its stratum so far, itself included. If sessions of a stratum are exchangeable, these
ranks are independent and uniform, whatever the distribution (V. Vovk, A. Gammerman, G. Shafer, Algorithmic Learning in a Random
World, 2nd ed., part III). Bets on small ranks are multiplied as Shiryaev and Roberts do; with nothing changed, the mean time to
a false alarm is then at least the threshold (V. Vovk and others, COPA 2021, arXiv 2102.10439; J. Shin, A. Ramdas, A. Rinaldo,
E-detectors, New England Journal of Statistics in Data Science 2024). docs/statistics.md explains it in plain words.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from aicheck_app.monitor.ranks import Amounts, YesNo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicheck_app.monitor.kpi import Worse

ODDS = (1.5, 2.0, 3.0, 5.0)
"""Bets for yes and no: how much the odds may have grown."""
POWERS = (0.8, 0.6, 0.4)
"""Bets for amounts: densities k * p ** (k - 1)."""
LEAST_KNOWN = 5
"""A stratum with fewer sessions bets nothing."""
BLOCK = 100
"""Sessions whose sum is compared with what chance would give (phases of work, docs/statistics.md)."""
KEPT = 1_000
"""The newest sessions, among which the onset is looked for, and from which a series starts anew."""
_LIKELY = 4
"""Starts that are so much less likely (log) are still told: the true day is among them in 98, 95 and 75 of 100 changes by five, three
and two times (`python -m benchmarks.claims`)."""
_LARGEST = 1e300
_LEAST_VARIANCE = 0.5


class Seen(NamedTuple):
    """A session that a series has taken in: its day, stratum and value, with its rank and the stratum's share of yes before it."""

    day: str
    stratum: str
    value: float
    rank: float
    share: float


class Alarm(NamedTuple):
    """A change that was found, and when it may have begun: the most likely day, and the first and last one that are likely."""

    day: str
    onset: str
    earliest: str
    latest: str
    evidence: float
    """In multiples of the threshold."""
    tempered: float
    """What is left of it, in multiples of the threshold, where sessions hang together as much as they did so far."""
    inflation: float
    """The variance of blocks of sessions, in multiples of what chance gives, with the error of so few blocks added; at least 1."""
    blocks: int
    """How many blocks that was measured on."""

    @property
    def measured(self) -> float:
        """The variance of blocks as it was measured, in multiples of what chance gives; 1 where it was no more."""
        return self.inflation / (1 + math.sqrt(2 / self.blocks)) if self.blocks and self.inflation > 1 else 1.0

    @property
    def in_phases(self) -> bool:
        """Whether sessions hang together more than chance would do in so many blocks."""
        return self.blocks > 0 and self.measured > 1 + 2 * math.sqrt(2 / self.blocks)


@dataclass
class Bets:
    """The bets of one side: their Shiryaev-Roberts sums, plain and tempered, what each has gained and since which day."""

    plain: list[float]
    tempered: list[float]
    gain: list[float]
    since: list[str]

    @classmethod
    def none(cls, number: int) -> Bets:
        """No bet so far."""
        return cls([0.0] * number, [0.0] * number, [0.0] * number, [""] * number)

    def take(self, day: str, factors: Sequence[float], power: float) -> None:
        """Take in what each bet wins or loses on a day; ``power`` tempers it."""
        plain, tempered, gain, log = self.plain, self.tempered, self.gain, math.log
        for at, factor in enumerate(factors):
            plain[at] = (1 + plain[at]) * factor
            tempered[at] = (1 + tempered[at]) * (factor if power == 1 else factor**power)
            if gain[at] == 0:
                self.since[at] = day
            gained = gain[at] + log(factor)
            gain[at] = gained if gained > 0 else 0.0
        if max(plain) > _LARGEST:
            self.plain = [min(one, _LARGEST) for one in plain]
            self.tempered = [min(one, _LARGEST) for one in tempered]

    @property
    def begun(self) -> str:
        """The day since which the best bet has been gaining."""
        return self.since[max(range(len(self.gain)), key=self.gain.__getitem__)]

    @property
    def evidence(self) -> float:
        """The mean of the plain sums."""
        return sum(self.plain) / len(self.plain)

    @property
    def left(self) -> float:
        """The mean of the tempered sums."""
        return sum(self.tempered) / len(self.tempered)


@dataclass
class Detector:
    """One series: a KPI under one policy of strata. ``hit`` says that its values are yes (1) or no (0)."""

    hit: bool
    worse: Worse
    tempers: bool = False
    """Whether the tempered evidence decides."""
    strata: dict[str, YesNo | Amounts] = field(default_factory=dict)
    units: int = 0
    block: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])
    """Of the block that is being filled: sessions, the sum of what differs from chance, its variance by chance."""
    blocks: list[float] = field(default_factory=lambda: [0.0, 0.0, -1.0])
    """How many blocks there were, the sum of their squared sums over the variance by chance, and that of the newest one, which
    does not count yet; negative where there is none."""
    alarms: list[Alarm] = field(default_factory=list)
    better_since: str = ""
    """The day since which sessions after the last alarm have moved the other way, where that is sure enough."""

    def __post_init__(self) -> None:
        """Begin with no bets."""
        self.recent: deque[Seen] = deque(maxlen=KEPT)
        self._begin()

    def _begin(self) -> None:
        sides = 2 if self.worse == "either" and not self.hit else 1
        self.bets = Bets.none(len(ODDS) if self.hit else len(POWERS) * sides)
        self.mirror = Bets.none(len(ODDS) if self.hit else len(POWERS) * sides)

    @property
    def evidence(self) -> float:
        """What decides: the plain evidence, or the tempered one."""
        return self.bets.left if self.tempers else self.bets.evidence

    @property
    def mirrored(self) -> float:
        """The evidence, since the last alarm, of a change to the other side."""
        return self.mirror.left if self.tempers else self.mirror.evidence

    @property
    def inflation(self) -> float:
        """The variance of blocks over that of chance, with the error of so few blocks added; at least 1."""
        number, total, _ = self.blocks
        return max(total / number * (1 + math.sqrt(2 / number)), 1.0) if number else 1.0

    def update(self, day: str, stratum: str, value: float, chance: float, threshold: float) -> Alarm | None:
        """Take in a session; ``chance`` is a number from 0 to 1 that nobody chose, which decides between equals."""
        rank, share, known, expected = self._placed(stratum, value, chance)
        self.units += 1
        if known < LEAST_KNOWN or not self.strata[stratum].varied:
            return None  # among equals only chance would decide
        seen = Seen(day, stratum, value, rank, share)
        self.recent.append(seen)
        self._measure(seen, expected)
        power = 1 / self.inflation
        self.bets.take(day, self._factors(seen), power)
        if self.alarms:
            self.mirror.take(day, self._factors(seen, mirrored=True), power)
        if self.evidence < threshold:
            return None
        return self._alarm(day, threshold)

    def watch(self, threshold: float) -> bool:
        """Whether the evidence has reached the level of a watch."""
        return self.evidence >= threshold

    def _placed(self, stratum: str, value: float, chance: float) -> tuple[float, float, int, float]:
        """The session's rank in its stratum; before it the share of yes for bets, the number of sessions, the plain share."""
        ranks = self.strata.get(stratum)
        if ranks is None:
            ranks = self.strata[stratum] = YesNo() if self.hit else Amounts()
        known, share, expected = ranks.number, ranks.share, ranks.expected
        rank = ranks.place(value, chance)
        return 1 - rank if self.worse == "lower" and not self.hit else rank, share, known, expected

    def _factors(self, seen: Seen, *, mirrored: bool = False) -> list[float]:
        """What each bet wins or loses by a session; ``mirrored``, those on a change to the other side."""
        if self.hit:
            return [_odds(seen.rank, seen.share, 1 / odds if mirrored else odds) for odds in ODDS]
        side, other = (1 - seen.rank, seen.rank) if mirrored else (seen.rank, 1 - seen.rank)
        return [_power(rank, k) for rank in ((side, other) if self.worse == "either" else (side,)) for k in POWERS]

    def _measure(self, seen: Seen, expected: float) -> None:
        """Compare blocks of sessions with what chance would give; those in which hardly anything is expected say nothing."""
        off, variance = (seen.value - expected, expected * (1 - expected)) if self.hit else (seen.rank - 0.5, 1 / 12)
        block = self.block
        block[0] += 1
        block[1] += off
        block[2] += variance
        if block[0] >= BLOCK:
            if block[2] >= _LEAST_VARIANCE:
                self._blocked(block[1] ** 2 / block[2])
            self.block = [0.0, 0.0, 0.0]

    def _blocked(self, ratio: float) -> None:
        """A block is over: the one before it counts from now on. A change that begins must not temper itself at once."""
        if self.blocks[2] >= 0:
            self.blocks[0] += 1
            self.blocks[1] += self.blocks[2]
        self.blocks[2] = ratio

    def recovers(self, threshold: float) -> bool:
        """Whether the sessions since the last alarm show a change to the other side, told once."""
        if not self.alarms or self.better_since or self.mirrored < threshold:
            return False
        self.better_since = self.mirror.begun
        return True

    def _alarm(self, day: str, threshold: float) -> Alarm:
        begins = self._onsets()
        first = max(begins, key=lambda at: begins[at])
        likely = [at for at, gain in begins.items() if gain >= begins[first] - _LIKELY]
        seen = list(self.recent)
        alarm = Alarm(
            day, seen[first].day, seen[min(likely)].day, seen[max(likely)].day, self.bets.evidence / threshold,
            self.bets.left / threshold, self.inflation, int(self.blocks[0]),
        )  # fmt: skip
        self.alarms.append(alarm)
        self._restart()
        return alarm

    def _onsets(self) -> dict[int, float]:
        """For each session at which the change may have begun, the log of what the best bet has won since then."""
        best = max(range(len(self.bets.gain)), key=lambda at: self.bets.gain[at])
        total, found = 0.0, {}
        for at in range(len(self.recent) - 1, -1, -1):
            total += math.log(self._factors(self.recent[at])[best])
            found[at] = total
        return found

    def _restart(self) -> None:
        """The sessions from now on are the normal state: those that raised the alarm are worse than it by choice."""
        self.strata = {}
        self.recent.clear()
        self.better_since = ""
        self._begin()

    def state(self) -> dict[str, Any]:
        """What there is to keep, as JSON holds it."""
        return {
            "strata": {name: ranks.state() for name, ranks in self.strata.items()}, "units": self.units, "block": self.block,
            "blocks": self.blocks, "alarms": [list(alarm) for alarm in self.alarms], "better": self.better_since,
            "recent": [[one.day, one.stratum, one.value, round(one.rank, 9), round(one.share, 9)] for one in self.recent],
            "bets": list(vars(self.bets).values()), "mirror": list(vars(self.mirror).values()),
        }  # fmt: skip

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from what was kept."""
        kind = YesNo if self.hit else Amounts
        self.strata = {name: kind.of(kept) for name, kept in state["strata"].items()}
        self.units, self.block, self.blocks = state["units"], state["block"], state["blocks"]
        self.alarms = [Alarm(*alarm) for alarm in state["alarms"]]
        self.better_since = state["better"]
        self.recent = deque((Seen(*one) for one in state["recent"]), maxlen=KEPT)
        self.bets, self.mirror = Bets(*state["bets"]), Bets(*state["mirror"])


def _odds(rank: float, share: float, odds: float) -> float:
    """The factor of a bet that the odds of a share of yes have changed by ``odds``."""
    grown = odds * share / (1 - share + odds * share)
    return grown / share if rank < share else (1 - grown) / (1 - share)


def _power(rank: float, k: float) -> float:
    return float(k * max(rank, 1e-12) ** (k - 1))
