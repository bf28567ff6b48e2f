"""The application: which address is which page, and what failures look like."""

from __future__ import annotations

import os
from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Mount, Route

from aicheck_app import faults
from aicheck_app.errors import AicheckError
from aicheck_app.serve import judgement, keys, kpi, output, outputs, report, resources, rule, series
from aicheck_app.serve.guard import Guard
from aicheck_app.serve.page import page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from aicheck_app.serve.access import Access

_GET, _POST = ["GET"], ["POST"]


def application(access: Access) -> Guard:
    """The page of one run, behind its guard."""
    pages = [
        Route("/", outputs.show, methods=_GET),
        Route("/outputs/{identifier}", output.show, methods=_GET),
        Route("/outputs/{identifier}", judgement.take, methods=_POST),
        Route("/series", series.show, methods=_GET),
        Route("/series/{name}", kpi.show, methods=_GET),
        Route("/report", report.show, methods=_GET),
        Route("/report/{digest}", report.take, methods=_GET),
        Route("/rules/{code}", rule.show, methods=_GET),
        Route("/keys", keys.show, methods=_GET),
        Route("/static/{name}", resources.show, methods=_GET),
    ]
    app = Starlette(
        routes=[Mount(f"/{access.folder}", routes=pages)],
        exception_handlers={HTTPException: _refused, AicheckError: _failed, Exception: _broken},
    )
    app.state.access = access
    app.state.one_at_a_time = Lock()
    app.state.reports = OrderedDict()
    app.state.folder = _working_folder()
    return Guard(app, access)


def _working_folder() -> str:
    """Where the command was started: its project is told from others by name."""
    try:
        return os.getcwd()
    except OSError:  # it was deleted
        return ""


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return page(request, "failed.html.j2", status=error.status_code, words=error.detail)


def _failed(request: Request, error: Exception) -> Response:
    return page(request, "failed.html.j2", status=400, words=f"{error}")


def _broken(request: Request, error: Exception) -> Response:
    faults.note("serve", error)
    words = f"aicheck failed over this page ({type(error).__name__}); details in {faults.path()}."
    return page(request, "failed.html.j2", status=500, words=words)
