"""The outputs, a page at a time: by time, project, agent, model and what was found."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aicheck_app.clock import parse
from aicheck_app.log.listing import Wanted, choices, newer, older
from aicheck_app.log.marks import JUDGEMENTS, judgements
from aicheck_app.log.store import Log
from aicheck_app.observe import file_of
from aicheck_app.serve.page import asked, page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from aicheck_app.log.queries import Stored
    from aicheck_app.log.records import Output

ROWS = 50
VERDICTS = ("suspect", "clean", "unchecked")
FILTERS = ("verdict", "judged", "agent", "model", "project", "path", "since", "until")


def show(request: Request) -> Response:
    """The list, as the form above it asks for it."""
    said, place = asked(request, *FILTERS), asked(request, "older", "newer")
    with Log(read_only=True) as log:
        wanted = _wanted(log, said)
        found, is_first, is_last = _found(log, wanted, place["older"], place["newer"])
        marks = judgements(log, [one.record.id for one in found])
        known, here = choices(log), request.app.state.folder
        mine = log.keyed(here) if here else ""
    return page(
        request, "outputs.html.j2", found=[one.record for one in found], marks=marks, said=said, known=known, mine=mine,
        folder=os.path.basename(here), is_first=is_first, is_last=is_last, verdicts=VERDICTS, judged=JUDGEMENTS,
    )  # fmt: skip


def _wanted(log: Log, said: dict[str, str]) -> Wanted:
    """The filters as the log knows them. Raises AicheckError for a day that is none."""
    project, path = said["project"], said["path"].replace("\\", "/").removeprefix("./").strip("/")
    if os.path.isabs(os.path.expanduser(project)):
        project = log.keyed(os.path.normpath(os.path.expanduser(project)))
    among = [one for one, mark in judgements(log).items() if mark == said["judged"]] if said["judged"] else None
    since, until = (parse(said[name]) if said[name] else "" for name in ("since", "until"))
    file = file_of(said["path"], log) if path else ""
    return Wanted(said["verdict"], said["agent"], said["model"], project, since, until, path, file, among)


def _found(log: Log, wanted: Wanted, than: str, before: str) -> tuple[list[Stored[Output]], bool, bool]:
    """A page of outputs, whether it is the first and whether it is the last."""
    if before:
        found = newer(log, ROWS + 1, wanted, before)
        if len(found) > ROWS:
            return found[-ROWS:], False, False
        than = ""  # the first page, whole
    found = older(log, ROWS + 1, wanted, than)
    return found[:ROWS], not than, len(found) <= ROWS
