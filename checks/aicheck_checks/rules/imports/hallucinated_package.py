"""An import of a package that exists in no registry.

## Why it matters
Models invent package names that sound right. At best the import fails; at
worst somebody has registered the invented name since, with code of their own
in it ("slopsquatting", Spracklen et al., USENIX Security 2025). Do not install
a package by that name.

## Instead
Find out which package was meant; the finding names well-known ones that look
alike.

## When it counts
PyPI's names are complete as of the day named in the finding, npm's are the most
used ones; `aicheck index update` refreshes them from the index that your pip or
npm is configured for. A name is never reported that the repository holds as a
package or module in any folder, that any of its manifests or installing commands
names, that is installed, or that several of its files import. A private package
can't be told from an invented one without a project round the file, or in one
that declares no dependencies: there it is only a note, unless the name is one
slip away from a famous one.
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
    """Each import of a package that the registry lacks."""
    return findings(source, "nonexistent")


RULE = Rule(
    code="IMP006",
    name="hallucinated-package",
    summary="an import of a package that exists in no registry",
    page=__doc__,
    check=check,
    needs=(
        "tree",
        "surroundings",
    ),
    settles="turn",
    languages=tuple(MODULES),
    good=(
        Case("import numpy\nimport yaml\nfrom sklearn import svm\nfrom google.cloud import storage\n"),
        Case("import express from 'express';\nimport { x } from '@/lib/x';\nexpress(x);\n", language="javascript"),
    ),
    bad=(
        Case(
            "import os\nimport reqeusts\n\nreqeusts.get(os.name)\n",
            line=2,
            says="did you mean 'requests'",
            symptom="the package does not exist on PyPI",
        ),
        Case(
            "import e from 'exprress';\n\ne();\n",
            line=1,
            says="did you mean 'express'",
            language="javascript",
            symptom="the package does not exist on npm",
        ),
    ),
)
