"""An edit removed an import whose name is still used.

## Why it matters
The version before worked; this one fails with a `NameError`. It is the commonest
way in which a rewrite of a file's head breaks its body.

## Instead
Put the import back; the fix does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.analysis.names.undefined import MODULES, imports_of, insert_import, undefined_names
from aicheck_checks.finding import Found
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source


def check(source: Source) -> Iterator[Found]:
    """The first use of each name whose import the version before had."""
    old = source.before
    if old is None:
        return
    then = dict(imports_of(old))
    for undefined in undefined_names(source):
        statement = then.get(undefined.name)
        if statement is not None:
            message = f"this change removed '{statement}', and '{undefined.name}' is still used"
            yield Found(
                message, undefined.start, undefined.end, fix=insert_import(source, statement), name=undefined.name
            )


RULE = Rule(
    code="IMP005",
    name="dropped-import",
    summary="an edit removed an import that is still used",
    page=__doc__,
    check=check,
    needs=(
        "tree",
        "linter",
        "previous",
    ),
    settles="turn",
    of_change=True,
    when="parses",
    languages=tuple(MODULES),
    good=(Case("import os\nprint(os.name)\n", previous="import os, sys\nprint(os.name)\n"),),
    bad=(
        Case(
            "print(mylib.go())\n",
            previous="import mylib\nprint(mylib.go())\n",
            line=1,
            says="import mylib",
            symptom="the edit removed an import",
        ),
    ),
)
