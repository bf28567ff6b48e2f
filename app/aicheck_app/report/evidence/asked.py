"""What a person asks a report to be of, as they say it: days, a rule or an output's id, the beginning of a session's."""

from __future__ import annotations

import re

from aicheck_app.clock import parse
from aicheck_app.errors import AicheckError
from aicheck_app.log import queries
from aicheck_app.log.found import found
from aicheck_app.log.store import Log
from aicheck_app.report.evidence.collect import Filters
from aicheck_app.report.templates.facts import AGENTS
from aicheck_checks.registry import BY_CODE

_ID = re.compile(r"[0-9a-f]{5,64}")
_NAMED = 5
"""Sessions that are named where several are meant."""


def filters(
    *, since: str = "", until: str = "", model: str = "", agent: str = "", finding: str = "", session: str = "",
    vendor: str = "", source: str | None = None,
) -> Filters:  # fmt: skip
    """What is to count; a ``vendor``'s form is by itself of that vendor's agent. Raises AicheckError for what can't be meant."""
    chosen = Filters(_day(since), _day(until), model, agent or AGENTS.get(vendor, ""), session=session)
    if chosen.until and chosen.since >= chosen.until:
        raise AicheckError("the first day has to be before the day that ends the report (--since, --until)")
    if source is not None and _names_output(finding):
        raise AicheckError(
            "with --from, --finding takes a rule or family: outputs are looked up in the log of who wrote them"
        )
    return _with_session(_with_finding(chosen, finding), source)


def _day(time: str) -> str:
    """The beginning of the day (UTC) of a time."""
    return f"{parse(time)[:10]}T00:00:00.000Z" if time else ""


def _with_finding(chosen: Filters, said: str) -> Filters:
    """Only a rule or family of rules, or one output by the beginning of its id."""
    if not _names_output(said):
        return chosen._replace(finding=said.upper())
    with Log(read_only=True) as log:
        return chosen._replace(output=found(log, said)["id"])


def _with_session(chosen: Filters, source: str | None) -> Filters:
    """The whole id of a session that is named by its beginning, where it is one of this log."""
    if not chosen.session or source is not None:
        return chosen
    with Log(read_only=True) as log:
        known = queries.sessions_beginning(log, chosen.session, _NAMED + 1)
    if len(known) > 1:
        some = ", ".join(known[:_NAMED]) + (", ..." if len(known) > _NAMED else "")
        raise AicheckError(f"more than one session's id starts with '{chosen.session}': {some}")
    return chosen._replace(session=known[0]) if known else chosen


def _names_output(said: str) -> bool:
    return bool(_ID.fullmatch(said)) and not any(code.startswith(said.upper()) for code in BY_CODE)
