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

from aicheck_checks.rule import Case, Rule
from aicheck_checks.rules.calls.inferred import findings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.finding import Finding
    from aicheck_checks.source import Source

_SYMBOLS = frozenset({"unexpected-keyword-arg"})


def check(source: Source) -> Iterator[Finding]:
    """Each of pylint's messages of this kind."""
    return findings(source, "API003", _SYMBOLS)


RULE = Rule(
    code="API003",
    name="unknown-argument",
    summary="a keyword that the called function does not take",
    page=__doc__,
    check=check,
    when="parses",
    languages=("python",),
    tier="deep",
    good=(Case('import textwrap\nprint(textwrap.indent("a", prefix=" "))\n'),),
    bad=(Case('import textwrap\nprint(textwrap.indent("a", prefixx=" ", prefix=""))\n', line=2, says="'prefixx'"),),
)
