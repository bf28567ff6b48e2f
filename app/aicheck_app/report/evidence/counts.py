"""Outputs counted by verdict, in all and by model, client, language and day."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from aicheck_app.log.fields import name
from aicheck_app.log.queries import Tally
from aicheck_app.monitor.statistics import Interval, wilson

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from aicheck_app.log.records import Output

T = TypeVar("T", str, tuple[str, str])
"""What names a group."""


class Counts(NamedTuple):
    """Outputs by verdict, and the share of suspect ones among the checked."""

    clean: int = 0
    suspect: int = 0
    unchecked: int = 0
    alike: float = 1.0
    """How many checked outputs are worth one, since those of a session are alike."""

    @property
    def checked(self) -> int:
        """Outputs that were judged."""
        return self.clean + self.suspect

    @property
    def total(self) -> int:
        """All outputs."""
        return self.checked + self.unchecked

    @property
    def rate(self) -> Interval:
        """Suspect among checked, with Wilson's 95 % interval for as many outputs as they are worth."""
        return wilson(self.suspect / self.alike, self.checked / self.alike)


def totalled(tallies: Iterable[Tally], alike: float = 1.0) -> Counts:
    """All outputs of some tallies, so many of which are worth one."""
    by: Counter[str] = Counter()
    for tally in tallies:
        by[tally.verdict] += tally.outputs
    return Counts(by["clean"], by["suspect"], by["unchecked"], alike)


def together(counts: Iterable[Counts], alike: float) -> Counts:
    """Several groups as one."""
    known = list(counts)
    return Counts(sum(c.clean for c in known), sum(c.suspect for c in known), sum(c.unchecked for c in known), alike)


def groups(tallies: Sequence[Tally], alike: float) -> dict[str, list[tuple[str, Counts]]]:
    """By dimension: each value with its counts, those with most outputs first; days in their order."""
    by = {
        "model": _by(tallies, lambda tally: tally.model or "unknown", alike),
        "client": _by(tallies, _client, alike),
        "language": _by(tallies, lambda tally: tally.language or "unknown", alike),
    }
    days = _together(tallies, lambda tally: tally.day or "unknown")
    return {**by, "day": sorted((day, totalled(group, alike)) for day, group in days.items())}


def cross(tallies: Sequence[Tally], alike: float) -> list[tuple[str, str, Counts]]:
    """Model and client version together, those with most outputs first."""
    found = _by(tallies, lambda tally: (tally.model or "unknown", _client(tally)), alike)
    return [(model, client, counts) for (model, client), counts in found]


def spans(tallies: Sequence[Tally]) -> list[tuple[str, str, str, Counts]]:
    """Each client version with the times of its first and last output, those with most outputs first."""
    timed = _together([tally for tally in tallies if tally.first and tally.last], _client)
    found = [
        (client, min(t.first for t in group), max(t.last for t in group), totalled(group))
        for client, group in timed.items()
    ]
    return sorted(found, key=lambda row: (-row[3].total, row[0]))


def cleaned_names(tallies: Sequence[Tally]) -> list[Tally]:
    """With names as they are shown: an older log may hold them as they came."""
    return [
        tally._replace(
            model=name(tally.model), agent=name(tally.agent), agent_version=name(tally.agent_version),
            language=name(tally.language),
        )
        for tally in tallies
    ]  # fmt: skip


def tally_of(record: Output, verdict: str) -> Tally:
    """A tally of one record, under the names that it has itself."""
    (tally,) = cleaned_names([
        Tally(
            record.time[:10], record.model or "unknown", record.agent or "?", record.agent_version or "?",
            record.language or "unknown", verdict, 1, record.time, record.time,
        )
    ])  # fmt: skip
    return tally


def _client(tally: Tally) -> str:
    return f"{tally.agent} {tally.agent_version}"


def _by(tallies: Iterable[Tally], of: Callable[[Tally], T], alike: float) -> list[tuple[T, Counts]]:
    """Each group with its counts, those with most outputs first."""
    found = [(value, totalled(group, alike)) for value, group in _together(tallies, of).items()]
    return sorted(found, key=lambda row: (-row[1].total, row[0]))


def _together(tallies: Iterable[Tally], of: Callable[[Tally], T]) -> dict[T, list[Tally]]:
    """The tallies of each group."""
    found: dict[T, list[Tally]] = defaultdict(list)
    for tally in tallies:
        found[of(tally)].append(tally)
    return found
