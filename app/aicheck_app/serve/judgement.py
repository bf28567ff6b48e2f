"""Judging an output: as ``aicheck log confirm`` and ``dismiss`` do."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import RedirectResponse

from aicheck_app.errors import AicheckError
from aicheck_app.log import queries
from aicheck_app.log.marks import JUDGEMENTS, judge
from aicheck_app.log.spooling import open_log
from aicheck_app.serve.access import alike
from aicheck_app.serve.page import MAX_VALUE, link

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from aicheck_app.log.marks import Mark

_FIELDS = 8


async def take(request: Request) -> Response:
    """Log what a form says of the output in the address, and lead back to its page."""
    try:
        fields = _fields(await request.body())
    except ClientDisconnect as error:  # which is no fault of ours, and nobody reads the answer
        raise HTTPException(400, "The form did not come whole.") from error
    if not alike(fields.get("secret", ""), request.app.state.access.form):
        raise HTTPException(403, "This form is of no page of ours, or of one from before aicheck was started.")
    said = fields.get("said", "")
    if said not in JUDGEMENTS:
        raise HTTPException(400, f"An output is {' or '.join(JUDGEMENTS)}, nothing else.")
    identifier = request.path_params["identifier"]
    await run_in_threadpool(_judge, identifier, said, fields.get("reason", "").strip())
    return RedirectResponse(f"{link(request, f'outputs/{identifier}')}#judgement", 303)


def _fields(data: bytes) -> dict[str, str]:
    """The fields of a form; of one that is none, nothing."""
    try:
        sent = parse_qs(data.decode("ascii", "replace"), max_num_fields=_FIELDS, encoding="utf-8", errors="replace")
    except ValueError:
        return {}
    return {name: values[0] for name, values in sent.items()}


def _judge(identifier: str, said: Mark, reason: str) -> None:
    """Raises AicheckError where it could not be logged, which says what became of it."""
    with open_log() as log:
        body = queries.find(log, identifier) if len(identifier) <= MAX_VALUE else None
        if body is None:
            raise HTTPException(404, "The log has no output with this id.")
        judge(log, body, said, reason)
        if log.trouble:
            raise AicheckError(log.trouble)
