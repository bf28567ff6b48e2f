"""`startswith` or `endswith` is called once for each prefix.

## Why it matters
One call takes them all as a tuple.

## Instead
Pass a tuple: `s.startswith(("a", "b"))`.

## When it counts
Found by ruff's PIE810. It is information, never makes an output suspect, and is
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

_CODES = frozenset({"PIE810"})


def check(source: Source) -> Iterator[Finding]:
    """Each place that the linter names."""
    return linted(source, "EFF007", _CODES)


RULE = Rule(
    code="EFF007",
    name="repeated-prefix-test",
    summary="startswith is called once per prefix",
    page=__doc__,
    check=check,
    when="parses",
    languages=("python",),
    tier="quality",
    good=(Case('def f(s: str) -> bool:\n    return s.startswith(("a", "b"))\n'),),
    bad=(Case('def f(s: str) -> bool:\n    return s.startswith("a") or s.startswith("b")\n', line=2),),
)
