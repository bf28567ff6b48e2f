"""The project's own compiler refuses the text.

## Why it matters
The compiler knows every type and every dependency: what it refuses won't build.

## Instead
Mend what its message says.

## When it counts
Only where the setting `tools` names the compiler: `tsc`, `go-vet`, `cargo-check`
or `javac`. They are off otherwise, because they run parts of the project's
build. They see the file on disk, so a text that differs from it (an unsaved
buffer, a staged version) is not judged. With `javac`, symbols of libraries that
are not at hand are left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.analysis.linted import reported
from aicheck_checks.rule import Case, Rule
from aicheck_checks.tools.project_tools import COMPILERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.finding import Found
    from aicheck_checks.source import Source


def check(source: Source) -> Iterator[Found]:
    """Each error of a compiler."""
    return reported(source, COMPILERS, confidence="medium")


RULE = Rule(
    code="API006",
    name="compiler-error",
    summary="the project's own compiler refuses the text",
    page=__doc__,
    check=check,
    needs=("tools",),
    languages=("typescript", "tsx", "go", "rust", "java"),
    yields_to=("SYN", "TRU", "COR", "IMP", "ELI"),
    good=(Case("let a: number = 1;\n", language="typescript"),),
    bad=(),
)
