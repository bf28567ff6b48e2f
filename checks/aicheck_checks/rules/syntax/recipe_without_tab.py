"""A recipe of a Makefile is indented with spaces.

## Why it matters
GNU make takes a recipe's line by its tab ("missing separator", GNU make manual, section 5.1). Tools that write spaces for tabs, and
models that copy what they saw, break the whole file.

## Instead
Begin the lines with tabs; the fix does.

## Known limits
Only lines directly behind a target, or behind another such line, are looked at; a Makefile that sets `.RECIPEPREFIX`, or
is for another make than GNU's, is left alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicheck_checks.finding import Edit, Fix, Found
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_TARGET = lazy(r"[\w.$(){}%/*@<^?+-][^=#\n]*:(?![=:])(?!=)")
_ASSIGNS = lazy(
    r" +(?:(?:export|override|include|-include|ifeq|ifneq|ifdef|ifndef|else|endif|define|endef|unexport|vpath)\b|[\w.$(){}-]+\s*(?:[:?+!]{0,3}=)|#)"
)
_OTHER_MAKE = lazy(
    r"^(?:!\s*(?:if|ifn?def|include|error)\b|\.(?:AUTODEPEND|SWAP)\b|\#.*\bwmake\b)|[ \t]&$",
    re.MULTILINE | re.IGNORECASE,
)
"""Words of Borland's, Microsoft's and Watcom's make, which take blanks."""
_RECIPE = lazy(r" {2,}\S")


def check(source: Source) -> Iterator[Found]:
    """The first line behind a target that begins with blanks and can be nothing but a recipe."""
    if ".RECIPEPREFIX" in source.text or _OTHER_MAKE.search(source.text):
        return
    lines = source.lines
    found: list[int] = []
    for number in range(1, len(lines)):
        above, line = lines[number - 1], lines[number]
        behind = bool(found) and found[-1] == number - 1
        if (
            (behind or (_TARGET.match(above) and not above.rstrip().endswith("\\")))
            and _RECIPE.match(line)
            and not _ASSIGNS.match(line)
        ):
            found.append(number)
    if found:
        starts = source.line_starts
        edits = tuple(Edit(starts[n], starts[n] + len(lines[n]) - len(lines[n].lstrip(" ")), "\t") for n in found)
        start, end = source.line_span(found[0])
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        yield Found(
            f"a recipe begins with spaces in place of a tab{more}",
            start,
            end,
            fix=Fix("begin the recipes with tabs", edits),
        )


RULE = Rule(
    code="SYN003",
    name="recipe-without-tab",
    summary="a recipe of a Makefile is indented with spaces",
    page=__doc__,
    check=check,
    languages=("makefile",),
    good=(
        Case("a: b\n\tc\n", language="makefile", path="Makefile"),
        Case("A := b\n  C = d\nall: a \\\n    b\n\tc\n", language="makefile", path="Makefile"),
        Case("a: b\n  C = d\n", language="makefile", path="Makefile"),
        Case("!if $(X)\nA = 1\n!endif\na:\n    @echo b\n", language="makefile", path="Makefile"),
        Case("A = b.c &\n    d.c\na: b\n    $(CC) a\n", language="makefile", path="Makefile"),
    ),
    bad=(
        Case(
            "a: b\n    $(CC) -o a b\n",
            line=2,
            says="tab",
            language="makefile",
            path="Makefile",
            symptom="make says: missing separator",
        ),
    ),
)
