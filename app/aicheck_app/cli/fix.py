"""``aicheck check --fix``: repairing files and telling of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app.checking import Report, check_targets, joined
from aicheck_app.errors import AicheckError
from aicheck_app.report.sinks.plain import visible
from aicheck_app.report.sinks.terminal import echo, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicheck_app.files import Target
    from aicheck_app.fixing import Repaired
    from aicheck_checks.settings import Settings


def preview(targets: Sequence[Target], report: Report, settings: Settings) -> None:
    """Print what ``fix`` would do, as a diff on standard output that holds nothing else; nothing is written."""
    from aicheck_app import fixing

    files = 0
    for one in fixing.repaired(targets, report, settings):
        files += 1
        try:
            write(_diff(one))
        except BrokenPipeError:  # the reader has seen enough
            return
    would = (
        f"--fix would change {files:,} file{'s' * (files != 1)}" if files else "there is nothing that --fix can repair"
    )
    echo(f"aicheck: {would}; nothing was written", err=True)


def fix(targets: Sequence[Target], report: Report, settings: Settings) -> Report:
    """Repair what can be repaired; the report of what is left then. A file that can't be written costs no other."""
    from aicheck_app import fixing

    changed: list[Target] = []
    failed: list[tuple[str, str]] = []
    for one in fixing.repaired(targets, report, settings):
        try:
            fixing.write(one)
        except AicheckError as error:
            failed.append((one.target.path, f"not fixed: {error}"))
            continue
        changed.append(one.target._replace(text=None))
        echo(f"aicheck: fixed {one.target.path}: {', '.join(one.done)}", err=True)
    kept = _without(report, {target.path for target in changed})
    return joined([kept._replace(failed=[*kept.failed, *failed]), check_targets(changed, settings)])


def _without(report: Report, paths: set[str]) -> Report:
    """A report without these files."""
    kept = [located for located in report.findings if located.path not in paths]
    return report._replace(findings=kept, files=report.files - len(paths))


def _diff(one: Repaired) -> str:
    from difflib import unified_diff

    before, after = one.before.split("\n"), one.after.split("\n")
    lines = unified_diff(before, after, one.target.path, f"{one.target.path} (fixed)", lineterm="")
    return "".join(f"{visible(line, chr(9))}\n" for line in lines)
