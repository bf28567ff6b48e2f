"""Findings for people: the place, the cause, the lines round it, a closing line."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from aicheck_app.report.sinks.plain import line, visible

if TYPE_CHECKING:
    from aicheck_app.checking import Located, Report

_COLOURS = {"error": "1;31", "warning": "1;33", "info": "1;36", "dim": "2", "bold": "1", "good": "1;32"}


def render(report: Report) -> str:
    """The findings, what was not checked, what did not answer, and a summary; colour only on a terminal."""
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    parts = [_finding(located, colour) for located in report.findings]
    parts += [f"{line(f'{path}: unchecked: {reason}')}\n" for path, reason in report.unchecked]
    parts += [f"{line(f'{skip.name}: did not answer: {skip.words}')}\n" for skip in report.skipped if skip.failed]
    return "".join(parts) + _summary(report, colour)


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
    checked = f"{report.files} file{'s' * (report.files != 1)} checked"
    left = f", {len(report.unchecked)} unchecked" if report.unchecked else ""
    if suspect:
        return _paint(f"{suspect} suspect", "error", colour) + f" of {checked}{left}\n"
    notes = len(report.findings)
    noted = f", {notes} note{'s' * (notes != 1)}" if notes else ""
    verdict = _paint("clean", "good", colour) if report.whole else _paint("incomplete", "warning", colour)
    return f"{verdict}: {checked}{noted}{left}\n"
