"""``aicheck rules``: what aicheck checks; what a project's own instructions could have counted."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from aicheck_app.home import database
from aicheck_app.report.sinks.json import dumps
from aicheck_app.report.sinks.terminal import document, echo
from aicheck_app.symptoms import search, symptoms
from aicheck_checks.registry import RULES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicheck_app.project_rules.rules import Rule
    from aicheck_app.project_rules.suggest import Suggestion

_FORMAT = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)


@click.group("rules", short_help="List the rules.", invoke_without_command=True)
@click.option("--search", "text", metavar="TEXT", help="Only the rules that a symptom may be of, the likeliest first.")
@_FORMAT
@click.pass_context
def command(context: click.Context, text: str | None, form: str) -> None:
    """List every rule with its code, name and what it says.

    \b
    aicheck rules
    aicheck rules --search "my file ends in </content>"
    """
    if context.invoked_subcommand is not None:
        return
    rules = RULES if text is None else tuple(search(text))
    if form == "json":
        rows = [
            {
                "code": r.code, "name": r.name, "family": r.family, "summary": r.summary, "symptoms": symptoms(r), "since": r.since,
            } for r in rules
        ]  # fmt: skip
        document(dumps({"version": 1, "rules": rows}, indent=1) + "\n")
        return
    rows_of_text = [f"{rule.code}  {rule.name:22} {rule.summary}" for rule in rules]
    echo(*(rows_of_text or ["no rule speaks of that; 'aicheck rules' lists them all"]))


@command.command("suggest", short_help="Lines of this project's instructions that could be stated as rules.")
@_FORMAT
def suggest(form: str) -> None:
    """List lines of AGENTS.md, CLAUDE.md, .cursorrules, GEMINI.md and .github/copilot-instructions.md that forbid or demand
    what stands in backquotes, with the TOML that states them as rules of the project; what is stated already is left out.
    Nothing is a rule until it is written down: read each line before you paste it.

    \b
    aicheck rules suggest                   for [tool.aicheck.rules] in pyproject.toml, or [rules] in aicheck.toml
    """
    from aicheck_app.project_rules.suggest import block, suggestions

    found = suggestions(os.getcwd())
    if form == "json":
        document(dumps({"version": 1, "suggestions": [_row(one) for one in found]}, indent=1) + "\n")
        return
    echo(*(block(found) or ["no line of this project's instructions names something more that could be checked"]))


def _row(one: Suggestion) -> dict[str, object]:
    return {"file": one.file, "line": one.line, "text": one.text, "toml": one.toml}


@command.command("stated", short_help="The rules that this project states, and how often sessions kept them.")
def stated() -> None:
    """List the rules that this project states, with how many steps of its logged sessions kept and broke each."""
    from aicheck_app.project_rules.rules import of_project

    rules = of_project(os.getcwd())
    if not rules:
        echo("this project states no rules")
    elif not os.path.exists(database()):
        echo(*(rule.name for rule in rules), "nothing was logged yet, so nobody knows how often they were kept")
    else:
        _counted(rules)


def _counted(rules: Sequence[Rule]) -> None:
    """The rules with how often the sessions of this folder kept them."""
    from aicheck_app.log import queries
    from aicheck_app.log.store import Log

    with Log(read_only=True) as log:
        kept, broken = queries.rules_kept(log, log.keyed(os.getcwd()))
    echo(*(f"{rule.name}  kept {kept[rule.name]:,}, broken {broken[rule.name]:,}" for rule in rules))
