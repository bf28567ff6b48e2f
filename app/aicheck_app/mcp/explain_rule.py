"""The tool ``explain_rule``: the page of a rule, as ``aicheck explain`` prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, Field

from aicheck_app.report.rule_page import render, rule_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicheck_app.mcp.here import Here

TITLE = "Explain a rule"


class Explained(BaseModel):
    """A rule."""

    code: str
    name: str
    family: str
    page: Annotated[str, Field(description="Markdown: what it finds, why, what to do instead, examples.")]


def make(_here: Here) -> Callable[..., Explained]:
    """The tool of a server."""

    def explain_rule(
        code: Annotated[str, Field(description="A rule's code or name: IMP001, missing-import.")],
    ) -> Explained:
        """Say what a rule of aicheck finds, why that matters, and what to do instead."""
        rule = rule_of(code)
        return Explained(code=rule.code, name=rule.name, family=rule.family, page=render(rule))

    return explain_rule
