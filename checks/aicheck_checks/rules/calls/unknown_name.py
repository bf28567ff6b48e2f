"""A name is imported that the installed module does not have.

## Why it matters
The import fails, and with it the whole module.

## Instead
Import what the installed version has.

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

_SYMBOLS = frozenset({"no-name-in-module"})


def check(source: Source) -> Iterator[Found]:
    """Each of pylint's messages of this kind."""
    return findings(source, _SYMBOLS)


RULE = Rule(
    code="API002",
    name="unknown-name",
    summary="a name that the installed module does not have",
    page=__doc__,
    check=check,
    needs=(
        "tree",
        "inferred",
    ),
    when="parses",
    languages=("python",),
    good=(Case("from os import sep\nprint(sep)\n"),),
    bad=(
        Case(
            "from collections import OrderdDict\nprint(OrderdDict)\n",
            line=1,
            says="no name 'OrderdDict'",
            symptom="ImportError: cannot import name from a library",
        ),
    ),
)
