"""``aicheck ab``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aicheck_app.cli.ask import confirmed
from aicheck_app.cli.asking import ask, compared, estimate, planned, task_options
from aicheck_app.report.sinks.terminal import echo

if TYPE_CHECKING:
    from pathlib import Path

    from aicheck_app.canary.run import Price


@click.command("ab", short_help="Compare two versions of a client on the canary's tasks.")
@click.option("--client", "clients", multiple=True, required=True, metavar="NAME@VERSION", help="Twice: claude-code@2.1.98, codex@0.171.0.")  # fmt: skip
@task_options
def command(
    clients: tuple[str, ...], tasks: Path | None, only: str | None, repeat: int, price: Price | None, budget: float | None, yes: bool, form: str,
) -> int:  # fmt: skip
    """Install two versions of a client side by side, ask both the same tasks in turn, and compare them in pairs.

    Both are installed by npm into a temporary folder, and each task is asked in an empty folder of its own. An estimate is shown
    first; a client adds a prompt of its own to each task, so the true number of input tokens is higher. --budget ends the run
    in time. If ANTHROPIC_API_KEY is set, Claude Code meets none of your own settings. The answers are logged as two series; the exit code is 1 if the second one is worse than chance explains (at 5 %).

    \b
    aicheck ab --client claude-code@2.1.98 --client claude-code@2.1.100 --only python
    """
    from aicheck_app.canary.clients import Clients

    if len(clients) != 2 or clients[0] == clients[1]:
        raise click.UsageError("give --client twice, with two versions")
    plan = planned(clients, tasks, only, repeat, price, budget)
    with Clients(clients) as asked:
        echo(estimate(plan, price, budget), err=True)
        if not yes and not confirmed("Install both and send them?", err=True):
            echo("nothing was installed or sent", err=True)
            return 0
        asked.install(lambda name: echo(f"installing {name}", err=True))
        done = ask(asked, plan, price, budget)
    if done.stopped:
        echo(f"ended early: {done.stopped}", err=True)
    worse = compared(f"{clients[0]}@{done.run}", f"{clients[1]}@{done.run}", form)
    return 2 if done.stopped else 1 if worse else 0
