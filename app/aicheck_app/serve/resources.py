"""Style and scripts: a fixed few files that came with aicheck, known by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import Response

from aicheck_app.report.evidence.html import PACKAGE as REPORT
from aicheck_app.report.sinks.page import resource
from aicheck_app.serve.page import PACKAGE

if TYPE_CHECKING:
    from starlette.requests import Request

_JS, _CSS = "text/javascript", "text/css"
FILES = {
    "page.css": (REPORT, "page.css", _CSS),
    "page.js": (REPORT, "page.js", _JS),
    "vega.js": (REPORT, "vega.js", _JS),
    "serve.css": (PACKAGE, "static/serve.css", _CSS),
    "keys.js": (PACKAGE, "static/keys.js", _JS),
    "icon.svg": (PACKAGE, "static/icon.svg", "image/svg+xml"),
}
"""By the name in the address: the package, the file in it, its type. The first three are the report's own."""


def show(request: Request) -> Response:
    """The file in the address."""
    found = FILES.get(request.path_params["name"])
    if found is None:
        raise HTTPException(404, "There is no such file.")
    package, name, kind = found
    return Response(resource(package, name), media_type=kind)
