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

from aicheck_checks.analysis.inferred import findings
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.finding import Found
    from aicheck_checks.source import Source

_SYMBOLS = frozenset({"no-value-for-parameter", "missing-kwoa"})


def check(source: Source) -> Iterator[Found]:
    """Each of pylint's messages of this kind."""
    return findings(source, _SYMBOLS)


RULE = Rule(
    code="API004",
    name="missing-argument",
    summary="a call without an argument that the function needs",
    page=__doc__,
    check=check,
    needs=(
        "tree",
        "inferred",
    ),
    when="parses",
    languages=("python",),
    good=(Case('import shutil\nshutil.copy("a", "b")\n'),),
    bad=(
        Case(
            'import shutil\nshutil.copy("a")\n',
            line=2,
            says="'dst'",
            symptom="TypeError: missing 1 required positional argument",
        ),
    ),
)
