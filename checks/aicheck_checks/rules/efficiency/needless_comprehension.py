"""A comprehension or generator that only copies into a list, set or dictionary.

## Why it matters
It is slower than the constructor, and says less.

## Instead
Call `list`, `set` or `dict`, or write the comprehension itself.

## When it counts
Found by ruff's C400, C401, C402, C416. It is information, never makes an output
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

_CODES = frozenset({"C400", "C401", "C402", "C416"})


def check(source: Source) -> Iterator[Finding]:
    """Each place that the linter names."""
    return linted(source, "EFF002", _CODES)


RULE = Rule(
    code="EFF002",
    name="needless-comprehension",
    summary="a comprehension that only copies",
    page=__doc__,
    check=check,
    when="parses",
    languages=("python",),
    tier="quality",
    good=(Case("def f(xs):\n    return list(xs)\n"),),
    bad=(Case("def f(xs):\n    return [x for x in xs]\n", line=2),),
)
