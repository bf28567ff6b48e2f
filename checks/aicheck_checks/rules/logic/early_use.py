"""A variable is used before it is assigned.

## Why it matters
The code fails with an `UnboundLocalError` or a `NameError`.

## Instead
Assign first.

## When it counts
Found by pylint's used-before-assignment. It is information, never makes an
output suspect, and is shown only when `--quality` (setting `quality`) or
`--select LOG` asks for it; logged outputs always count it. It needs `--deep`
too, since it takes seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.rule import Case, Rule
from aicheck_checks.rules.linted import inferred

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.finding import Finding
    from aicheck_checks.source import Source

_CODES = frozenset({"used-before-assignment"})


def check(source: Source) -> Iterator[Finding]:
    """Each place that the linter names."""
    return inferred(source, "LOG012", _CODES)


RULE = Rule(
    code="LOG012",
    name="early-use",
    summary="a variable is used before it has a value",
    page=__doc__,
    check=check,
    when="parses",
    languages=("python",),
    tier="deep",
    good=(Case("def f():\n    a = 1\n    return a\n"),),
    bad=(Case("def f():\n    print(a)\n    a = 1\n    return a\n", line=2),),
)
