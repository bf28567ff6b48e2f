"""``aicheck ab``."""

from __future__ import annotations

from pathlib import Path

import click

from aicheck_app.cli.ask import confirmed
from aicheck_app.cli.canary import _comparison, _comparison_as_dict, _estimate, _price, _show, _with_progress
from aicheck_app.cli.trouble import tell
from aicheck_app.errors import AicheckError
from aicheck_app.log.spooling import open_log
from aicheck_app.log.store import Log
from aicheck_app.report.sinks.terminal import echo


@click.command("ab", short_help="Compare two versions of a client on the canary's tasks.")
@click.option("--client", "clients", multiple=True, required=True, metavar="NAME@VERSION", help="Twice: claude-code@2.1.98, codex@0.171.0.")  # fmt: skip
@click.option("--tasks", type=click.Path(exists=True, file_okay=False, path_type=Path), help="A folder of task lists instead of those that come with aicheck.")  # fmt: skip
@click.option("--only", metavar="TEXT", help="Only tasks whose id begins with this (python, go-config).")
@click.option("--repeat", type=click.IntRange(1, 50), default=1, show_default=True, help="Ask each task so often.")
@click.option("--price", metavar="IN/OUT", callback=_price, help="US dollars for a million input and output tokens.")
@click.option(
    "--budget", type=click.FloatRange(0, min_open=True), help="Spend no more US dollars than this (needs --price)."
)
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(
    clients: tuple[str, ...], tasks: Path | None, only: str | None, repeat: int, price: object, budget: float | None, yes: bool, form: str,
) -> int:  # fmt: skip
    """Install two versions of a client side by side, ask both the same tasks in turn, and compare them in pairs.

    Both are installed by npm into a temporary folder, and each task is asked in an empty folder of its own. An estimate is shown
    first; a client adds a prompt of its own to each task, so the true number of input tokens is higher. --budget ends the run
    in time. If ANTHROPIC_API_KEY is set, Claude Code meets none of your own settings. The answers are logged as two series; the exit code is 1 if the second one is worse than chance explains (at 5 %).

    \b
    aicheck ab --client claude-code@2.1.98 --client claude-code@2.1.100 --only python
    """
    from aicheck_app.canary import run
    from aicheck_app.canary.clients import Clients
    from aicheck_app.canary.compare import compare
    from aicheck_app.canary.tasks import load

    if len(clients) != 2 or clients[0] == clients[1]:
        raise click.UsageError("give --client twice, with two versions")
    if budget is not None and price is None:
        raise click.UsageError("--budget needs --price: what a model costs is not known here")
    chosen = [task for task in load(tasks) if task.id.startswith(only or "")]
    if not chosen:
        raise AicheckError(f"no task's id begins with '{only}'")
    plan = run.Plan(chosen, clients, repeat)
    with Clients(clients) as asked:
        echo(_estimate(plan, price, budget), err=True)  # type: ignore[arg-type]
        if not yes and not confirmed("Install both and send them?", err=True):
            echo("nothing was installed or sent", err=True)
            return 0
        asked.install(lambda name: echo(f"installing {name}", err=True))
        most = price.cost(*plan.most_tokens()) if isinstance(price, run.Price) else 0.0
        with open_log() as log:
            done = _with_progress(
                plan,
                lambda tick: run.run(asked, plan, log, price=price, budget=budget or most, progress=tick),  # type: ignore[arg-type]
            )
            tell(log)
    if done.stopped:
        echo(f"ended early: {done.stopped}", err=True)
    with Log(read_only=True) as log:
        found = compare(log, f"{clients[0]}@{done.run}", f"{clients[1]}@{done.run}")
    _show(form, _comparison_as_dict(found), _comparison(found))
    return 2 if done.stopped else 1 if found.worse else 0
