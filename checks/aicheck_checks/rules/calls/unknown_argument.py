"""A call passes a keyword that the function does not take.

## Why it matters
The call fails with a `TypeError`. Options of another function or another
version are a common invention.

## Instead
Pass what the installed version takes.

## When it counts
As for API001: by pylint's inference, on demand; functions that take any keyword
are left alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.analysis.inferred import findings
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.finding import Found
    from aicheck_checks.source import Source

_SYMBOLS = frozenset({"unexpected-keyword-arg"})


def check(source: Source) -> Iterator[Found]:
    """Each of pylint's messages of this kind."""
    return findings(source, _SYMBOLS)


RULE = Rule(
    code="API003",
    name="unknown-argument",
    summary="a keyword that the called function does not take",
    page=__doc__,
    check=check,
    needs=(
        "tree",
        "inferred",
    ),
    when="parses",
    languages=("python",),
    good=(Case('import textwrap\nprint(textwrap.indent("a", prefix=" "))\n'),),
    bad=(
        Case(
            'import textwrap\nprint(textwrap.indent("a", prefixx=" ", prefix=""))\n',
            line=2,
            says="'prefixx'",
            symptom="TypeError: got an unexpected keyword argument",
        ),
    ),
)
