"""What sessions counted, as records: each count once, however often and under however many ids a session is met.

A file is read again when it has grown, there may be copies of it, and a session that was branched off begins with a copy of
the one it comes from. The counts of one session are compared with what is known of it as they are logged, one after the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aicheck_app.capture.session import COUNTERS, Counts
from aicheck_app.log import fields, records
from aicheck_app.log.chain import canonical, identity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aicheck_app.log.records import Body
    from aicheck_app.log.store import Log
    from aicheck_app.origin import Origin

OF_FILES = ("records", "skipped")
"""Counters of a file's lines; all others are of a session."""
MAX_TURNS = 10_000
"""Turns that are remembered of a session and its branches; the newest ones."""


class Counted(NamedTuple):
    """What a session came to: its counts in all, and at the end of each turn those that had changed.

    ``key`` names the session in the log's states, ``lineage`` it and all its branches; ``before`` is what an older aicheck,
    which counted by file, knows of it.
    """

    origin: Origin
    key: str
    lineage: str
    project: str
    side_chain: bool
    settings: str
    counts: Counts
    turns: Sequence[tuple[str, Counts]]
    before: Counts


def new_counts(found: Counted, log: Log, waiting: Mapping[str, Body]) -> tuple[Counts, dict[str, Body]]:
    """What a session counted that is not logged yet, and the states to keep; ``waiting`` are those that are about to be."""
    state = waiting.get(found.key) or log.captured(found.key)
    seen = (waiting.get(found.lineage) or log.captured(found.lineage) or {}).get("turns", [])
    counted = state["counts"] if state else found.before or _of_copy(found.turns, frozenset(seen))
    turns = list(dict.fromkeys([*seen, *(turn for turn, _ in found.turns)]))[-MAX_TURNS:]
    kept: dict[str, Body] = {found.key: {"counts": _most(found.counts, counted)}}
    kept[found.lineage] = {"turns": turns}
    return more(found.counts, counted), kept


def session_record(found: Counted, new: Counts) -> records.Session | None:
    """The record of what is new of a session; None where nothing tells which session it is."""
    origin = found.origin
    if not origin.session:
        return None
    return records.Session(
        id=identity("session", found.key, canonical({**found.counts})), session=origin.session, agent=origin.agent,
        agent_version=origin.agent_version, model=origin.model, time=origin.time, project=found.project, side_chain=found.side_chain, settings=found.settings,
        tokens=new["tokens"].get("output", 0),
        **{name: new[name] for name in (*COUNTERS[2:], "context", "segments", "rules_kept", "rules_broken")},
    )  # fmt: skip


def more(found: Counts, counted: Counts) -> Counts:
    """What counts came to since."""
    return {
        name: {
            each: more for each, number in counts.items() if (more := number - counted.get(name, {}).get(each, 0)) > 0
        }
        for name, counts in found.items()
    }


def _of_copy(turns: Sequence[tuple[str, Counts]], seen: frozenset[str]) -> Counts:
    """What was counted in the turns at a session's beginning that another one has had."""
    counted: Counts = {}
    for turn, changed in turns:
        if turn not in seen:
            break
        for name, counts in changed.items():
            counted.setdefault(name, {}).update(counts)
    return dict(fields.state(counted))


def _most(found: Counts, counted: Counts) -> Counts:
    """The greater of each count: a copy of a session's file may end earlier."""
    return {
        name: {each: max(number, counted.get(name, {}).get(each, 0)) for each, number in counts.items()}
        for name, counts in found.items()
    }
