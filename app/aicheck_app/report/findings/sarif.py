"""Findings as SARIF 2.1.0."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app.report import sarif
from aicheck_app.report.findings import in_repository

if TYPE_CHECKING:
    from aicheck_app.checking import Report
    from aicheck_app.report.findings import View


def render(report: Report, _view: View | None = None) -> str:
    """A SARIF log with one result a finding, and a notification for what was not checked or did not answer."""
    results = [
        sarif.Result(
            f.finding.code, f.finding.message, in_repository(f.path), f.finding.severity, f.finding.confidence,
            f.start.line, f.start.column, f.end.line, max(f.end.column, 1), "\n".join(f.context), {},
        )
        for f in report.findings
    ]  # fmt: skip
    notes = [sarif.Note(f"unchecked: {reason}", in_repository(path), "warning") for path, reason in report.unchecked]
    notes += [
        sarif.Note(f"{skip.name} did not answer: {skip.words}", "", "error" if skip.failed else "note")
        for skip in report.skipped
    ]
    return sarif.render(results, automation="aicheck/check/", notes=notes, whole=report.whole)
