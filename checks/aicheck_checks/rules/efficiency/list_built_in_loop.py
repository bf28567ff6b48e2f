"""A list is filled by `append` in a loop that does nothing else.

## Why it matters
A comprehension does the same in one line, and faster.

## Instead
Write a comprehension.

## When it counts
Found by ruff's PERF401, PERF402. It is information, never makes an output
suspect, and is shown only when `--quality` (setting `quality`) or `--select
EFF` asks for it; logged outputs always count it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.rule import Case, Rule
from aicheck_checks.rules.linted import linted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.finding import Finding
    from aicheck_checks.source import Source

_CODES = frozenset({"PERF401", "PERF402"})


def check(source: Source) -> Iterator[Finding]:
    """Each place that the linter names."""
    return linted(source, "EFF004", _CODES)


RULE = Rule(
    code="EFF004",
    name="list-built-in-loop",
    summary="a list is filled by append in a loop",
    page=__doc__,
    check=check,
    when="parses",
    languages=("python",),
    tier="quality",
    good=(Case("def f(xs):\n    return [x + 1 for x in xs]\n"),),
    bad=(Case("def f(xs):\n    out = []\n    for x in xs:\n        out.append(x + 1)\n    return out\n", line=4),),
)
