"""The same key stands twice in a dictionary, or the same member in a set.

## Why it matters
The first value is lost: one of the keys was meant to be another.

## Instead
Remove one, or write the key that was meant.

## When it counts
Found by ruff's F601, B033. It is information, never makes an output suspect,
and is shown only when `--quality` (setting `quality`) or `--select LOG` asks
for it; logged outputs always count it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.rule import Case, Rule
from aicheck_checks.rules.linted import linted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.finding import Finding
    from aicheck_checks.source import Source

_CODES = frozenset({"F601", "B033"})


def check(source: Source) -> Iterator[Finding]:
    """Each place that the linter names."""
    return linted(source, "LOG010", _CODES)


RULE = Rule(
    code="LOG010",
    name="repeated-key",
    summary="the same key or member stands twice in a literal",
    page=__doc__,
    check=check,
    when="parses",
    languages=("python",),
    tier="quality",
    good=(Case('A = {"x": 1, "y": 2}\n'),),
    bad=(Case('A = {"x": 1, "x": 2}\n', line=1),),
)
