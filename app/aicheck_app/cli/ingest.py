"""``aicheck ingest``."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from aicheck_app.capture.formats import FORMATS
from aicheck_app.capture.ingest import Ingest
from aicheck_app.capture.reader import size_of, transcripts
from aicheck_app.cli.fault import FAILED
from aicheck_app.cli.trouble import tell
from aicheck_app.clock import parse
from aicheck_app.config import of_home
from aicheck_app.errors import AicheckError
from aicheck_app.log.store import Log
from aicheck_app.report.sinks.terminal import document, echo

if TYPE_CHECKING:
    from aicheck_app.capture.totals import Totals

MAX_NAMED = 10
"""Files that are named of those that were skipped."""


@click.command("ingest", short_help="Read the sessions that agents keep, check every output and log it.")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option(
    "--agent", type=click.Choice(["auto", *(known.agent for known in FORMATS)]), default="auto", show_default=True
)
@click.option("--git", "revisions", metavar="REV..REV", help="The AI-attributed commits of this repository instead.")
@click.option("--since", metavar="TIME", help="Only outputs from this time on (2026-04-01, 7d).")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(paths: tuple[str, ...], agent: str, revisions: str | None, since: str | None, form: str) -> int:
    """Read sessions at PATHS (files or folders; without any, where the agents keep theirs).

    Every applied edit and every code block of a reply is checked and logged, clean
    or not. A second run adds only what is new. Nothing leaves this machine.

    \b
    aicheck ingest                          the sessions of all agents that are known
    aicheck ingest --agent aider .          aider's history in this folder
    aicheck ingest --git v1.0..HEAD         what commits say of themselves: git-ai notes, traces, trailers
    """
    if revisions:
        if paths:
            raise click.UsageError("--git reads the repository of the current folder; it takes no paths")
        _show(_history(revisions, parse(since) if since else ""), form)
        return 0
    chosen = [known for known in FORMATS if agent in ("auto", known.agent)]
    files = [file for place in paths for file in transcripts(place, chosen)]
    if not paths:
        files = [file for known in chosen for place in known.folders() for file in transcripts(place, [known])]
    gone = [place for place in paths if not os.path.exists(place)]
    if gone and not files:
        exist = "does not exist" if len(gone) == 1 else "do not exist"
        raise AicheckError(f"{', '.join(gone)} {exist}; name a file or folder with sessions")
    if not files:
        if paths:
            raise AicheckError(f"no sessions at {', '.join(paths)}; name a file or folder with sessions")
        places = ", ".join(place for known in chosen for place in known.folders() if os.path.isabs(place))
        raise AicheckError(
            f"no agent has left a session where it keeps them ({places});"
            " run this again after one, or name a file or folder with sessions"
        )
    with Log() as log:
        run = Ingest(log, of_home(), since=parse(since) if since else "", agent="" if agent == "auto" else agent)
        totals = _with_progress(run, files)
        if totals.outputs or totals.sessions:
            _watch(log)
        tell(log)
    _show(totals, form)
    echo(*(f"aicheck: {place}: no such file or folder" for place in gone), err=True)
    return FAILED if gone else 0


def _history(revisions: str, since: str) -> Totals:
    """Log the outputs of the commits of a range."""
    from aicheck_app import git
    from aicheck_app.capture.git import History

    root = git.top(".")
    if root is None:
        raise AicheckError("not in a git work tree: --git needs one")
    history = History(root)
    with Log() as log:
        run = Ingest(log, of_home(), since=since)
        run.take(history.outputs(revisions))
        totals = run.run([])
        tell(log)
    totals.records["commit"] = history.commits
    totals.skipped.update(history.skipped)
    return totals


def _watch(log: Log) -> None:
    """Bring the monitor up to date, so that 'trend' and editors need not wait for it."""
    from aicheck_app.monitor.watcher import current

    current(log, of_home().false_alarms)


def _show(totals: Totals, form: str) -> None:
    if form == "json":
        from aicheck_app.report.sinks.json import dumps

        document(dumps(totals.as_dict(), indent=2) + "\n")
    else:
        echo(*_lines(totals))


def _with_progress(run: Ingest, files: list[str]) -> Totals:
    if not sys.stderr.isatty():
        return run.run(files)
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("reading sessions"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=sum(map(size_of, files)))
        return run.run(files, lambda size: bar.advance(task, size))


def _sources(totals: Totals) -> str:
    if totals.records["commit"]:
        return _counted(totals.records["commit"], "commit")
    return f"{_counted(len(totals.sessions), 'session')} in {_counted(totals.files, 'file')}"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _lines(totals: Totals) -> list[str]:
    verdicts = totals.verdicts
    lines = [
        f"{_counted(totals.outputs, 'new output')} from {_sources(totals)}:"
        f" {verdicts['clean']:,} clean, {verdicts['suspect']:,} suspect, {verdicts['unchecked']:,} unchecked"
        + (f"; {totals.known:,} known before" if totals.known else "")
    ]
    for title, counts in (
        ("by tool", totals.by["tool"]), ("by model", totals.by["model"]), ("findings", totals.findings),
        ("rejected edits", totals.rejected), ("failed edits", totals.failed), ("skipped lines and files", totals.skipped),
    ):  # fmt: skip
        if counts:
            listed = ", ".join(f"{name} {n:,}" for name, n in counts.most_common(12))
            lines.append(f"  {title}: {listed}")
    if totals.open:
        lines.append(f"  {_counted(totals.open, 'session')} may go on: what is still missing is read with the next run")
    lines += [f"  settings that count as not there: {trouble}" for trouble in list(totals.troubles)[:MAX_NAMED]]
    return lines + _left(totals)


def _left(totals: Totals) -> list[str]:
    """The files of which something was skipped, as many as one looks through."""
    lines = [f"  skipped: {path}: {reason}" for path, reason in totals.left[:MAX_NAMED]]
    rest = len(totals.left) - len(lines)
    return lines + ([f"  skipped: {rest:,} more (--format json names them)"] if rest else [])
