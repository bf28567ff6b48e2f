"""What people and editors say of a logged output afterwards: a record of its own, never a change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from aicheck_app.clock import now
from aicheck_app.errors import AicheckError
from aicheck_app.log import records
from aicheck_app.log.chain import identity
from aicheck_app.log.queries import find, marks, whole

if TYPE_CHECKING:
    from collections.abc import Collection

    from aicheck_app.log.records import Body, Finding
    from aicheck_app.log.store import Log

Mark = Literal["confirmed", "dismissed", "kept", "edited", "deleted", "fixed"]
"""A person's judgement (the first two), or what became of an output in the editor."""
Place = tuple[str, int, int]
"""A finding's code, line and column, by which a mark names it."""
JUDGEMENTS: tuple[Mark, ...] = ("confirmed", "dismissed")
UNFOUND = {
    "confirmed": "no rule found it: it stays out of the rates, which are by the rules alone, and a report counts it apart",
    "dismissed": "no rule found anything suspect in it, so nothing changes",
}
"""What a judgement means for an output that is not suspect."""


def mark(log: Log, target: str, said: Mark, reason: str = "", finding: Finding | None = None) -> None:
    """Log what is said of the output with this id, or of one of its findings."""
    place = (finding.code, finding.line, finding.column) if finding is not None else ("", 0, 0)
    code, line, column = place
    time = now()
    name = identity("mark", target, said, time, *(map(str, place) if code else ()))
    entry = records.Mark(
        id=name, time=time, target=target, mark=said, reason=reason, code=code, line=line, column=column
    )
    log.append([entry])


def judge(log: Log, record: Body, said: Mark, reason: str = "") -> str:
    """Log a person's judgement of an output, and say so in words. Raises AicheckError for a record of another kind."""
    if record["kind"] != "output":
        raise AicheckError(
            f"{record['id']} is no output but a record of kind '{record['kind']}': there is nothing to judge"
        )
    suspect = whole(log, record).record.verdict == "suspect"
    mark(log, record["id"], said, reason)
    return f"{record['id']} {said}{'' if suspect else f'; {UNFOUND[said]}'}"


def judgements(log: Log, among: Collection[str] | None = None) -> dict[str, str]:
    """The newest judgement of each output that somebody judged, or of those with these ids.

    One whose suspect findings were all dismissed is dismissed.
    """
    said: dict[str, str] = {}
    dismissed: dict[str, set[Place]] = {}
    for each in marks(log, among):
        if each.code and each.mark == "dismissed":
            places = dismissed.setdefault(each.target, set())
            places.add((each.code, each.line, each.column))
            if not _leaves_suspect(log, each.target, places):
                said[each.target] = "dismissed"
        elif each.mark in JUDGEMENTS:
            said[each.target] = each.mark
    return said


def dismissed_findings(log: Log) -> dict[str, set[Place]]:
    """Of each output the findings that somebody dismissed by themselves."""
    found: dict[str, set[Place]] = {}
    for each in marks(log):
        if each.code and each.mark == "dismissed":
            found.setdefault(each.target, set()).add((each.code, each.line, each.column))
    return found


def remaining(output: records.Output, dismissed: set[Place]) -> list[Finding]:
    """An output's findings without those that were dismissed by themselves."""
    return [found for found in output.findings if _place(found) not in dismissed]


def _leaves_suspect(log: Log, identifier: str, dismissed: set[Place]) -> bool:
    """Whether an output is suspect without the findings that were dismissed; one that is not in the log may be."""
    stored = find(log, identifier)
    return stored is None or any(found.suspect for found in remaining(whole(log, stored).record, dismissed))


def _place(found: Finding) -> Place:
    return found.code, found.line, found.column
