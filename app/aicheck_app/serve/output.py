"""One output: what was found in it, what is known of it, what was written into the same file before and after, and its judgement."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from starlette.exceptions import HTTPException

from aicheck_app.log import queries
from aicheck_app.log.listing import versions
from aicheck_app.log.marks import JUDGEMENTS, UNFOUND, judgements
from aicheck_app.log.store import Log
from aicheck_app.report.records import members
from aicheck_app.serve.difference import Line, difference
from aicheck_app.serve.page import MAX_VALUE, page
from aicheck_checks.registry import BY_CODE

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from aicheck_app.log.queries import Stored
    from aicheck_app.log.records import Output

VERSIONS = 5
"""Outputs into the same file that are named, before it and after it."""
LINES = 2_000
"""Of a text that are shown."""


class Texts(NamedTuple):
    """What the log keeps of the texts: lines of the one before, of this one and of the one after; empty where it keeps none."""

    before: list[str]
    this: list[str]
    after: list[str]
    changed: list[Line]
    """From the version before to this one, where both are whole files."""


def show(request: Request) -> Response:
    """The page of the output in the address."""
    identifier = request.path_params["identifier"]
    with Log(read_only=True) as log:
        body = queries.find(log, identifier) if len(identifier) <= MAX_VALUE else None
        if body is None or body["kind"] != "output":
            raise HTTPException(404, "The log has no output with this id.")
        stored = queries.whole(log, body)
        one = stored.record
        before, after = versions(log, one, VERSIONS)
        marks = list(queries.marks(log, [one.id]))
        said = judgements(log, [one.id]).get(one.id, "")
    unfound = UNFOUND.get(said, "") if one.verdict != "suspect" else ""
    return page(
        request, "output.html.j2", one=one, known=members(stored.body), marks=marks, said=said, unfound=unfound, before=before,
        after=after, texts=_texts(one, before, after), rules=BY_CODE, judgements=JUDGEMENTS, secret=request.app.state.access.form,
    )  # fmt: skip


def _texts(one: Output, before: list[Stored[Output]], after: list[Stored[Output]]) -> Texts:
    first = next((each.record for each in before if each.record.text), None)
    last = next((each.record for each in reversed(after) if each.record.text), None)
    old, new, next_ = (_lines(each.text) if each is not None else [] for each in (first, one, last))
    whole = first is not None and all(each.unit == "file" and not each.file_sha256 for each in (first, one))
    return Texts(old, new, next_, difference(old, new) if whole and new else [])


def _lines(text: str) -> list[str]:
    lines = text.splitlines()
    return [*lines[:LINES], f"... {len(lines) - LINES:,} more lines"] if len(lines) > LINES else lines
