"""A value is compared with a literal by `is`.

## Why it matters
Whether two equal literals are the same object is up to the interpreter.

## Instead
Compare with `==`.

## When it counts
Found by ruff's F632. It is information, never makes an output suspect, and is
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

_CODES = frozenset({"F632"})


def check(source: Source) -> Iterator[Finding]:
    """Each place that the linter names."""
    return linted(source, "LOG004", _CODES)


RULE = Rule(
    code="LOG004",
    name="literal-identity",
    summary="identity of a literal is asked, not equality",
    page=__doc__,
    check=check,
    when="parses",
    languages=("python",),
    tier="quality",
    good=(Case('def f(a):\n    return a == "x"\n'),),
    bad=(Case('def f(a):\n    return a is "x"\n', line=2),),
)
