"""The keys that the pages know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app.serve.page import page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


def show(request: Request) -> Response:
    """The table of keys, with the switch that turns them off."""
    return page(request, "keys.html.j2")
