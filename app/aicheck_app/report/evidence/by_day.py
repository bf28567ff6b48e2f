"""The counts of whole days from the facts, where nothing finer is asked for: a long log is not read through."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app.log.queries import Sitting, Tally
from aicheck_app.monitor import sums
from aicheck_app.report.evidence.change import days_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aicheck_app.log.queries import Selection
    from aicheck_app.log.store import Log

_EVER = "9999-12-31"
"""The last day of all: what a clock that runs ahead has logged is counted as it is listed."""
_BY = ("day", "model", "agent", "version", "language")


class ByDay(NamedTuple):
    """The counts of a selection: all that is not suspect as tallies, and what there is beside them."""

    unsuspected: list[Tally]
    suspected: list[Tally]
    sittings: list[Sitting]
    hits: list[Sitting]
    """Those with a suspect output."""
    sessions: int
    controls: tuple[int, int]
    """Sessions on the days of suspect ones: all that were checked, and those without a suspect output."""
    guessed: Counter[str]


def pruned(suspected: Sequence[Tally], known: Sequence[Tally]) -> list[Tally]:
    """The suspect outputs that were counted and are not among those that are known: their records were pruned."""
    there: Counter[tuple[str, ...]] = Counter()
    for tally in known:
        if tally.verdict == "suspect":
            there[tally[:5]] += tally.outputs
    left = ((tally, tally.outputs - there[tally[:5]]) for tally in suspected)
    return [tally._replace(outputs=number) for tally, number in left if number > 0]


def by_day(log: Log, which: Selection) -> ByDay | None:
    """The counts of a selection; None where it asks for less than days, or for one session or output."""
    whole = all(time[11:] in ("", "00:00:00.000Z") for time in (which.since, which.until))
    if which.session or which.output or not whole:
        return None
    chosen = days_of(which, _EVER)
    with sums.opened(log.facts) as db:
        rows = sums.sums(db, _BY, chosen, sums.OUTPUTS)
        sat = sums.sums(db, ("day", "agent", "session", "model", "version"), chosen, ("outputs", "checked", "suspect"))
        guessed = sums.sums(db, (), chosen._replace(guessed=True), sums.OUTPUTS)
    tallies = [tally for row in rows for tally in _tallies(row)]
    judged = {_sitting(row): 0 for row in sat if row.counts["checked"]}
    judged.update({_sitting(row): 1 for row in sat if row.counts["suspect"]})
    return ByDay(
        [tally for tally in tallies if tally.verdict != "suspect"],
        [tally for tally in tallies if tally.verdict == "suspect"],
        list(judged),
        [sitting for sitting, hit in judged.items() if hit],
        len({row.values[:3] for row in sat}),
        _controls(sat),
        guessed[0].counts,
    )


def _tallies(row: sums.Sum) -> Iterator[Tally]:
    """What was counted under one day, model and so on, by verdict; named as records without these are."""
    day, model, agent, version, language = row.values
    counts = row.counts
    numbers = (counts["checked"] - counts["suspect"], counts["unchecked"], counts["suspect"])
    for verdict, number in zip(("clean", "unchecked", "suspect"), numbers, strict=True):
        if number:
            named = (day, model or "unknown", agent or "?", version or "?", language or "unknown")
            yield Tally(*named, verdict, number, row.first, row.last)


def _sitting(row: sums.Sum) -> Sitting:
    _, _, session, model, version = row.values
    return Sitting(session, model or "unknown", version or "?")


def _controls(sat: Sequence[sums.Sum]) -> tuple[int, int]:
    days = {row.values[0] for row in sat if row.counts["suspect"]}
    bad = {row.values[:3] for row in sat if row.counts["suspect"]}
    same = {row.values[:3] for row in sat if row.values[0] in days and row.counts["checked"]}
    return len(same), len(same - bad)
