"""A function or class of the version before is gone, and still used.

## Why it matters
When a file is rewritten from a shortened memory, whole definitions vanish
silently while their callers stay: the file parses and breaks at run time.

## Instead
Restore the definition from the version before, or remove its uses too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicheck_checks.finding import Finding
from aicheck_checks.rule import Case, Rule
from aicheck_checks.rules.truncation import history

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source


def check(source: Source) -> Iterator[Finding]:
    """The first use of each lost definition."""
    old = history.before(source)
    if old is None or source.tree is None:
        return
    then, now = history.definitions(old), history.definitions(source)
    undefined = {d.message for d in source.diagnostics or () if d.code == "F821"}
    for name, definition in sorted(then.items(), key=lambda item: item[1].start):
        if name in now:
            continue
        use = _use(source, name, set(now), undefined)
        if use is None:
            continue
        line = old.position(old.char_offset(definition.start)).line
        message = (
            f"{definition.kind} '{name}' was lost: the version before defined it on line {line}, and it is still used"
        )
        yield Finding("TRU007", message, use, use + len(name.rpartition(".")[2]))


def _use(source: Source, name: str, now: set[str], undefined: set[str]) -> int | None:
    owner, _, short = name.rpartition(".")
    if not owner:
        if f"Undefined name `{short}`" not in undefined:
            return None
        pattern = rf"\b{re.escape(short)}\b"
    else:
        if owner not in now or any(n.endswith(f".{short}") for n in now):
            return None
        if re.search(
            rf"self\.{re.escape(short)}\s*(?::[^=\n]+)?=(?!=)|^\s+{re.escape(short)}\s*=", source.text, re.MULTILINE
        ):
            return None
        pattern = rf"(?<=self\.){re.escape(short)}(?=\s*\()"
    for match in re.finditer(pattern, source.text):
        if source.region(match.start()) == "code":
            return match.start()
    return None


_WHOLE = """\
def helper(x):
    return x + 1


def main():
    return helper(2)
"""

RULE = Rule(
    code="TRU007",
    name="lost-definition",
    summary="a definition of the version before is gone and still used",
    page=__doc__,
    check=check,
    when="parses",
    languages=("python",),
    good=(
        Case(_WHOLE, previous=_WHOLE),
        Case("from util import helper\n\n\ndef main():\n    return helper(2)\n", previous=_WHOLE),
        Case("def main():\n    return 3\n", previous=_WHOLE),
    ),
    bad=(Case("def main():\n    return helper(2)\n", previous=_WHOLE, line=2, says="'helper'"),),
)
