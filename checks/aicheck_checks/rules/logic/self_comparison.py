"""A value is compared with itself.

## Why it matters
The result is known beforehand: one side was meant to be something else.

## Instead
Compare with the value that was meant.

## When it counts
Found by ruff's PLR0124. It is information, never makes an output suspect, and
is shown only when `--quality` (setting `quality`) or `--select LOG` asks for
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

_CODES = frozenset({"PLR0124"})


def check(source: Source) -> Iterator[Finding]:
    """Each place that the linter names."""
    return linted(source, "LOG001", _CODES)


RULE = Rule(
    code="LOG001",
    name="self-comparison",
    summary="a value is compared with itself",
    page=__doc__,
    check=check,
    when="parses",
    languages=("python",),
    tier="quality",
    good=(Case("def f(a, b):\n    return a == b\n"),),
    bad=(Case("def f(a):\n    return a == a\n", line=2),),
)
