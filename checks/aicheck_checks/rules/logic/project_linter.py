"""The project's own linter has something to say.

## Why it matters
What the project's linter finds would be found in review anyway; how often it
speaks of generated code is a measure of that code.

## Instead
Mend it, or silence the rule where the project does.

## When it counts
Only where the setting `tools` names the linter: `eslint`, `oxlint` or `biome`.
They run the project's configuration and plugins, so they are off otherwise. They
see the file on disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.analysis.linted import reported
from aicheck_checks.rule import Case, Rule
from aicheck_checks.tools.project_tools import LINTERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.finding import Found
    from aicheck_checks.source import Source


def check(source: Source) -> Iterator[Found]:
    """Each message of a linter."""
    return reported(source, LINTERS, severity="info")


RULE = Rule(
    code="LOG013",
    name="project-linter",
    summary="the project's own linter has something to say",
    page=__doc__,
    check=check,
    needs=("tools",),
    info=True,
    languages=("javascript", "typescript", "tsx", "vue", "svelte"),
    good=(Case("let a = 1;\n", language="javascript"),),
    bad=(),
)
