"""Membership is asked of `keys()` instead of the dictionary.

## Why it matters
It makes a view for nothing.

## Instead
Ask the dictionary.

## When it counts
Found by ruff's SIM118. It is information, never makes an output suspect, and is
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

_CODES = frozenset({"SIM118"})


def check(source: Source) -> Iterator[Finding]:
    """Each place that the linter names."""
    return linted(source, "EFF003", _CODES)


RULE = Rule(
    code="EFF003",
    name="keys-membership",
    summary="membership is asked of keys() instead of the dictionary",
    page=__doc__,
    check=check,
    when="parses",
    languages=("python",),
    tier="quality",
    good=(Case('def f(d: dict[str, int]) -> bool:\n    return "a" in d\n'),),
    bad=(Case('def f(d: dict[str, int]) -> bool:\n    return "a" in d.keys()\n', line=2),),
)
