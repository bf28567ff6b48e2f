"""An import of a little-known package whose name is one slip away from a famous one.

## Why it matters
The package exists, but hardly anybody uses it, and its name differs by one
letter from one that everybody uses. Such names are registered to catch typing
errors, and what models write.

## Instead
Make sure which of the two is meant before you install anything.

## When it counts
Only where neither the project nor its environment has the package; it never
makes an output suspect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.analysis.imports.unresolved import MODULES, findings
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.finding import Found
    from aicheck_checks.source import Source


def check(source: Source) -> Iterator[Found]:
    """Each import of a package that looks like a famous one."""
    return findings(source, "lookalike")


RULE = Rule(
    code="IMP007",
    name="lookalike-package",
    summary="an import of a little-known package with nearly a famous name",
    page=__doc__,
    check=check,
    needs=(
        "tree",
        "surroundings",
    ),
    settles="turn",
    languages=tuple(MODULES),
    good=(Case("import requests\n"), Case("import numpy\n")),
    bad=(
        Case(
            "import recuests\n",
            line=1,
            says="'requests'",
            symptom="the package name is misspelt, and somebody has registered it",
        ),
    ),
)
