"""A call passes more positional arguments than the function takes.

## Why it matters
The call fails with a `TypeError`.

## Instead
Pass what the installed version takes.

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

_SYMBOLS = frozenset({"too-many-function-args"})


def check(source: Source) -> Iterator[Found]:
    """Each of pylint's messages of this kind."""
    return findings(source, _SYMBOLS)


RULE = Rule(
    code="API005",
    name="surplus-argument",
    summary="a call with more arguments than the function takes",
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
            'import shutil\nshutil.copymode("a", "b", 1, 2)\n',
            line=2,
            says="too many positional arguments",
            symptom="TypeError: takes 3 positional arguments but 4 were given",
        ),
    ),
)
