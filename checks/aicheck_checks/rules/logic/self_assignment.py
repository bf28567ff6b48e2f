"""A variable is assigned to itself.

## Why it matters
It does nothing: one side was meant to be something else.

## Instead
Assign what was meant, or remove the line.

## When it counts
Found by ruff's PLW0127. It is information, never makes an output suspect, and
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

_CODES = frozenset({"PLW0127"})


def check(source: Source) -> Iterator[Finding]:
    """Each place that the linter names."""
    return linted(source, "LOG009", _CODES)


RULE = Rule(
    code="LOG009",
    name="self-assignment",
    summary="a variable is assigned to itself",
    page=__doc__,
    check=check,
    when="parses",
    languages=("python",),
    tier="quality",
    good=(Case("def f(a):\n    b = a\n    return b\n"),),
    bad=(Case("def f(a):\n    a = a\n    return a\n", line=2),),
)
