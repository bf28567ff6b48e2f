"""JUnit XML, for whatever reads test results: a suspect finding is a failure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app.report.sinks.markup import attribute, xml

if TYPE_CHECKING:
    from aicheck_app.checking import Located, Report


def render(report: Report) -> str:
    """One suite; a case a finding, and a passing one if there is none."""
    failures = sum(f.finding.suspect for f in report.findings)
    cases = [_case(f) for f in report.findings] or ['    <testcase classname="aicheck" name="clean"/>\n']
    skipped = [
        f'    <testcase classname="aicheck" name={attribute(path)}><skipped message={attribute(reason)}/></testcase>\n'
        for path, reason in report.unchecked
    ]
    count = len(cases) + len(skipped)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<testsuites>\n'
        f'  <testsuite name="aicheck" tests="{count}" failures="{failures}" errors="0" skipped="{len(skipped)}">\n'
        f"{''.join(cases + skipped)}  </testsuite>\n</testsuites>\n"
    )


def _case(located: Located) -> str:
    f = located.finding
    name = attribute(f"{located.path}:{located.start.line} {f.code}")
    message = attribute(f.message)
    if f.suspect:
        inner = f"<failure type={attribute(located.name)} message={message}/>"
    else:
        inner = f"<system-out>{xml(f.message)}</system-out>"
    return f'    <testcase classname="aicheck.{located.family}" name={name}>{inner}</testcase>\n'
