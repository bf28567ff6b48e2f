"""``aicheck canary``: run, compare, runs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from aicheck_app.cli.ask import confirmed
from aicheck_app.cli.asking import FORMAT, ask, compared, estimate, planned, show, task_options
from aicheck_app.errors import AicheckError
from aicheck_app.home import database
from aicheck_app.log import queries
from aicheck_app.log.store import Log
from aicheck_app.report.sinks.terminal import echo

if TYPE_CHECKING:
    from pathlib import Path

    from aicheck_app.canary.run import Price, Summary


@click.group("canary", short_help="Ask a model fixed tasks through the API, and compare answers.", no_args_is_help=True)
def command() -> None:
    """Ask a model fixed tasks through the API, judge the answers without running them, and compare two series.

    The answers are a series of their own in the log. Nothing is ever sent unless you say 'canary run'.
    """


@command.command("run")
@click.option("--model", "models", multiple=True, required=True, help="A model's name; several are asked in turn.")
@task_options
def run_(
    models: tuple[str, ...], tasks: Path | None, only: str | None, repeat: int, price: Price | None, budget: float | None,
    yes: bool, form: str,
) -> int:  # fmt: skip
    """Ask the tasks, judge and log the answers.

    What it may cost at the most is said first. The key is read from ANTHROPIC_API_KEY.

    \b
    aicheck canary run --model MODEL --price 3/15 --budget 2
    aicheck canary run --model OLD --model NEW --repeat 3      alternating, for a fair comparison
    """
    plan = planned(models, tasks, only, repeat, price, budget)
    echo(estimate(plan, price, budget), err=True)
    client = _client()
    if not yes and not confirmed("Send them?", err=True):
        echo("nothing was sent", err=True)
        return 0
    done = ask(client, plan, price, budget)
    show(form, _as_dict(done, price), _lines(done, models, price))
    return 2 if done.stopped else 0


@command.command("compare")
@click.argument("first")
@click.argument("second")
@FORMAT
def compare_(first: str, second: str, form: str) -> int:
    """Compare two series of answers in pairs of the same task, by McNemar's exact test.

    A series is a run's name (or its beginning), a model, MODEL@RUN, or MODEL@TIME: a day, a time from which on, or A..B.
    The exit code is 1 if the second one is worse than chance explains (at 5 %).

    \b
    aicheck canary compare OLD NEW
    aicheck canary compare MODEL@2026-04-01 MODEL@2026-04-08
    """
    return 1 if compared(first, second, form) else 0


@command.command("runs")
@FORMAT
def runs(form: str) -> None:
    """List the runs in the log, oldest first."""
    found = []
    if os.path.exists(database()):
        with Log(read_only=True) as log:
            found = queries.runs(log)
    lines = [
        f"{run}  {time[:19]}  {model:26} {passed} of {passed + failed} passed"
        + (f", {errors} errors" if errors else "")
        for run, model, time, passed, failed, errors in found
    ]
    show(
        form,
        {"version": 1, "runs": [each._asdict() for each in found]},
        lines or ["no runs yet: 'aicheck canary run' makes one"],
    )


def _client() -> Any:
    """The SDK's client. Raises AicheckError where the package or the key is missing."""
    try:
        from anthropic import Anthropic
    except ImportError:
        raise AicheckError("the canary needs the package anthropic, 2.12 or newer: pip install anthropic") from None
    if not (os.environ.get("ANTHROPIC_API_KEY") or os.environ.get("ANTHROPIC_AUTH_TOKEN")):
        raise AicheckError("no key: set ANTHROPIC_API_KEY")
    return Anthropic()


def _as_dict(done: Summary, price: Price | None) -> dict[str, Any]:
    models = sorted({*done.passed, *done.failed, *done.errors})
    counts = {m: {"passed": done.passed[m], "failed": done.failed[m], "errors": done.errors[m]} for m in models}
    found = {
        "version": 1,
        "run": done.run,
        "models": counts,
        "input_tokens": done.tokens[0],
        "output_tokens": done.tokens[1],
    }
    if price is not None:
        found["cost"] = round(price.cost(*done.tokens), 4)
    return {**found, "stopped": done.stopped}


def _lines(done: Summary, models: tuple[str, ...], price: Price | None) -> list[str]:
    lines = [f"run {done.run}"]
    for model in dict.fromkeys(models):
        asked = done.passed[model] + done.failed[model]
        lines.append(
            f"  {model}: {done.passed[model]} of {asked} passed"
            + (f", {done.errors[model]} errors" if done.errors[model] else "")
        )
    spent = f", ${price.cost(*done.tokens):.2f}" if price is not None else ""
    lines.append(f"  {done.tokens[0]:,} tokens given, {done.tokens[1]:,} taken{spent}")
    if done.stopped:
        lines.append(f"  stopped early: {done.stopped}; what was answered is in the log")
    return lines
