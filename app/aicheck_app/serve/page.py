"""Making a page of a template: every value in it becomes text on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from starlette.responses import Response

from aicheck_app.report.sinks.page import templates

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from aicheck_app.serve.access import Access

PACKAGE = "aicheck_app.serve"
MAX_VALUE = 300
"""Code points of a value that a form sends."""


def page(request: Request, name: str, *, status: int = 200, **values: Any) -> Response:
    """A page with the frame that all have."""
    return document(name, status, {}, link=lambda path="", **query: link(request, path, **query), here=name, **values)


def document(name: str, status: int, headers: Mapping[str, str], **values: Any) -> Response:
    """What a template makes."""
    text = templates(PACKAGE).get_template(f"templates/{name}").render(values)
    return Response(text.encode("utf-8", "replace"), status, dict(headers), "text/html; charset=utf-8")


def refusal(status: int, words: str) -> Response:
    """A page for whoever may see no other."""
    return document("refused.html.j2", status, {}, words=words)


def link(request: Request, path: str = "", **query: object) -> str:
    """The address of a page; what is empty is left out of its query."""
    access: Access = request.app.state.access
    asked = urlencode({name: value for name, value in query.items() if value not in ("", None)}, errors="replace")
    return f"/{access.folder}/{quote(path, errors='replace')}{f'?{asked}' if asked else ''}"


def asked(request: Request, *names: str) -> dict[str, str]:
    """What a form asks for, by name; what it does not say is empty."""
    return {name: request.query_params.get(name, "")[:MAX_VALUE].strip() for name in names}
