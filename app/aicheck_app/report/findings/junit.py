"""JUnit XML, for whatever reads test results: a suspect finding is a failure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from aicheck_app.checking import Located, Report

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report) -> str:
    """One suite; a case a finding, and a passing one if there is none."""
    failures = sum(f.finding.suspect for f in report.findings)
    cases = [_case(f) for f in report.findings] or ['    <testcase classname="aicheck" name="clean"/>\n']
    skipped = [
        f'    <testcase classname="aicheck" name={_quoted(path)}><skipped message={_quoted(reason)}/></testcase>\n'
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
    name = _quoted(f"{located.path}:{located.start.line} {f.code}")
    message = _quoted(f.message)
    if f.suspect:
        inner = f"<failure type={_quoted(located.name)} message={message}/>"
    else:
        inner = f"<system-out>{escape(_clean(f.message))}</system-out>"
    return f'    <testcase classname="aicheck.{located.family}" name={name}>{inner}</testcase>\n'


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("?", text)


def _quoted(text: str) -> str:
    return quoteattr(_clean(text))
