"""``aicheck selftest``."""

from __future__ import annotations

import click

from aicheck_app.cli.progress import telling
from aicheck_app.cli.source import from_option, history
from aicheck_app.report.sinks.terminal import document, echo


@click.command("selftest", short_help="Try the change detection on your own history.")
@click.option(
    "--shuffles",
    type=click.IntRange(1, 1000),
    default=20,
    show_default=True,
    help="How many times each series is shuffled.",
)
@from_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(shuffles: int, source: str | None, form: str) -> None:
    """Shuffle your own sessions, and see how often an alarm comes where nothing can have changed.

    Then they are replayed in their real order: each alarm is told with what switched near it (version, model, effort, your
    project's files for agents). The whole history is taken as one budget, one false alarm over all series: 'trend' allows one
    a year, so it may alarm where this does not, and the other way round.

    \b
    aicheck selftest
    aicheck selftest --shuffles 200 --format json
    """
    from aicheck_app.monitor.selftest import selftest
    from aicheck_app.report.trend import tried

    with history(source) as log, telling("trying") as progress:
        found = selftest(log, shuffles=shuffles, progress=progress)
    if form == "json":
        document(tried.json(found))
    else:
        echo(*tried.lines(found))
