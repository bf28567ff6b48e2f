"""GitHub Actions workflow commands, which annotate pull requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app.report.findings import View, in_repository, unchecked
from aicheck_app.report.sinks.github import data, property_

if TYPE_CHECKING:
    from aicheck_app.checking import Report

_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}


def render(report: Report, view: View = View()) -> str:  # noqa: B008 - never changed
    """One command a finding, a rule or tool that did not answer, and a file that could not be read; one for all others
    that were not checked, since a step has no more than ten annotations
    (https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands)."""
    commands = [
        f"::{_LEVELS[f.finding.severity]} file={property_(in_repository(f.path))},line={f.start.line},col={f.start.column},"
        f"endLine={f.end.line},endColumn={f.end.column},title={property_(f'{f.finding.code} {f.name}')}"
        f"::{data(f.finding.message)}\n"
        for f in report.findings
    ]
    others = [one for one in report.unchecked if one not in report.failed]
    named = report.unchecked if view.verbose or len(others) == 1 else report.failed
    commands += [f"::warning file={property_(path)},title=unchecked::{data(reason)}\n" for path, reason in named]
    if others and len(named) < len(report.unchecked):
        commands.append(f"::notice title=unchecked::{data(unchecked.counted(others))}\n")
    commands += [
        f"::{'warning' if skip.failed else 'notice'} title={property_(f'{skip.name} skipped')}::{data(skip.words)}\n"
        for skip in report.skipped
    ]
    return "".join(commands)
