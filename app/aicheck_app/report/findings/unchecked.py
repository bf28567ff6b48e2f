"""What was not checked, for people: one line that says how many files and why, or each file by its name."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aicheck_app.checking import Report

SHOWN = 5
"""Reasons that are told in the one line, the most frequent ones."""
_ACRONYMS = frozenset({"css", "html", "json", "php", "scss", "sql", "toml", "yaml"})


def lines(report: Report, *, verbose: bool) -> list[str]:
    """What was not checked: each file with its reason if ``verbose`` or if it failed, all others in one line."""
    others = [one for one in report.unchecked if one not in report.failed]
    if verbose or len(others) == 1:
        return [_named(*one) for one in report.unchecked]
    return [*(_named(*one) for one in report.failed), *([counted(others)] if others else [])]


def _named(path: str, reason: str) -> str:
    return f"{path}: unchecked: {reason}"


def counted(unchecked: list[tuple[str, str]]) -> str:
    """How many files were not checked, by what they are or why."""
    reasons = Counter(_label(*one) for one in unchecked).most_common()
    told = [f"{number:,} {what}" if known else f"{what} ({number:,})" for (what, known), number in reasons[:SHOWN]]
    rest = sum(number for _, number in reasons[SHOWN:])
    told += [f"other reasons ({rest:,})"] if rest else []
    return f"{len(unchecked):,} not checked: {', '.join(told)}; -v names them"


def _label(path: str, reason: str) -> tuple[str, bool]:
    """What stands for a file: its language where that has no grammar here (and True), else the reason without its details."""
    from aicheck_checks.languages import language_of

    language = language_of(path)
    if language is not None and reason == language.missing:
        return language.name.upper() if language.name in _ACRONYMS else language.name.capitalize(), True
    return reason.partition(": ")[0].partition(" (")[0], False
