"""What was done in each day or month: outputs, sessions, tokens and models."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app.monitor import sums

if TYPE_CHECKING:
    from aicheck_app.monitor.history import History

COUNTERS = (
    "outputs",
    "checked",
    "suspect",
    "messages",
    "tokens",
    "input_tokens",
    "cache_read",
    "cache_written",
    "placeholders",
)


class Period(NamedTuple):
    """A day or month (UTC), with its counts and the models that served, the most used first."""

    name: str
    sessions: int
    counts: Counter[str]
    models: list[str]


def usage(log: History, since: str = "", *, monthly: bool = False) -> list[Period]:
    """The days or months from a day on, the oldest first. Raises AicheckError if the log can't be read."""
    with sums.opened(log.facts) as db:
        found = sums.sums(db, ("day", "session", "model"), sums.Which(since=since), COUNTERS)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    sessions: dict[str, set[str]] = defaultdict(set)
    models: dict[str, Counter[str]] = defaultdict(Counter)
    for (day, session, model), counted, _, _ in found:
        name = day[:7] if monthly else day
        counts[name].update(counted)
        sessions[name].add(session)
        models[name][model] += counted["messages"] + counted["outputs"]
    return [
        Period(
            name, len(sessions[name]), counts[name], [model for model, n in models[name].most_common() if model and n]
        )
        for name in sorted(counts)
        if name
    ]
