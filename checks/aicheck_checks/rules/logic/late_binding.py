"""A function made in a loop uses a variable of the loop.

## Why it matters
It sees the value of the last round, whichever round made it.

## Instead
Bind the value as a default of a parameter.

## When it counts
Found by ruff's B023. It is information, never makes an output suspect, and is
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

_CODES = frozenset({"B023"})


def check(source: Source) -> Iterator[Finding]:
    """Each place that the linter names."""
    return linted(source, "LOG008", _CODES)


RULE = Rule(
    code="LOG008",
    name="late-binding",
    summary="a function in a loop uses the loop variable too late",
    page=__doc__,
    check=check,
    when="parses",
    languages=("python",),
    tier="quality",
    good=(Case("def f(xs):\n    return [lambda x=x: x for x in xs]\n"),),
    bad=(Case("def f(xs):\n    out = {}\n    for x in xs:\n        out[x] = lambda: x\n    return out\n", line=4),),
)
