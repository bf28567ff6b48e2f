"""A report before it leaves: what it would hand out, its whole text, and the same bytes to take away."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from starlette.exceptions import HTTPException
from starlette.responses import Response

from aicheck_app import hashing
from aicheck_app.config import of_home
from aicheck_app.errors import AicheckError
from aicheck_app.log.listing import choices
from aicheck_app.log.store import Log
from aicheck_app.report.evidence import FORMATS, previewed, rendered
from aicheck_app.report.evidence import asked as asking
from aicheck_app.report.templates.answers import VENDORS
from aicheck_app.serve.page import asked, page

if TYPE_CHECKING:
    from collections import OrderedDict

    from starlette.requests import Request

KEPT = 4
"""Reports of which the bytes are kept for taking them away, the newest ones."""
SHOWN = 100_000
"""Code points of a report that its page shows."""
_ENDINGS = {"markdown": "md"}
FILTERS = ("since", "until", "agent", "model", "finding", "session", "form", "paths", "made")


class Made(NamedTuple):
    """A report as it was shown."""

    name: str
    data: bytes
    lines: list[str]
    warnings: list[str]

    @property
    def digest(self) -> str:
        """The hash that the page names, by which the bytes are fetched."""
        return hashing.of_bytes(self.data)

    @property
    def text(self) -> str:
        """The beginning, as far as it is shown."""
        return self.data[: 4 * SHOWN].decode("utf-8", "replace")[:SHOWN]


def show(request: Request) -> Response:
    """The form, and below it the report that it asks for."""
    said = asked(request, *FILTERS)
    with Log(read_only=True) as log:
        known = choices(log)
    made, trouble = None, ""
    if said["made"]:
        try:
            made = _made(request, said)
        except AicheckError as error:
            trouble = str(error)
    return page(
        request, "report.html.j2", status=400 if trouble else 200, said=said, known=known, forms=FORMATS, vendors=VENDORS,
        made=made, trouble=trouble, shown=SHOWN,
    )  # fmt: skip


def take(request: Request) -> Response:
    """The bytes of a report that was shown."""
    kept: OrderedDict[str, Made] = request.app.state.reports
    made = kept.get(request.path_params["digest"])
    if made is None:
        raise HTTPException(404, "This report is not kept any more: make it again.")
    said = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return Response(made.data, 200, said, "application/octet-stream")


def _made(request: Request, said: dict[str, str]) -> Made:
    """Make the report and keep it. Raises AicheckError for what can't be asked."""
    form = said["form"] or "markdown"
    vendor = form.removeprefix("form:") if form.startswith("form:") else ""
    if form not in FORMATS and vendor not in VENDORS:
        raise AicheckError("there is no such format")
    filters = asking.filters(vendor=vendor, **{name: said[name] for name in FILTERS[:6]})
    warnings: list[str] = []
    paths = bool(said["paths"])
    with request.app.state.one_at_a_time:
        text = rendered(form, filters, show_paths=paths, alarms_a_year=of_home().false_alarms, warn=warnings.append)
        lines = previewed(filters, show_paths=paths)
    name = f"{f'{vendor}-issue' if vendor else 'aicheck-report'}.{'md' if vendor else _ENDINGS.get(form, form)}"
    made = Made(os.path.basename(name), text.encode("utf-8", "replace"), lines, warnings)
    _keep(request, made)
    return made


def _keep(request: Request, made: Made) -> None:
    """Keep a report as the newest, also one that was made before."""
    kept: OrderedDict[str, Made] = request.app.state.reports
    with request.app.state.one_at_a_time:
        kept[made.digest] = made
        kept.move_to_end(made.digest)
        while len(kept) > KEPT:
            kept.popitem(last=False)
