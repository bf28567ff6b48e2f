"""Findings as JSON, version 1: stable, documented in docs/formats.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicheck_app.report.sinks.json import dumps

if TYPE_CHECKING:
    from aicheck_app.checking import Located, Report
    from aicheck_app.report.findings import View


def render(report: Report, _view: View | None = None) -> str:
    """One JSON object and a newline."""
    return dumps(document(report), indent=2) + "\n"


def document(report: Report) -> dict[str, Any]:
    """The object as plain data."""
    return {
        "version": 1,
        "files": report.files,
        "unchecked": [{"path": path, "reason": reason} for path, reason in report.unchecked],
        "skipped": [skip._asdict() for skip in report.skipped],
        "findings": [_finding(located) for located in report.findings],
    }


def _finding(located: Located) -> dict[str, Any]:
    finding = located.finding
    row: dict[str, Any] = {
        "code": finding.code,
        "name": located.name,
        "family": located.family,
        "message": finding.message,
        "path": located.path,
        "language": located.language,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "start": {"line": located.start.line, "column": located.start.column},
        "end": {"line": located.end.line, "column": located.end.column},
    }
    if finding.reasons:
        row["reasons"] = list(finding.reasons)
    if finding.fix is not None:
        edits = [{"start": e.start, "end": e.end, "text": e.text} for e in finding.fix.edits]
        row["fix"] = {"title": finding.fix.title, "edits": edits}
    return row
