"""A parameter has a mutable default value.

## Why it matters
All calls share the one list or dictionary; what one call adds the next one
sees.

## Instead
Use `None` and make the value inside.

## When it counts
Found by ruff's B006. It is information, never makes an output suspect, and is
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

_CODES = frozenset({"B006"})


def check(source: Source) -> Iterator[Finding]:
    """Each place that the linter names."""
    return linted(source, "LOG007", _CODES)


RULE = Rule(
    code="LOG007",
    name="shared-default",
    summary="a default value that all calls share",
    page=__doc__,
    check=check,
    when="parses",
    languages=("python",),
    tier="quality",
    good=(Case("def f(a=None):\n    return a or []\n"),),
    bad=(Case("def f(a=[]):\n    a.append(1)\n    return a\n", line=1),),
)
