"""Findings as SARIF 2.1.0."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app.report import sarif
from aicheck_app.report.findings import in_repository

if TYPE_CHECKING:
    from aicheck_app.checking import Report


def render(report: Report) -> str:
    """A SARIF log with one result a finding."""
    results = [
        sarif.Result(
            f.finding.code, f.finding.message, in_repository(f.path), f.finding.severity, f.finding.confidence,
            f.start.line, f.start.column, f.end.line, max(f.end.column, 1), "\n".join(f.context), {},
        )
        for f in report.findings
    ]  # fmt: skip
    return sarif.render(results, automation="aicheck/check/")
