"""``aicheck rules``."""

from __future__ import annotations

import click

from aicheck_app.report.sinks.json import dumps
from aicheck_app.report.sinks.terminal import document, echo
from aicheck_checks.registry import RULES


@click.command("rules", short_help="List the rules.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(form: str) -> None:
    """List every rule with its code, name and what it says."""
    if form == "json":
        rows = [
            {"code": r.code, "name": r.name, "family": r.family, "summary": r.summary, "since": r.since} for r in RULES
        ]
        document(dumps({"version": 1, "rules": rows}, indent=1) + "\n")
        return
    echo(*(f"{rule.code}  {rule.name:22} {rule.summary}" for rule in RULES))
