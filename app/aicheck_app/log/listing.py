"""The outputs of the log in the order of their own time, a page at a time: from any output on to older or to newer ones.

A page is found by the time and place of the output beside it, never by counting from the beginning, so that the last page of a
long log comes as fast as the first. All raise AicheckError if the log can't be read.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app.log.queries import AMONG, OUTPUT, VERDICT, all_of, whole

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from aicheck_app.log.queries import Stored
    from aicheck_app.log.records import Output
    from aicheck_app.log.store import Log

_DATED, _UNDATED = "time IS NOT NULL", "time IS NULL"
"""Outputs without a time come last."""


class Wanted(NamedTuple):
    """Which outputs are listed; empty means all.

    ``path`` is a path as the log has it, or some whole parts of one that follow each other; ``file`` the keyed hash of a
    place, which will do as well. ``among`` are ids, where only some are asked for.
    """

    verdict: str = ""
    agent: str = ""
    model: str = ""
    project: str = ""
    since: str = ""
    until: str = ""
    path: str = ""
    file: str = ""
    among: Collection[str] | None = None


ALL = Wanted()


class Choices(NamedTuple):
    """The values that outputs have, in the order of the alphabet."""

    agents: list[str]
    models: list[str]
    projects: list[str]


def older(log: Log, limit: int, wanted: Wanted = ALL, than: str = "") -> list[Stored[Output]]:
    """The newest outputs, or those that are next older ``than`` the output with this id: the newest first."""
    return _listed(log, _places(log, limit, wanted, than, forward=False))


def newer(log: Log, limit: int, wanted: Wanted, than: str) -> list[Stored[Output]]:
    """The outputs that are next newer than the one with this id: the newest first."""
    return _listed(log, _places(log, limit, wanted, than, forward=True)[::-1])


def versions(log: Log, output: Output, limit: int) -> tuple[list[Stored[Output]], list[Stored[Output]]]:
    """Outputs into the same file that came before an output and after it, at most so many of each: the newest first."""
    if not output.file:
        return [], []
    same = "file = ?"
    found = (_places(log, limit, ALL, output.id, same, output.file, forward=forward) for forward in (False, True))
    before, after = found
    return _listed(log, before), _listed(log, after[::-1])


def choices(log: Log) -> Choices:
    """What outputs can be chosen by. Each value is found behind the one before it: no index is read whole."""
    pairs = list(_clients(log))
    agents, models = ({pair[at] for pair in pairs if pair[at]} for at in (0, 1))
    return Choices(sorted(agents), sorted(models), list(_projects(log)))


def _clients(log: Log) -> Iterator[tuple[str, str]]:
    next_ = (
        "SELECT agent, model FROM facts INDEXED BY facts_clients WHERE outputs > 0 AND (agent, model) > (?, ?)"
        " ORDER BY agent, model LIMIT 1"
    )
    found = next(log.rows(next_, ("", "")), None)
    while found is not None:
        yield found[0], found[1]
        found = next(log.rows(next_, found), None)


def _projects(log: Log) -> Iterator[str]:
    next_ = (
        "SELECT project FROM records INDEXED BY records_project WHERE kind = 'output' AND project > ?"
        " ORDER BY project LIMIT 1"
    )
    found = next(log.rows(next_, ("",)), None)
    while found is not None:
        yield found[0]
        found = next(log.rows(next_, found), None)


def _places(log: Log, limit: int, wanted: Wanted, than: str, *tests: str, forward: bool) -> list[int]:
    """The places of outputs in the order of their time, or against it, from one on."""
    where, values = _where(wanted)
    if tests:
        where, values = f"{where} AND {tests[0]}", [*values, *tests[1:]]
    beside = next(log.rows("SELECT time, seq FROM records WHERE id = ?", (than,)), None) if than else None
    if than and beside is None:
        return []
    parts = [_UNDATED, _DATED] if forward else [_DATED, _UNDATED]
    if beside is not None:
        parts = parts[parts.index(_UNDATED if beside[0] is None else _DATED) :]
    sign, order = (">", "ASC") if forward else ("<", "DESC")
    found: list[int] = []
    for part in parts:
        asked, given = f"{where} AND {part}", list(values)
        if beside is not None and part == parts[0]:
            asked += (
                f" AND (coalesce(time, ''), seq) {sign} (?, ?)"
                if part == _UNDATED
                else f" AND (time, seq) {sign} (?, ?)"
            )
            given += [beside[0] or "", beside[1]]
        rows = log.rows(
            f"SELECT seq FROM records WHERE {asked} ORDER BY time {order}, seq {order} LIMIT {int(limit) - len(found)}",
            given,
        )
        found += [seq for (seq,) in rows]
    return found


def _where(wanted: Wanted) -> tuple[str, list[object]]:
    outputs = (
        OUTPUT if wanted.among is None else f"+{OUTPUT}"
    )  # then they are found by their ids, not in the order of time
    where, values = all_of(
        outputs, ("agent = ?", wanted.agent), ("model = ?", wanted.model), ("project = ?", wanted.project),
        ("time >= ?", wanted.since), ("time < ?", wanted.until), (f"{VERDICT} = ?", wanted.verdict),
    )  # fmt: skip
    given: list[object] = list(values)
    if wanted.verdict in ("clean", "unchecked"):  # which nothing becomes later: the index says so at once
        where += " AND verdict = ?"
        given.append(wanted.verdict)
    if wanted.path:
        there = "instr('/' || json_extract(body, '$.path') || '/', '/' || ? || '/') > 0"
        where += f" AND ({there} OR file = ?)"
        given += [wanted.path, wanted.file]
    if wanted.among is not None:
        where += f" AND {AMONG}"
        given.append(json.dumps(list(wanted.among)))
    return where, given


def _listed(log: Log, places: list[int]) -> list[Stored[Output]]:
    """The outputs in these places, in their order."""
    there = log.bodies("seq IN (SELECT value FROM json_each(?))", (json.dumps(places),))
    bodies = dict(zip(sorted(places), there, strict=True))
    return [whole(log, bodies[seq]) for seq in places]
