"""Findings for people: the place, the cause, the lines round it, a closing line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app.report.findings import View, unchecked
from aicheck_app.report.sinks.plain import line, visible

if TYPE_CHECKING:
    from aicheck_app.checking import Located, Report

_COLOURS = {"error": "1;31", "warning": "1;33", "info": "1;36", "dim": "2", "bold": "1", "good": "1;32"}


def render(report: Report, view: View = View()) -> str:  # noqa: B008 - never changed
    """The findings, what was not checked, what did not answer, and unless it is to be ``quiet`` a summary."""
    parts = [_finding(located, view.colour) for located in report.findings]
    if not view.quiet:
        parts += [f"{line(one)}\n" for one in unchecked.lines(report, verbose=view.verbose)]
    parts += [f"{line(f'{skip.name}: did not answer: {skip.words}')}\n" for skip in report.skipped if skip.failed]
    return "".join(parts) + ("" if view.quiet else _summary(report, view.colour))


def _paint(text: str, kind: str, colour: bool) -> str:
    return f"\x1b[{_COLOURS[kind]}m{text}\x1b[0m" if colour else text


def _finding(located: Located, colour: bool) -> str:
    finding = located.finding
    sure = "" if finding.confidence == "high" else f", {finding.confidence} confidence"
    head = (
        f"{_paint(line(f'{located.path}:{located.start.line}:{located.start.column}'), 'bold', colour)}: "
        f"{_paint(f'{finding.code} {located.name}', finding.severity, colour)} ({finding.severity}{sure})\n"
        f"{line(f'  {finding.message}')}\n"
    )
    width = len(str(located.context_line + len(located.context)))
    lines = []
    for number, text in enumerate(located.context, located.context_line):
        mark = ">" if number == located.start.line else " "
        lines.append(_paint(f"  {mark} {number:>{width}} | ", "dim", colour) + visible(text, "\t") + "\n")
    fix = f"  fix: {visible(finding.fix.title)}\n" if finding.fix else ""
    return head + "".join(lines) + fix + "\n"


def _summary(report: Report, colour: bool) -> str:
    suspect = len({f.path for f in report.findings if f.finding.suspect})
    checked = f"{report.files:,} file{'s' * (report.files != 1)} checked"
    left = f", {len(report.unchecked):,} unchecked" if report.unchecked else ""
    left += f", {report.known:,} known by the baseline" if report.known else ""
    left += f", {_count(report.hidden_notes, 'note')} hidden (--notes shows them)" if report.hidden_notes else ""
    if suspect:
        return f"{_paint(f'{suspect:,} suspect', 'error', colour)} of {checked}{left}\n"
    if not report.files and report.whole:
        return f"nothing checked{left}\n"
    verdict = _paint("clean", "good", colour) if report.whole else _paint("incomplete", "warning", colour)
    return f"{verdict}: {checked}{''.join(f', {one}' for one in _others(report))}{left}\n"


def _others(report: Report) -> list[str]:
    """The findings that make nothing suspect, counted by what they are."""
    kinds = ["note" if f.finding.note else f.finding.severity for f in report.findings if not f.finding.suspect]
    named = ((kinds.count(kind), name) for kind, name in (("warning", "warning"), ("info", "hint"), ("note", "note")))
    return [_count(number, name) for number, name in named if number]


def _count(number: int, name: str) -> str:
    return f"{number:,} {name}{'s' * (number != 1)}"
