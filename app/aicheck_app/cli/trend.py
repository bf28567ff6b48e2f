"""``aicheck trend``."""

from __future__ import annotations

import time

import click

from aicheck_app.cli.progress import telling
from aicheck_app.cli.source import from_option, history
from aicheck_app.clock import now, parse
from aicheck_app.config import of_home
from aicheck_app.errors import AicheckError
from aicheck_app.monitor.kpis import NAMES, named
from aicheck_app.report.sinks.terminal import document, echo

_REFRESH_SECONDS = 30.0


@click.command("trend", short_help="Show rates over time, and what changed.")
@click.option("--daily", is_flag=True, help="The last 28 days by day; by default the last 12 weeks by week.")
@click.option(
    "--by", type=click.Choice(["model", "version", "agent", "language", "project", "person"]), help="One KPI by these."
)
@click.option("--kpi", "name", type=click.Choice(NAMES), help="Only this one.")
@click.option("--until", metavar="DAY", help="As it stood on this day (2026-04-01, 30d); by default today.")
@click.option("--all", "every", is_flag=True, help="Also KPIs of which nothing can be told.")
@click.option("--watch", is_flag=True, help="Show it again every 30 seconds, until interrupted.")
@from_option
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
def command(
    daily: bool,
    by: str | None,
    name: str | None,
    until: str | None,
    every: bool,
    watch: bool,
    source: str | None,
    form: str,
) -> None:
    """Show each KPI over time with its 95 % interval, and whether it changed.

    A series says 'changed since' at a stated rate of false alarms: one a year over all of them, unless the setting
    'false-alarms' says otherwise. 'Would have seen' is the smallest change that the last four weeks would most likely have
    shown: what is smaller may be there unseen.

    \b
    aicheck trend
    aicheck trend --by version --kpi edits_failed
    aicheck trend --from postgresql://ana@db.example/aicheck
    """
    end = parse(until)[:10] if until else ""
    while True:
        if watch:
            click.clear()
        if by is None:
            _show(source, daily, name, end, every, form)
        else:
            _show_by(source, daily, by, name or NAMES[0], end, form)
        if not watch:
            return
        time.sleep(_REFRESH_SECONDS)


def _show(source: str | None, daily: bool, name: str | None, until: str, every: bool, form: str) -> None:
    from aicheck_app.monitor.trend import trend
    from aicheck_app.report.trend import csv, json, text

    with history(source) as log, telling("reading the history:") as progress:
        whole = trend(log, of_home().false_alarms, daily=daily, until=until, progress=progress)
    if name:
        whole = whole._replace(rows=[row for row in whole.rows if row.kpi.name == name])
    if form == "text":
        echo(*text.table(whole, every=every or bool(name), elsewhere=source is not None))
    else:
        document(json.render(whole) if form == "json" else csv.render(whole))


def _show_by(source: str | None, daily: bool, by: str, name: str, until: str, form: str) -> None:
    from aicheck_app.monitor.trend import grouped, periods_until
    from aicheck_app.report.trend import json, text

    if form == "csv":
        raise AicheckError("--by has no CSV: use --format json")
    kpi = named(name)
    assert kpi is not None
    with history(source) as log:
        found = grouped(log, kpi, by, daily=daily, until=until)  # type: ignore[arg-type]
    if form == "json":
        document(json.render_groups(kpi, by, found))
    else:
        end = until or now()[:10]
        echo(*text.groups(kpi, by, found, periods_until(end, daily=daily), end))
