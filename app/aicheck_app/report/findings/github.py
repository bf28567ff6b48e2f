"""GitHub Actions workflow commands, which annotate pull requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aicheck_app.checking import Report

_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}


def render(report: Report) -> str:
    """One command a finding
    (https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands)."""
    return "".join(
        f"::{_LEVELS[f.finding.severity]} file={_property(f.path)},line={f.start.line},col={f.start.column},"
        f"endLine={f.end.line},endColumn={f.end.column},title={_property(f'{f.finding.code} {f.name}')}"
        f"::{_data(f.finding.message)}\n"
        for f in report.findings
    )


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
