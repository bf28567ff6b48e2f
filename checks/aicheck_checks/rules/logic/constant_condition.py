"""A condition that is always true or always false.

## Why it matters
One branch never runs: `x or True`, a comparison of two literals, a tuple as a
condition.

## Instead
Write the condition that was meant, or remove the branch.

## When it counts
Found by ruff's SIM222, SIM223, PLR0133, F634, F631. It is information, never
makes an output suspect, and is shown only when `--quality` (setting `quality`)
or `--select LOG` asks for it; logged outputs always count it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.rule import Case, Rule
from aicheck_checks.rules.linted import linted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.finding import Finding
    from aicheck_checks.source import Source

_CODES = frozenset({"SIM222", "SIM223", "PLR0133", "F634", "F631"})


def check(source: Source) -> Iterator[Finding]:
    """Each place that the linter names."""
    return linted(source, "LOG002", _CODES)


RULE = Rule(
    code="LOG002",
    name="constant-condition",
    summary="a condition that is always true or always false",
    page=__doc__,
    check=check,
    when="parses",
    languages=("python",),
    tier="quality",
    good=(Case("def f(a, b):\n    return a or b\n"),),
    bad=(Case("def f(a):\n    if a or True:\n        return 1\n    return 2\n", line=2),),
)
