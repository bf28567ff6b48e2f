"""Code stands behind a `return`, `raise`, `break` or `continue` of the same block.

## Why it matters
It never runs: the jump is too early, or the code is a leftover.

## Instead
Move or remove the code.

## When it counts
Found by pylint's unreachable. It is information, never makes an output suspect,
and is shown only when `--quality` (setting `quality`) or `--select LOG` asks
for it; logged outputs always count it. It needs `--deep` too, since it takes
seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.rule import Case, Rule
from aicheck_checks.rules.linted import inferred

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.finding import Finding
    from aicheck_checks.source import Source

_CODES = frozenset({"unreachable"})


def check(source: Source) -> Iterator[Finding]:
    """Each place that the linter names."""
    return inferred(source, "LOG011", _CODES)


RULE = Rule(
    code="LOG011",
    name="unreachable-code",
    summary="code that can never run",
    page=__doc__,
    check=check,
    when="parses",
    languages=("python",),
    tier="deep",
    good=(Case("def f(a):\n    if a:\n        return 1\n    return 2\n"),),
    bad=(Case("def f(a):\n    return 1\n    print(a)\n", line=3),),
)
