"""Running ``aicheck check``: from targets to printed findings and an exit code. Knows no click."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from aicheck_app.checking import Report, Target, check_targets, files_of
from aicheck_app.cli.fault import failed
from aicheck_app.errors import AicheckError
from aicheck_app.report.sinks import terminal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicheck_app.config import Config
    from aicheck_checks.settings import Settings

MANY = 400
"""From this many files on, a terminal gets a progress bar."""
FOR_PEOPLE = ("text", "concise")
"""Formats that are printed in the terminal's encoding; those for machines are UTF-8."""


def run_plain(paths: Sequence[str]) -> int:
    """``aicheck check PATH...`` with the project's settings and text output."""
    try:
        from aicheck_app.config import load

        config = load()
        tell_refused(config)
        return show(check_all(list(files_of(paths)), config.checks), "text")
    except AicheckError as error:
        terminal.echo(f"aicheck: {error}", err=True)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told
        return failed(error)


def tell_refused(config: Config) -> None:
    """Say which settings of the repository are not followed."""
    for refused in config.refused:
        terminal.echo(f"aicheck: {refused}", err=True)


def check_all(targets: list[Target], settings: Settings) -> Report:
    """Check the targets, with a progress bar where that takes long and somebody looks."""
    if len(targets) < MANY or not sys.stderr.isatty():
        return check_targets(targets, settings)
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("checking", total=len(targets))
        return check_targets(targets, settings, lambda done: bar.advance(task, done))


def show(report: Report, form: str) -> int:
    """Print a report in a format; the exit code: 1 for suspect findings, 2 if nothing could be checked."""
    from importlib import import_module

    text: str = import_module(f"aicheck_app.report.findings.{form}").render(report)
    (terminal.write if form in FOR_PEOPLE else terminal.document)(text)
    missing = [path for path, reason in report.unchecked if reason in ("no such file", "not a regular file")]
    terminal.echo(*(f"aicheck: {path}: no such file" for path in missing), err=True)
    return 1 if report.suspect else 2 if missing else 0
