"""A line of code became part of the comment before it, for the line break between them was lost.

## Why it matters
`// the same item again  const found = ...` is a comment: the statement is not run any more, and most such texts still parse.

## Instead
Put the line break back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.analysis.changed_lines import changed_lines
from aicheck_checks.finding import Found
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_WORDS = lazy(r"\w\w")
_CODE = lazy(r"[=(){};:\[\]]")
MIN_LENGTH = 6
"""Code points of a statement that is no word of the comment by chance."""


def check(source: Source) -> Iterator[Found]:
    """Each comment that goes on with a line that the version before had as code."""
    changed = changed_lines(source)
    mark = source.language.line_comment if source.language is not None else None
    if changed is None or mark is None:
        return
    for index, line in changed.brought:
        if not line.startswith(mark) or not _is_comment(source, index):
            continue
        swallowed = _swallowed(line, mark, changed.gone)
        if swallowed is not None:
            end = source.line_span(index)[1]
            message = f"the comment has swallowed the statement after it: '{swallowed[:60]}'"
            yield Found(message, end - len(swallowed), end, broken_syntax=not source.parses)


def _is_comment(source: Source, index: int) -> bool:
    return source.tree is None or source.region(source.line_span(index)[0]) == "comment"


def _swallowed(line: str, mark: str, gone: frozenset[str]) -> str | None:
    """The line of code, now gone, that a comment ends with, behind words of its own."""
    for one in gone:
        if len(one) < MIN_LENGTH or not line.endswith(one) or one.startswith(mark) or not _CODE.search(one):
            continue
        words = line[: -len(one)]
        is_apart = words[-1:].isspace() and (words.rstrip() in gone or words[-2:].isspace() or words[-1:] == "\t")
        if is_apart and _WORDS.search(words[len(mark) :]):
            return one
    return None


_BEFORE = "def f(order):\n    # sum them\n    total = order.sum()\n    return total\n"

RULE = Rule(
    code="COR015",
    name="swallowed-line",
    summary="a comment has swallowed the statement after it",
    page=__doc__,
    check=check,
    needs=("tree", "previous"),
    good=(
        Case("def f(order):\n    # total = order.sum()\n    return order\n", previous=_BEFORE),
        Case(_BEFORE.replace("sum them", "sum them all"), previous=_BEFORE),
    ),
    bad=(
        Case(_BEFORE.replace("them\n    ", "them    "), previous=_BEFORE, line=2, says="'total = order.sum()'"),
        Case("f() {\n  // what was there  b(c, d);\n}\n", previous="f() {\n  b(c, d);\n}\n", line=2, language="dart"),
    ),
)
