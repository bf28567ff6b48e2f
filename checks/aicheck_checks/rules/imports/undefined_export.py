"""``__all__`` names something that the module does not have.

## Why it matters
`from module import *` fails. In generated code it means that the listed function
or class was announced and never written, or lost.

## Instead
Write what is missing, or take it out of `__all__`.

## Known limits
Packages (`__init__.py`) may list their submodules, and modules with
`__getattr__` or writes to `globals()` anything: they are skipped.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicheck_checks.finding import Found
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_LAZY = lazy(r"\bdef __getattr__|\bglobals\(\)|\bimport \*|sys\.modules\[|\bvars\(\)|\bsetattr\(")

_DEFINES = lazy(r"^(?:async def|def|class|from|import) ", re.MULTILINE)
"""A text of nothing but `__all__` is a package that lists its submodules."""


def check(source: Source) -> Iterator[Found]:
    """One finding for all missing names, at the first."""
    said = [d for d in source.diagnostics or () if d.code == "F822"]
    found = [(d, name) for d in said if not (name := source.word(d).strip("'\"")).startswith("__")]
    if not found or source.path.endswith("__init__.py") or _LAZY.search(source.text):
        return
    if not _DEFINES.search(source.text):
        return
    names = list(dict.fromkeys(name for _, name in found))
    listed = ", ".join(f"'{name}'" for name in names[:4]) + (", ..." if len(names) > 4 else "")
    first, _ = found[0]
    yield Found(
        f"'__all__' lists {listed}, which nothing here defines",
        source.offset(first.line, first.column), source.offset(first.end_line, first.end_column),
    )  # fmt: skip


RULE = Rule(
    code="IMP003",
    name="undefined-export",
    summary="`__all__` names what the module lacks",
    page=__doc__,
    check=check,
    needs=("linter",),
    settles="turn",
    when="parses",
    languages=("python",),
    yields_to=("TRU004", "TRU006", "TRU007", "ELI001"),
    good=(
        Case("__all__ = ['f']\n\n\ndef f():\n    return 1\n"),
        Case("__all__ = ['f']\n\n\ndef __getattr__(name):\n    return 1\n"),
    ),
    bad=(
        Case(
            "__all__ = ['f', 'g']\n\n\ndef f():\n    return 1\n",
            line=1,
            says="'g'",
            symptom="__all__ lists a name that the module does not have",
        ),
    ),
)
