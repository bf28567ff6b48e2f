"""Running ``aicheck check``: from targets to printed findings and an exit code. Knows no click."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from aicheck_app.checking import Report, check_targets
from aicheck_app.cli.fault import FAILED
from aicheck_app.files import Target, files_of
from aicheck_app.report.findings import View
from aicheck_app.report.sinks import terminal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicheck_app.config import Config
    from aicheck_checks.settings import Settings

MANY = 400
"""From this many files on, a terminal gets a progress bar."""
FOR_PEOPLE = ("text", "concise", "statistics")
"""Formats that are printed in the terminal's encoding; those for machines are UTF-8."""


def run_plain(paths: Sequence[str]) -> int:
    """``aicheck check PATH...`` with the project's settings and text output."""
    from aicheck_app.config import load

    config = load()
    tell_refused(config)
    targets = list(files_of(paths, config.excludes))
    tell_nothing_found(targets)
    report = check_all(targets, config.checks)
    show(report if config.notes else report.without_notes(), "text")
    return exit_code(report)


def tell_refused(config: Config) -> None:
    """Say which settings of the repository are not followed."""
    for refused in config.refused:
        terminal.echo(f"aicheck: {refused}", err=True)


def tell_nothing_found(targets: Sequence[Target], where: str = "no files found to check") -> None:
    """Say that there was nothing to look at: what was not looked at is not clean."""
    if not targets:
        terminal.echo(f"aicheck: {where} (what is excluded or ignored is not looked for)", err=True)


def check_all(targets: list[Target], settings: Settings) -> Report:
    """Check the targets, with a progress bar where that takes long and somebody looks."""
    if len(targets) < MANY or not sys.stderr.isatty():
        return check_targets(targets, settings)
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("checking", total=len(targets))
        return check_targets(targets, settings, lambda done: bar.advance(task, done))


def exit_code(report: Report, *, exit_zero: bool = False) -> int:
    """1 for suspect findings, unless they are to be none of the caller's business; 2 if something that was asked did not answer."""
    return 1 if report.suspect and not exit_zero else 0 if report.whole else FAILED


def show(report: Report, form: str, view: View = View(), *, statistics: bool = False, output: str = "") -> None:  # noqa: B008 - never changed
    """Print a report in a format, or write it to a file. A reader that goes away early changes nothing about what was found."""
    colour = not output and sys.stdout is not None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    try:
        _print(report, "statistics" if statistics else form, view._replace(colour=colour), output)
    except BrokenPipeError:
        terminal.hush(sys.stdout)


def _print(report: Report, form: str, view: View, output: str) -> None:
    from importlib import import_module

    module = import_module(f"aicheck_app.report.findings.{form}")
    text: str = module.render(report, view)
    if output:
        _write(output, text)
    else:
        (terminal.write if form in FOR_PEOPLE else terminal.document)(text)
    aside: list[str] = module.aside(report, view) if hasattr(module, "aside") else []
    failed = [f"{path}: {reason}" for path, reason in report.failed] if not aside else []
    terminal.echo(*(f"aicheck: {one}" for one in (*aside, *failed)), err=True)


def _write(path: str, text: str) -> None:
    from aicheck_app.errors import AicheckError
    from aicheck_app.writing import replace

    try:
        replace(path, text.encode("utf-8", "backslashreplace").decode("utf-8"))
    except OSError as error:
        raise AicheckError(f"{path} can't be written: {error.strerror}") from error
