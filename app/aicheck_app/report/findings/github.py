"""GitHub Actions workflow commands, which annotate pull requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app.report.findings import in_repository
from aicheck_app.report.sinks.github import data, property_

if TYPE_CHECKING:
    from aicheck_app.checking import Report

_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}


def render(report: Report) -> str:
    """One command a finding, a file that was not checked, and a rule or tool that did not answer
    (https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands)."""
    commands = [
        f"::{_LEVELS[f.finding.severity]} file={property_(in_repository(f.path))},line={f.start.line},col={f.start.column},"
        f"endLine={f.end.line},endColumn={f.end.column},title={property_(f'{f.finding.code} {f.name}')}"
        f"::{data(f.finding.message)}\n"
        for f in report.findings
    ]
    commands += [
        f"::warning file={property_(path)},title=unchecked::{data(reason)}\n" for path, reason in report.unchecked
    ]
    commands += [
        f"::{'warning' if skip.failed else 'notice'} title={property_(f'{skip.name} skipped')}::{data(skip.words)}\n"
        for skip in report.skipped
    ]
    return "".join(commands)
