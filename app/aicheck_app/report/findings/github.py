"""GitHub Actions workflow commands, which annotate pull requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app.report.findings import in_repository
from aicheck_app.report.sinks.github import data, property_

if TYPE_CHECKING:
    from aicheck_app.checking import Report

_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}


def render(report: Report) -> str:
    """One command a finding
    (https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands)."""
    return "".join(
        f"::{_LEVELS[f.finding.severity]} file={property_(in_repository(f.path))},line={f.start.line},col={f.start.column},"
        f"endLine={f.end.line},endColumn={f.end.column},title={property_(f'{f.finding.code} {f.name}')}"
        f"::{data(f.finding.message)}\n"
        for f in report.findings
    )
