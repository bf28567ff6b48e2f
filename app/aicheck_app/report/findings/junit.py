"""JUnit XML, for whatever reads test results: a suspect finding is a failure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app.report.sinks.markup import attribute, xml

if TYPE_CHECKING:
    from aicheck_app.checking import Located, Report
    from aicheck_app.report.findings import View


def render(report: Report, _view: View | None = None) -> str:
    """One suite; a case a finding, and a passing one if there is none; one for what was not checked or did not answer."""
    failures = sum(f.finding.suspect for f in report.findings)
    errors = sum(skip.failed for skip in report.skipped)
    cases = [_case(f) for f in report.findings]
    if not cases and report.whole:
        cases = ['    <testcase classname="aicheck" name="clean"/>\n']
    skipped = [_other(path, "skipped", reason) for path, reason in report.unchecked]
    skipped += [_other(skip.name, "skipped", skip.words) for skip in report.skipped if not skip.failed]
    failed = [_other(skip.name, "error", skip.words) for skip in report.skipped if skip.failed]
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<testsuites>\n'
        f'  <testsuite name="aicheck" tests="{len(cases) + len(skipped) + len(failed)}" failures="{failures}"'
        f' errors="{errors}" skipped="{len(skipped)}">\n'
        f"{''.join(cases + skipped + failed)}  </testsuite>\n</testsuites>\n"
    )


def _other(name: str, kind: str, reason: str) -> str:
    """A case that tells why there is no answer."""
    return (
        f'    <testcase classname="aicheck" name={attribute(name)}><{kind} message={attribute(reason)}/></testcase>\n'
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
