"""A well-known module or name is used and never imported.

## Why it matters
The code fails with a `NameError` at the first use. Forgotten imports are among
the most frequent slips of a degraded model, and the easiest to repair.

## Instead
Add the import; the fix does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.analysis.names.undefined import LOOKS_AROUND, MODULES, insert_import, undefined_names
from aicheck_checks.finding import Found
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source


def check(source: Source) -> Iterator[Found]:
    """The first use of each such name."""
    for undefined in undefined_names(source):
        statement = undefined.likely
        if statement is not None:
            times = f" ({undefined.uses} uses)" if undefined.uses > 1 else ""
            message = f"'{undefined.name}' is used but never imported{times}: '{statement}' is missing"
            yield Found(
                message, undefined.start, undefined.end, fix=insert_import(source, statement), name=undefined.name
            )


RULE = Rule(
    code="IMP001",
    name="missing-import",
    summary="a well-known name is used and never imported",
    page=__doc__,
    check=check,
    needs=(
        "tree",
        "linter",
        "surroundings",
    ),
    settles="turn",
    when="parses",
    languages=tuple(MODULES),
    around=LOOKS_AROUND,
    yields_to=("IMP005", "COR015"),
    good=(Case("import os\nprint(os.name)\n"), Case("def f(os):\n    return os.name\n")),
    bad=(
        Case("print(os.path.join('a', 'b'))\n", line=1, says="import os", symptom="os is used but not imported"),
        Case(
            'package a\n\nfunc F() {\n\tfmt.Println("x")\n}\n',
            line=4,
            says='import "fmt"',
            language="go",
            symptom="undefined: fmt",
        ),
        Case(
            "import sys\n\n\ndef f() -> Path:\n    return Path(sys.argv[0])\n",
            line=4,
            says="pathlib",
            symptom="NameError: name 'Path' is not defined",
        ),
    ),
)
