"""A name is used that nothing defines or imports.

## Why it matters
The code fails with a `NameError` when it gets there. In generated code the
import or the helper that should define it was forgotten, or never existed.

## Instead
Import or define the name.

## Known limits
Skipped where names may come from outside: a star import, names injected by a
framework (`__opts__`), `exec`, writes to `globals()`, tests of `NameError`; in
JavaScript and TypeScript also names of declaration files, of packages of types
that are not installed, of linters' and bundlers' configurations, and in projects
whose build writes imports (Nuxt, unplugin-auto-import, WXT). In a new notebook,
and in annotations that are never evaluated, it is only a note.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.analysis.lost_bindings import lost_bindings
from aicheck_checks.analysis.names.undefined import LOOKS_AROUND, MODULES, imports_of, undefined_names
from aicheck_checks.finding import Found
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

MAX_IMPORTED = 1_000
"""Names among which a near one is looked for: each is compared letter by letter."""
_LONG = 100
"""Code points of a name that nobody mistypes."""


def check(source: Source) -> Iterator[Found]:
    """The first use of each name; names only in quoted annotations are no error at run time."""
    undefined_ones = undefined_names(source)
    imported = _imported(source) if undefined_ones else set()
    lost = {name for name, _ in lost_bindings(source)} if undefined_ones else set()  # another rule tells of these
    for undefined in undefined_ones:
        if undefined.likely is not None or undefined.name in lost:
            continue
        times = f" ({undefined.uses} uses)" if undefined.uses > 1 else ""
        near = _nearest(undefined.name, imported)
        if near == undefined.name:
            message = f"'{undefined.name}' is used before it is imported{times}"
        elif undefined.elsewhere:
            message = f"'{undefined.name}' is used here, but only other functions define it, each for itself{times}"
        else:
            message = f"'{undefined.name}' is used but nothing defines or imports it{times}"
            message += f"; did you mean '{near}'?" if near is not None else ""
        yield Found(
        message, undefined.start, undefined.end,
            confidence="medium" if undefined.certain else "low", name=undefined.name,
        )  # fmt: skip


def _imported(source: Source) -> set[str]:
    names = {name for name, _ in imports_of(source) if len(name) < _LONG}
    return names if len(names) <= MAX_IMPORTED else set()


def _nearest(name: str, imported: set[str]) -> str | None:
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, imported, 1, 0.85)), None) if len(name) < _LONG else None


RULE = Rule(
    code="IMP002",
    name="undefined-name",
    summary="a name is used that nothing defines",
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
    yields_to=(
        "TRU004",
        "TRU006",
        "TRU007",
        "TRU013",
        "ELI001",
        "IMP005",
        "COR001",
        "COR004",
        "COR005",
        "COR015",
        "REP001",
    ),
    good=(
        Case("from helpers import *\nrun()\n"),
        Case("x = 1\nprint(x)\n"),
        Case("def f():\n    return __opts__['a'] + _other\n"),
        Case(
            "import { on } from './events.js';\n\nfunction start() {\n  state = on();\n  function stop() {\n    state.end(ended);\n  }\n"
            "  var ended = stop;\n}\n\nexport function end() {\n  return state;\n}\nstart();\n",
            language="javascript",
        ),
    ),
    bad=(
        Case(
            "def f(x):\n    return transform_rows(x)\n",
            line=2,
            says="transform_rows",
            symptom="a helper is called that exists nowhere",
        ),
        Case("a = sep\nfrom os import sep\n", line=1, says="'sep' is used before it is imported"),
        Case(
            "import a from 'a';\nexport const b = () => a(compute());\n", line=2, says="compute", language="javascript"
        ),
        Case(
            "import { find } from './db.js';\n\nexport function add(mail) {\n  const user = find(mail);\n  return user;\n}\n\n"
            "export function rename(name) {\n  user.name = name;\n}\n",
            line=9,
            says="only other functions define it",
            language="javascript",
            symptom="a variable is used that was defined in another function",
        ),
    ),
)
