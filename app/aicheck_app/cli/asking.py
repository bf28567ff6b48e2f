"""Asking the canary's tasks, whoever answers: the options, the plan, the run, and how two series compare."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from aicheck_app.cli.trouble import tell
from aicheck_app.errors import AicheckError
from aicheck_app.log.spooling import open_log
from aicheck_app.log.store import Log
from aicheck_app.report.sinks.json import dumps
from aicheck_app.report.sinks.terminal import document, echo

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicheck_app.canary.compare import Comparison
    from aicheck_app.canary.run import Plan, Price, Summary

Command = TypeVar("Command", bound="Callable[..., Any]")
FORMAT = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


def _price(ctx: click.Context, parameter: click.Parameter, value: str | None) -> Price | None:
    from aicheck_app.canary.run import Price

    if value is None:
        return None
    try:
        given, _, taken = value.partition("/")
        return Price(float(given), float(taken))
    except ValueError:
        raise click.BadParameter("give US dollars for a million tokens given and taken, as in 3/15") from None


_TASK_OPTIONS = (
    click.option("--tasks", type=_FOLDER, help="A folder of task lists instead of those that come with aicheck."),
    click.option("--only", metavar="TEXT", help="Only tasks whose id begins with this (python, go-config)."),
    click.option("--repeat", type=click.IntRange(1, 50), default=1, show_default=True, help="Ask each task so often."),
    click.option(
        "--price",
        metavar="IN/OUT",
        callback=_price,
        help="US dollars for a million tokens given and taken, as in 3/15.",
    ),
    click.option(
        "--budget", type=click.FloatRange(0, min_open=True), help="Spend no more US dollars than this (needs --price)."
    ),
    click.option("--yes", "-y", is_flag=True, help="Do not ask."),
    FORMAT,
)


def task_options(command: Command) -> Command:
    """Add the options that say which tasks are asked, how often, and what they may cost."""
    for option in reversed(_TASK_OPTIONS):
        command = option(command)
    return command


def planned(
    models: tuple[str, ...],
    tasks: Path | None,
    only: str | None,
    repeat: int,
    price: Price | None,
    budget: float | None,
) -> Plan:
    """What is to be asked of whom. Raises click.UsageError for a budget without a price, and AicheckError if no task is left."""
    from aicheck_app.canary.run import Plan
    from aicheck_app.canary.tasks import load

    if budget is not None and price is None:
        raise click.UsageError("--budget needs --price: what a model costs is not known here")
    chosen = [task for task in load(tasks) if task.id.startswith(only or "")]
    if not chosen:
        raise AicheckError(f"no task's id begins with '{only}'")
    return Plan(chosen, models, repeat)


def ask(client: Any, plan: Plan, price: Price | None, budget: float | None) -> Summary:
    """Ask ``client``, an ``Anthropic`` or what answers like one, and log the answers."""
    from aicheck_app.canary.run import run

    most = price.cost(*plan.most_tokens()) if price is not None else 0.0
    with open_log() as log:
        done = _with_progress(
            plan, lambda tick: run(client, plan, log, price=price, budget=budget or most, progress=tick)
        )
        tell(log)
    return done


def compared(first: str, second: str, form: str) -> bool:
    """Show how two series compare; whether the second one is worse."""
    from aicheck_app.canary.compare import compare

    with Log(read_only=True) as log:
        found = compare(log, first, second)
    show(form, _comparison_as_dict(found), _comparison(found))
    return found.worse


def show(form: str, data: dict[str, Any], lines: list[str]) -> None:
    """Print one of the two formats."""
    if form == "json":
        document(dumps(data, indent=1) + "\n")
    else:
        echo(*lines)


def estimate(plan: Plan, price: Price | None, budget: float | None) -> str:
    """What a plan is likely to cost: a client sends more than the task itself, so tokens given are a lower bound."""
    given, taken = plan.most_tokens()
    requests = len(plan.models) * plan.repeat * sum(len(task.messages) for task in plan.tasks)
    said = f"{requests} requests, about {given:,} tokens given (more where a client adds words of its own) and {taken:,} taken at the most"
    if price is not None:
        said += f": about ${price.cost(given, taken):.2f}"
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
