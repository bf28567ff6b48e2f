"""The page of a rule: what ``aicheck explain`` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from aicheck_app.report.rule_page import render
from aicheck_app.serve.page import page
from aicheck_checks.registry import BY_CODE

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


def show(request: Request) -> Response:
    """The page of the rule in the address."""
    rule = BY_CODE.get(request.path_params["code"])
    if rule is None:
        raise HTTPException(404, "There is no rule with this code.")
    return page(request, "rule.html.j2", rule=rule, text=render(rule))
