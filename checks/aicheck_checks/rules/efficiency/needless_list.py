"""A list is built only to be asked `any()` or `all()`.

## Why it matters
The whole list is made before the first element is looked at.

## Instead
Pass the generator: `any(f(x) for x in xs)`.

## When it counts
Found by ruff's C419. It is information, never makes an output suspect, and is
shown only when `--quality` (setting `quality`) or `--select EFF` asks for it;
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

_CODES = frozenset({"C419"})


def check(source: Source) -> Iterator[Finding]:
    """Each place that the linter names."""
    return linted(source, "EFF001", _CODES)


RULE = Rule(
    code="EFF001",
    name="needless-list",
    summary="a list is built only to be asked any() or all()",
    page=__doc__,
    check=check,
    when="parses",
    languages=("python",),
    tier="quality",
    good=(Case("def f(xs):\n    return any(x > 1 for x in xs)\n"),),
    bad=(Case("def f(xs):\n    return any([x > 1 for x in xs])\n", line=2),),
)
