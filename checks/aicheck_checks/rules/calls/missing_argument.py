"""A call leaves out an argument that the function needs.

## Why it matters
The call fails with a `TypeError`.

## Instead
Pass the argument that the finding names.

## When it counts
As for API001: by pylint's inference, on demand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.rule import Case, Rule
from aicheck_checks.rules.calls.inferred import findings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.finding import Finding
    from aicheck_checks.source import Source

_SYMBOLS = frozenset({"no-value-for-parameter", "missing-kwoa"})


def check(source: Source) -> Iterator[Finding]:
    """Each of pylint's messages of this kind."""
    return findings(source, "API004", _SYMBOLS)


RULE = Rule(
    code="API004",
    name="missing-argument",
    summary="a call without an argument that the function needs",
    page=__doc__,
    check=check,
    when="parses",
    languages=("python",),
    tier="deep",
    good=(Case('import shutil\nshutil.copy("a", "b")\n'),),
    bad=(Case('import shutil\nshutil.copy("a")\n', line=2, says="'dst'"),),
)
