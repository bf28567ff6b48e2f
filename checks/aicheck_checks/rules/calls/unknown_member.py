"""A member is used that the installed library does not have.

## Why it matters
Models invent methods and attributes that sound right, or remember those of
another version. The code fails with an `AttributeError` when it gets there.

## Instead
Use what the installed version has; the finding names a near one if there is any.

## When it counts
Asked of pylint's inference over the project's own environment, and only when
`--deep` (setting `deep`) or `--select API` asks for it, since it takes seconds.
Members that a library makes at run time can't be seen: modules and classes with
a `__getattr__` and C extensions are left alone, and so are places that say that
they expect the failure (`hasattr`, `except AttributeError`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.analysis.inferred import findings
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.finding import Found
    from aicheck_checks.source import Source

_SYMBOLS = frozenset({"no-member"})


def check(source: Source) -> Iterator[Found]:
    """Each of pylint's messages of this kind."""
    return findings(source, _SYMBOLS)


RULE = Rule(
    code="API001",
    name="unknown-member",
    summary="a member that the installed library does not have",
    page=__doc__,
    check=check,
    needs=(
        "tree",
        "inferred",
    ),
    when="parses",
    languages=("python",),
    good=(
        Case("import os\nprint(os.sep)\n"),
        Case("import json\nprint(json.dumps([1]))\n"),
    ),
    bad=(
        Case(
            "import textwrap\nprint(textwrap.shorten_all)\n",
            line=2,
            says="no 'shorten_all' member",
            symptom="AttributeError: module has no attribute",
        ),
    ),
)
