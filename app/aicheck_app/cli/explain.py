"""``aicheck explain``."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem

from aicheck_app.errors import AicheckError
from aicheck_app.report.rule_page import render
from aicheck_app.report.sinks.terminal import write
from aicheck_checks.registry import BY_CODE, RULES


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
    rule = BY_CODE.get(code.upper()) or next((r for r in RULES if r.name == code.lower()), None)
    if rule is None:
        from difflib import get_close_matches

        near = get_close_matches(code.upper(), BY_CODE, 1) or get_close_matches(
            code.lower(), [r.name for r in RULES], 1
        )
        hint = f"; did you mean '{near[0]}'?" if near else " (see 'aicheck rules')"
        raise AicheckError(
            f"no rule '{code}'" + ("; 'aicheck rules --search' takes what you see" if " " in code else hint)
        )
    write(render(rule))
