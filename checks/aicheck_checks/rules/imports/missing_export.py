"""A name that a module of the project does not define.

## Why it matters
The import fails, or in JavaScript gives `undefined`. Names of the project's own
modules are what agents invent most inside a project: the module is there, and the
function that would be handy is not.

## Instead
Import what the module has, or write what is missing.

## Known limits
Read from the project's files, never by running anything. A module that makes
names as it runs (`__getattr__`, `globals()`, `exec`, star imports of what can't be
read), a compiled or generated one, and imports in `try` are not judged. An agent may
write the file that imports before the one that it imports from: an edit in the midst
of a turn is judged at its end, or when a build or a commit uses it.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from aicheck_checks.analysis.imports.unresolved import MAX_FOUND
from aicheck_checks.finding import Found
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source


def check(source: Source) -> Iterator[Found]:
    """Each name that its module lacks."""
    assert source.language is not None
    if source.language.name == "python":
        from aicheck_checks.analysis.imports.own_python import names
    else:
        from aicheck_checks.analysis.imports.own_ecma import names
    for one in islice(names(source), MAX_FOUND):
        yield Found(one.message, one.start, one.end, severity=one.severity, confidence=one.confidence)


_FILES = (("__init__.py", ""), ("models.py", "class User:\n    pass\n"))

RULE = Rule(
    code="IMP008",
    name="missing-export",
    summary="a name that the project's own module does not define",
    page=__doc__,
    check=check,
    needs=("tree", "surroundings"),
    settles="turn",
    when="parses",
    languages=("javascript", "python", "tsx", "typescript"),
    good=(
        Case("from .models import User\n\nprint(User)\n", files=_FILES),
        Case("try:\n    from .models import Old\nexcept ImportError:\n    Old = None\n", files=_FILES),
    ),
    bad=(
        Case(
            "from .models import Account\n\nprint(Account)\n",
            line=1,
            says="'Account'",
            files=_FILES,
            symptom="cannot import name from the project's own module",
        ),
    ),
)
