"""An expression whose value nobody uses.

## Why it matters
A comparison or a name alone on a line does nothing: an `assert`, an assignment
or a call was meant.

## Instead
Use the value, or remove the line.

## When it counts
Found by ruff's B015, B018. It is information, never makes an output suspect,
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

_CODES = frozenset({"B015", "B018"})


def check(source: Source) -> Iterator[Finding]:
    """Each place that the linter names."""
    return linted(source, "LOG003", _CODES)


RULE = Rule(
    code="LOG003",
    name="useless-expression",
    summary="an expression whose value nobody uses",
    page=__doc__,
    check=check,
    when="parses",
    languages=("python",),
    tier="quality",
    good=(Case("def f(a):\n    assert a == 1\n"),),
    bad=(Case("def f(a):\n    a == 1\n    return a\n", line=2),),
)
