"""A collection is built only to be built or sorted again.

## Why it matters
The inner one is thrown away at once: `sorted(list(x))`, `list(sorted(x))`.

## Instead
Leave the inner call out.

## When it counts
Found by ruff's C413, C414. It is information, never makes an output suspect,
and is shown only when `--quality` (setting `quality`) or `--select EFF` asks
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

_CODES = frozenset({"C413", "C414"})


def check(source: Source) -> Iterator[Finding]:
    """Each place that the linter names."""
    return linted(source, "EFF006", _CODES)


RULE = Rule(
    code="EFF006",
    name="double-cast",
    summary="a collection is built only to be built again",
    page=__doc__,
    check=check,
    when="parses",
    languages=("python",),
    tier="quality",
    good=(Case("def f(xs):\n    return sorted(xs)\n"),),
    bad=(Case("def f(xs):\n    return sorted(list(xs))\n", line=2),),
)
