"""One line a finding: ``path:line:column: CODE message``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app.report.findings import View, unchecked
from aicheck_app.report.sinks.plain import line

if TYPE_CHECKING:
    from aicheck_app.checking import Report


def render(report: Report, view: View = View()) -> str:  # noqa: B008 - never changed
    """The findings, then unless it is to be ``quiet`` what was not checked, and what did not answer."""
    said = [f"{f.path}:{f.start.line}:{f.start.column}: {f.finding.code} {f.finding.message}" for f in report.findings]
    said += [] if view.quiet else unchecked.lines(report, verbose=view.verbose)
    said += [f"{skip.name}: did not answer: {skip.words}" for skip in report.skipped if skip.failed]
    return "".join(f"{line(one)}\n" for one in said)
