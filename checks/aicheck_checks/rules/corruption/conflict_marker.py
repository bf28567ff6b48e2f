"""Markers of an unresolved merge conflict stand in the file.

## Why it matters
The file holds two versions at once and does not parse.

## Instead
Choose one side, and remove the markers.
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

_MARKER = lazy(r"^(<<<<<<<|=======|>>>>>>>|\|\|\|\|\|\|\|)(?: .*)?$", re.MULTILINE)


def check(source: Source) -> Iterator[Found]:
    """The first marker, if at least two kinds are there or one stands where the parser stumbles."""
    if "=======" not in source.text and "<<<<<<<" not in source.text and ">>>>>>>" not in source.text:
        return
    found = [m for m in _MARKER.finditer(source.text) if _counts(source, m)]
    if len({m[1] for m in found}) >= 2:
        first = found[0]
        yield Found("unresolved merge conflict", first.start(), first.end(), broken_syntax=True)
    for edit in found[:1]:
        if len({m[1] for m in found}) == 1 and (edit[1] != "=======" or _is_the_fault(source, edit)):
            message = f"a conflict or edit marker '{edit[0][:30]}' was left behind"
            yield Found(message, edit.start(), edit.end(), broken_syntax=True)


def _counts(source: Source, match: re.Match[str]) -> bool:
    return source.region(match.start()) == "code" or not source.parses


def _is_the_fault(source: Source, match: re.Match[str]) -> bool:
    """Whether a line of nothing but equals signs is where the parser stumbles; elsewhere it is an ornament.

    What it took for whole may end in the last line of text above.
    """
    line = source.position(match.start()).line - 1
    above = next((at for at in range(line - 1, -1, -1) if source.lines[at].strip()), line)
    return match[0] == match[1] and not source.error_lines.isdisjoint((line, above))


RULE = Rule(
    code="COR005",
    name="conflict-marker",
    summary="an unresolved merge conflict",
    page=__doc__,
    check=check,
    needs=("tree",),
    when="broken",
    languages=("code", "data"),
    good=(Case("TEXT = '''\n<<<<<<< HEAD\n=======\n>>>>>>> x\n'''\n"),),
    bad=(
        Case("<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> branch\n", line=1),
        Case("x = 1\n>>>>>>> REPLACE\n", line=2, says="REPLACE"),
        Case("a: 1\n\n=======\nb:\n  - c\n", line=3, says="=======", language="yaml"),
        Case("a:\n  b:\n    - c: d\n\n=======\n  e:\n    - f: g\n", line=5, says="=======", language="yaml"),
    ),
)
