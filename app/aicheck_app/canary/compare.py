"""Comparing two series of canary answers in pairs: the same task, the same words, asked of both.

McNemar's exact test (Q. McNemar, Psychometrika 12, 1947) on the pairs that differ: tasks are of
unlike difficulty, so that two shares side by side would hide in noise what pairs show.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app.clock import parse
from aicheck_app.errors import AicheckError
from aicheck_app.log import queries
from aicheck_app.monitor.statistics import Interval, mcnemar, paired_difference, wilson

if TYPE_CHECKING:
    from aicheck_app.log.records import Canary
    from aicheck_app.log.store import Log

ALPHA = 0.05
RUN = "canary-"
"""What the name of a run begins with."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Comparison(NamedTuple):
    """``first`` and ``second`` name the series; ``lost`` and ``gained`` are the tasks that only the first, only the second passed."""

    first: str
    second: str
    pairs: int
    passed: tuple[int, int]
    lost: list[str]
    gained: list[str]
    families: dict[str, tuple[int, int, int]]
    """By family: pairs, passed by the first, by the second."""
    p: float
    difference: Interval

    @property
    def changed(self) -> bool:
        """Whether the difference is more than chance explains, at 5 %."""
        return self.p < ALPHA

    @property
    def worse(self) -> bool:
        """Whether the second series is worse than the first."""
        return self.changed and len(self.lost) > len(self.gained)

    @property
    def rates(self) -> tuple[Interval, Interval]:
        """Both shares of passed answers with their 95 % Wilson intervals."""
        return wilson(self.passed[0], self.pairs), wilson(self.passed[1], self.pairs)


def answers(log: Log, series: str) -> list[Canary]:
    """The answers of a series: a run (the beginning of its name), a model, ``MODEL@RUN`` or ``MODEL@TIME`` (a day, a time, ``A..B``).

    Raises AicheckError if there are none, or if they are of several models.
    """
    model, _, rest = series.rpartition("@") if series.startswith(RUN) or "@" in series else (series, "", "")
    run, times = (rest, "") if rest.startswith(RUN) else ("", rest)
    since, until = _span(times) if times else ("", "")
    found = queries.answers(log, model=model, run=run, since=since, until=until)
    models = sorted({answer.model for answer in found})
    if not found:
        known = "name a run, a model, MODEL@RUN or MODEL@DAY (see 'aicheck canary runs')"
        raise AicheckError(f"no canary answers of '{series}' in the log: {known}")
    if len(models) > 1:
        raise AicheckError(f"'{series}' holds answers of {', '.join(models)}: name one, as in {models[0]}@{series}")
    return found


def compare(log: Log, first: str, second: str) -> Comparison:
    """Pair the answers of two series and test the difference. Raises AicheckError if nothing pairs."""
    pairs = _pairs(answers(log, first), answers(log, second))
    if not pairs:
        raise AicheckError(f"'{first}' and '{second}' have no task in common (a changed task is another one)")
    passed = [(one.verdict == "passed", other.verdict == "passed") for one, other in pairs]
    names = [one.task for one, _ in pairs]
    families: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for (one, _), result in zip(pairs, passed, strict=True):
        families[one.family].append(result)
    table = Counter(passed)
    return Comparison(
        first, second, len(pairs), (sum(a for a, _ in passed), sum(b for _, b in passed)),
        [name for name, result in zip(names, passed, strict=True) if result == (True, False)],
        [name for name, result in zip(names, passed, strict=True) if result == (False, True)],
        {f: (len(r), sum(a for a, _ in r), sum(b for _, b in r)) for f, r in sorted(families.items())},
        mcnemar(table[True, False], table[False, True]),
        paired_difference(table[True, True], table[True, False], table[False, True], table[False, False]),
    )  # fmt: skip


def _pairs(first: list[Canary], second: list[Canary]) -> list[tuple[Canary, Canary]]:
    """The n-th answer to a task in one series with the n-th in the other."""
    by_task: dict[tuple[str, str], tuple[list[Canary], list[Canary]]] = defaultdict(lambda: ([], []))
    for side, found in enumerate((first, second)):
        for answer in sorted(found, key=lambda each: each.time):
            by_task[answer.task, answer.task_digest][side].append(answer)
    return [pair for _, sides in sorted(by_task.items()) for pair in zip(*sides, strict=False)]


def _span(times: str) -> tuple[str, str]:
    """From which time to before which: of a day, from a time on, or between two."""
    start, dots, end = times.partition("..")
    first = parse(start)
    if dots:
        return first, parse(end)
    if not _DAY.fullmatch(start):
        return first, ""
    day = date.fromisoformat(start)
    return start, (day + timedelta(days=1)).isoformat() if day < date.max else ""
