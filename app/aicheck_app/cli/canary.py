"""``aicheck canary``: run, compare, runs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aicheck_app.cli.ask import confirmed
from aicheck_app.cli.trouble import tell
from aicheck_app.errors import AicheckError
from aicheck_app.log import queries
from aicheck_app.log.spooling import open_log
from aicheck_app.log.store import Log
from aicheck_app.report.sinks.json import dumps
from aicheck_app.report.sinks.terminal import document, echo

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicheck_app.canary.compare import Comparison
    from aicheck_app.canary.run import Plan, Price, Summary

_FORMAT = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group("canary", short_help="Ask a model fixed tasks through the API, and compare answers.", no_args_is_help=True)
def command() -> None:
    """Ask a model fixed tasks through the API, judge the answers without running them, and compare two series.

    The answers are a series of their own in the log. Nothing is ever sent unless you say 'canary run'.
    """


def _price(ctx: click.Context, parameter: click.Parameter, value: str | None) -> Price | None:
    from aicheck_app.canary.run import Price

    if value is None:
        return None
    try:
        given, _, taken = value.partition("/")
        return Price(float(given), float(taken))
    except ValueError:
        raise click.BadParameter("give US dollars for a million tokens given and taken, as in 3/15") from None


@command.command("run")
@click.option("--model", "models", multiple=True, required=True, help="A model's name; several are asked in turn.")
@click.option("--tasks", type=_FOLDER, help="A folder of task lists instead of those that come with aicheck.")
@click.option("--only", metavar="TEXT", help="Only tasks whose id begins with this (python, go-config).")
@click.option("--repeat", type=click.IntRange(1, 50), default=1, show_default=True, help="Ask each task so often.")
@click.option(
    "--price", metavar="IN/OUT", callback=_price, help="US dollars for a million tokens given and taken, as in 3/15."
)
@click.option(
    "--budget", type=click.FloatRange(0, min_open=True), help="Spend no more US dollars than this (needs --price)."
)
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@_FORMAT
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
    from aicheck_app.canary import run
    from aicheck_app.canary.tasks import load

    if budget is not None and price is None:
        raise click.UsageError("--budget needs --price: what a model costs is not known here")
    chosen = [task for task in load(tasks) if task.id.startswith(only or "")]
    if not chosen:
        raise AicheckError(f"no task's id begins with '{only}'")
    plan = run.Plan(chosen, models, repeat)
    echo(_estimate(plan, price, budget), err=True)
    client = _client()
    if not yes and not confirmed("Send them?", err=True):
        echo("nothing was sent", err=True)
        return 0
    most = price.cost(*plan.most_tokens()) if price is not None else 0.0
    with open_log() as log:
        done = _with_progress(
            plan, lambda tick: run.run(client, plan, log, price=price, budget=budget or most, progress=tick)
        )
        tell(log)
    _show(form, _as_dict(done, price), _lines(done, models, price))
    return 2 if done.stopped else 0


@command.command("compare")
@click.argument("first")
@click.argument("second")
@_FORMAT
def compare_(first: str, second: str, form: str) -> int:
    """Compare two series of answers in pairs of the same task, by McNemar's exact test.

    A series is a run's name (or its beginning), a model, MODEL@RUN, or MODEL@TIME: a day, a time from which on, or A..B.
    The exit code is 1 if the second one is worse than chance explains (at 5 %).

    \b
    aicheck canary compare OLD NEW
    aicheck canary compare MODEL@2026-04-01 MODEL@2026-04-08
    """
    from aicheck_app.canary.compare import compare

    with Log(read_only=True) as log:
        found = compare(log, first, second)
    _show(form, _comparison_as_dict(found), _comparison(found))
    return 1 if found.worse else 0


@command.command("runs")
@_FORMAT
def runs(form: str) -> None:
    """List the runs in the log, oldest first."""
    with Log(read_only=True) as log:
        found = queries.runs(log)
    lines = [
        f"{run}  {time[:19]}  {model:26} {passed} of {passed + failed} passed"
        + (f", {errors} errors" if errors else "")
        for run, model, time, passed, failed, errors in found
    ]
    _show(
        form,
        {"version": 1, "runs": [each._asdict() for each in found]},
        lines or ["no runs yet"],
    )


def _show(form: str, data: dict[str, Any], lines: list[str]) -> None:
    """Print one of the two formats."""
    if form == "json":
        document(dumps(data, indent=1) + "\n")
    else:
        echo(*lines)


def _client() -> Any:
    """The SDK's client. Raises AicheckError where the package or the key is missing."""
    try:
        from anthropic import Anthropic
    except ImportError:
        raise AicheckError("the canary needs the package anthropic, 2.12 or newer: pip install anthropic") from None
    if not (os.environ.get("ANTHROPIC_API_KEY") or os.environ.get("ANTHROPIC_AUTH_TOKEN")):
        raise AicheckError("no key: set ANTHROPIC_API_KEY")
    return Anthropic()


def _estimate(plan: Plan, price: Price | None, budget: float | None) -> str:
    given, taken = plan.most_tokens()
    requests = len(plan.models) * plan.repeat * sum(len(task.messages) for task in plan.tasks)
    said = f"{requests} requests, at the most {given:,} tokens given and {taken:,} taken"
    if price is not None:
        said += f": at the most ${price.cost(given, taken):.2f}"
    if budget is not None:
        said += f"; ends before it passes ${budget:.2f}"
    return said


def _with_progress(plan: Plan, work: Callable[[Callable[[], None]], Summary]) -> Summary:
    if not sys.stderr.isatty():
        return work(lambda: None)
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("asking", total=len(plan.tasks) * len(plan.models) * plan.repeat)
        return work(lambda: bar.advance(task))


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


def _comparison(found: Comparison) -> list[str]:
    lines = []
    for name, passed, rate in zip((found.first, found.second), found.passed, found.rates, strict=True):
        lines.append(
            f"{name}: {passed} of {found.pairs} passed, {rate.rate:.1%} (95 % interval {rate.low:.1%} to {rate.high:.1%})"
        )
    d = found.difference
    lines.append(
        f"difference {100 * d.rate:+.1f} points (95 % interval {100 * d.low:+.1f} to {100 * d.high:+.1f}), p = {found.p:.3g}"
    )
    what = "worse" if found.worse else "better" if found.changed else ""
    lines.append(f"the second is {what} than chance explains" if what else "no difference that chance does not explain")
    for title, names in (("passed by the first alone", found.lost), ("passed by the second alone", found.gained)):
        if names:
            lines.append(f"{title}: {', '.join(names)}")
    lines += [f"  {family:12} {first} and {second} of {n}" for family, (n, first, second) in found.families.items()]
    return lines


def _comparison_as_dict(found: Comparison) -> dict[str, Any]:
    def interval(one: Any) -> dict[str, float]:
        return {name: round(value, 6) for name, value in one._asdict().items()}

    sides = zip(("first", "second"), (found.first, found.second), found.passed, found.rates, strict=True)
    return {
        "version": 1, "pairs": found.pairs,
        **{side: {"series": name, "passed": passed, **interval(rate)} for side, name, passed, rate in sides},
        "difference": interval(found.difference), "p": found.p, "changed": found.changed, "worse": found.worse,
        "only_first": found.lost, "only_second": found.gained,
        "families": {f: dict(zip(("pairs", "first", "second"), row, strict=True)) for f, row in found.families.items()},
    }  # fmt: skip
