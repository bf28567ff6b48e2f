"""``aicheck demo``."""

from __future__ import annotations

import os
import tempfile

import click

from aicheck_app.capture.ingest import Ingest
from aicheck_app.capture.reader import transcripts
from aicheck_app.clock import now
from aicheck_app.config import Config
from aicheck_app.demo import sessions
from aicheck_app.log.store import Log
from aicheck_app.report.evidence import html, markdown, wording
from aicheck_app.report.evidence.collect import Filters, collect
from aicheck_app.report.sinks.terminal import echo


@click.command("demo", short_help="Show the whole path on bundled sample sessions.")
@click.option(
    "--output",
    "-o",
    metavar="FOLDER",
    help="Where to leave the sessions, the log and the reports. Default: a new temporary folder.",
)
def command(output: str | None) -> None:
    """Run bundled, self-made agent sessions through ingest, checks, log and report.

    Your own log is not touched: everything happens in a folder of its own.
    """
    folder = os.path.abspath(output) if output else tempfile.mkdtemp(prefix="aicheck-demo-")
    os.makedirs(folder, exist_ok=True)
    count = sessions.write(os.path.join(folder, "sessions"))
    echo(f"1. {count} made-up sessions of a coding agent: {os.path.join(folder, 'sessions')}")
    with Log(os.path.join(folder, "log.sqlite3")) as log:
        totals = Ingest(log, Config()).run(list(transcripts(os.path.join(folder, "sessions"))))
        verdicts = totals.verdicts
        echo(
            f"2. ingested and checked: {totals.outputs} outputs, {verdicts['clean']} clean, {verdicts['suspect']} suspect"
        )
        for code, n in totals.findings.most_common():
            echo(f"     {n:3d} x {code}")
        records, faults = log.verify()
        echo(f"3. logged: {records} records, chain {'damaged' if faults else 'intact'}, head {log.head()[:16]}...")
        evidence = collect(log, Filters(), now())
    echo("4. what a report of these made-up sessions claims (it is a sample: there is nothing to post):")
    echo(f"   {wording.claim(evidence)}")
    for name, module in (("report.html", html), ("report.md", markdown)):
        path = os.path.join(folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(module.render(evidence))
        echo(f"   {'open this' if name.endswith('html') else 'the same as text'}: {path}")
    echo("5. next, with your own work: 'aicheck init' finds your agents and editors and offers to set each up")
    echo("   (in this clone: '.venv/bin/aicheck init'); 'aicheck ingest' reads the sessions that you have already")
