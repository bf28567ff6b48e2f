"""``aicheck log stats``."""

from __future__ import annotations

import os

import click

from aicheck_app.clock import parse
from aicheck_app.log import queries
from aicheck_app.log.marks import judgements
from aicheck_app.log.store import Log
from aicheck_app.report.sinks.json import dumps
from aicheck_app.report.sinks.terminal import document, echo


@click.command("stats")
@click.option("--since", metavar="TIME", help="Count only outputs from this time on (2026-04-01, 7d).")
@click.option("--daily", "by", flag_value="day", help="A table by day: outputs, sessions, tokens and models.")
@click.option("--monthly", "by", flag_value="month", help="The same by month.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def stats(since: str | None, by: str | None, form: str) -> None:
    """Count the log: records, outputs by verdict, agent and model, and its size.

    These are the records that are there, with the verdicts of the rules. By day or month it is what rates are made of: outputs that a
    person dismissed are clean, those whose records were pruned still count.

    \b
    aicheck log stats
    aicheck log stats --monthly
    """
    start = parse(since) if since else ""
    if by is not None:
        _usage(start, by, form)
    else:
        _stats(start, form)


def _usage(start: str, by: str, form: str) -> None:
    """The table by day or month."""
    from aicheck_app.monitor.usage import usage
    from aicheck_app.report.trend import usage as shown

    with Log(read_only=True) as log:
        rows = usage(log, start[:10], monthly=by == "month")
        judged, gone = "dismissed" in judgements(log).values(), queries.pruned(log)
    if form == "json":
        document(shown.json(rows, by))
        return
    echo(*shown.lines(rows))
    if rows and (judged or gone):
        echo("counted as in every rate: what a person dismissed is clean, and what was pruned still counts")


def _stats(start: str, form: str) -> None:
    with Log(read_only=True) as log:
        by = {
            "verdict": queries.counted_by(log, "verdict", start), "agent": queries.counted_by(log, "agent", start),
            "model": queries.counted_by(log, "model", start),
        }  # fmt: skip
        said = judgements(log)
        dismissed = queries.suspect_among(log, [one for one, mark in said.items() if mark == "dismissed"], start)
        gone = queries.pruned(log)
        first, last = queries.period(log, start)
        data = {
            "version": 1, "path": log.path, "bytes": os.path.getsize(log.path),
            "records": queries.count(log), "head": log.head(), "first": first or None, "last": last or None,
            **{f"by_{name}": counts for name, counts in by.items()}, "dismissed": dismissed, "pruned": gone,
        }  # fmt: skip
    if form == "json":
        document(dumps(data, indent=2) + "\n")
        return
    period = f"{data['first']} to {data['last']}" if data["first"] else "no outputs"
    echo(f"{data['path']}: {data['records']:,} records, {data['bytes']:,} bytes, {period}")
    for name, counts in by.items():
        if counts:
            echo(f"  by {name}: " + ", ".join(f"{value} {n:,}" for value, n in counts.items()))
    if dismissed:
        echo(f"  of the suspect ones, dismissed by a person and so clean in every rate: {dismissed:,}")
    if gone:
        echo(f"  not among them: {gone:,} pruned records, whose outputs still count in every rate (--daily)")
