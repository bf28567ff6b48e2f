"""``aicheck explain``."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem

from aicheck_app.report.rule_page import render, rule_of
from aicheck_app.report.sinks.terminal import write
from aicheck_checks.registry import RULES


def _complete(ctx: click.Context, parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    return [CompletionItem(r.code, help=r.name) for r in RULES if r.code.startswith(typed.upper())]


@click.command("explain", short_help="Print the page of a rule.")
@click.argument("code", shell_complete=_complete)
def command(code: str) -> None:
    """Print the page of the rule with this CODE (or name).

    \b
    aicheck explain IMP001
    aicheck explain missing-import
    """
    write(render(rule_of(code)))
