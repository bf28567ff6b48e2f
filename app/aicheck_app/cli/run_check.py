"""Running ``aicheck check``: from targets to printed findings and an exit code. Knows no click."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from aicheck_app.checking import Report, check_targets
from aicheck_app.cli.fault import FAILED
from aicheck_app.files import Target, files_of
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
    from aicheck_app.config import load

    config = load()
    tell_refused(config)
    return show(check_all(list(files_of(paths)), config.checks), "text")


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
    """Print a report in a format; the exit code: 1 for suspect findings, 2 if something that was asked did not answer.

    A reader that goes away early changes nothing about what was found.
    """
    code = 1 if report.suspect else 0 if report.whole else FAILED
    try:
        _print(report, form)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def _print(report: Report, form: str) -> None:
    from importlib import import_module

    module = import_module(f"aicheck_app.report.findings.{form}")
    (terminal.write if form in FOR_PEOPLE else terminal.document)(module.render(report))
    aside: list[str] = module.aside(report) if hasattr(module, "aside") else []
    failed = [f"{path}: {reason}" for path, reason in report.failed] if not aside else []
    terminal.echo(*(f"aicheck: {one}" for one in (*aside, *failed)), err=True)
