"""GitLab's Code Quality report (https://docs.gitlab.com/ci/testing/code_quality/)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app import hashing
from aicheck_app.report.findings import in_repository, unchecked
from aicheck_app.report.sinks.json import dumps

if TYPE_CHECKING:
    from aicheck_app.checking import Report
    from aicheck_app.report.findings import View

_SEVERITIES = {"error": "major", "warning": "minor", "info": "info"}


def render(report: Report, _view: View | None = None) -> str:
    """A JSON array with an entry a finding."""
    rows = []
    for number, f in enumerate(report.findings):
        path = in_repository(f.path)
        identity = f"{path}\0{f.finding.code}\0{f.finding.message}\0{number if f.context == () else f.context}"
        rows.append(
            {
                "description": f"{f.finding.code}: {f.finding.message}",
                "check_name": f.name,
                "fingerprint": hashing.of_text(identity),
                "severity": _SEVERITIES[f.finding.severity],
                "location": {"path": path, "lines": {"begin": f.start.line}},
            }
        )
    return dumps(rows, indent=1) + "\n"


def aside(report: Report, view: View) -> list[str]:
    """What the format has no place for, in lines for standard error."""
    return unchecked.lines(report, verbose=view.verbose) + [
        f"{skip.name}: skipped: {skip.words}" for skip in report.skipped
    ]
