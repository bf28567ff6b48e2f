"""An import that the project can't satisfy.

## Why it matters
The module is neither in the standard library, nor installed in the project's
environment, nor declared in its metadata, nor part of the project: the import
fails, and the name may be invented. Do not install a package by that name
before you know who publishes it.

## Instead
Import what exists, or declare the dependency.

## Known limits
Read from the project's files, never by running anything. Where there is no
project round the file, or no installed environment to ask, the rule stays
silent or only notes the import; optional imports (in `try`, in a function,
under `TYPE_CHECKING`) are left alone. In JavaScript, TypeScript, Go and Rust it
is a warning: an agent may write the file that imports before the file or the
manifest that is imported from.
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
    """Each import that nothing in the project provides."""
    return findings(source, "unprovided")


_USE = "import { f } from './helpers';\n\nf();\n"

RULE = Rule(
    code="IMP004",
    name="unresolved-module",
    summary="an import that the project can't satisfy",
    page=__doc__,
    check=check,
    needs=(
        "tree",
        "surroundings",
    ),
    settles="turn",
    languages=tuple(MODULES),
    good=(
        Case("import os\nimport json\n"),
        Case("import surely_not_there\n"),
        Case("import a from 'react';\nimport b from './b';\na(b);\n", language="javascript"),
        Case(_USE, language="typescript", files=(("package.json", "{}"), ("helpers.ts", "export function f() {}\n"))),
    ),
    bad=(
        Case(
            _USE,
            line=1,
            says="'./helpers'",
            language="typescript",
            files=(("package.json", "{}"),),
            symptom="Cannot find module './helpers'",
        ),
    ),
)
