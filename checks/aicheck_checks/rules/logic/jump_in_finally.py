"""A `return`, `break` or `continue` leaves a `finally` block.

## Why it matters
It silently discards the exception that was on its way.

## Instead
Jump after the `try` statement.

## When it counts
Found by ruff's B012. It is information, never makes an output suspect, and is
shown only when `--quality` (setting `quality`) or `--select LOG` asks for it;
logged outputs always count it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.rule import Case, Rule
from aicheck_checks.rules.linted import linted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.finding import Finding
    from aicheck_checks.source import Source

_CODES = frozenset({"B012"})


def check(source: Source) -> Iterator[Finding]:
    """Each place that the linter names."""
    return linted(source, "LOG005", _CODES)


RULE = Rule(
    code="LOG005",
    name="jump-in-finally",
    summary="a jump out of finally swallows the exception",
    page=__doc__,
    check=check,
    when="parses",
    languages=("python",),
    tier="quality",
    good=(Case("def f(a):\n    try:\n        a()\n    finally:\n        a.close()\n"),),
    bad=(Case("def f(a):\n    try:\n        a()\n    finally:\n        return 1\n", line=5),),
)
