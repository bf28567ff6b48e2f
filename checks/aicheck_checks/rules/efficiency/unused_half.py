"""A loop over `items()` uses only the keys or only the values.

## Why it matters
It makes a pair for each round for nothing.

## Instead
Loop over `keys()` or `values()`.

## When it counts
Found by ruff's PERF102. It is information, never makes an output suspect, and
is shown only when `--quality` (setting `quality`) or `--select EFF` asks for
it; logged outputs always count it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.rule import Case, Rule
from aicheck_checks.rules.linted import linted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.finding import Finding
    from aicheck_checks.source import Source

_CODES = frozenset({"PERF102"})


def check(source: Source) -> Iterator[Finding]:
    """Each place that the linter names."""
    return linted(source, "EFF005", _CODES)


RULE = Rule(
    code="EFF005",
    name="unused-half",
    summary="items() where only keys or values are used",
    page=__doc__,
    check=check,
    when="parses",
    languages=("python",),
    tier="quality",
    good=(Case("def f(d):\n    for value in d.values():\n        print(value)\n"),),
    bad=(Case("def f(d):\n    for _, value in d.items():\n        print(value)\n", line=2),),
)
