"""A line of code became part of the comment before it, because the line break between them was lost.

## Why it matters
`// the same item again  const found = ...` is a comment: the statement is not run any more, and most such texts still parse.

## Instead
Put the line break back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.finding import Found
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.analysis.changed_lines import ChangedLines
    from aicheck_checks.source import Source

_BLANK = lazy(r"\s++")
_WORDS = lazy(r"\w\w")
_CODE = lazy(r"[=(){};:\[\]]")
LONG_STATEMENT = 20
FEW_WORDS = 3
HEAD = 8
"""Code points by which lines are told apart at first."""
MIN_LENGTH = 6
"""Code points of a statement that is no word of the comment by chance."""


def check(source: Source) -> Iterator[Found]:
    """Each comment that goes on with a line that the version before had as code."""
    changed = source.changed_lines
    mark = source.language.line_comment if source.language is not None else None
    if changed is None or mark is None:
        return
    begins = {(len(line), line[:HEAD]) for line in changed.gone}
    for index, line in changed.brought:
        if not line.startswith(mark) or not _is_comment(source, index):
            continue
        swallowed = _swallowed(line, mark, changed, begins)
        if swallowed is not None:
            end = source.line_span(index)[1]
            message = f"the comment has swallowed the statement after it: '{swallowed[:60]}'"
            yield Found(message, end - len(swallowed), end, broken_syntax=not source.parses)


def _is_comment(source: Source, index: int) -> bool:
    return source.tree is None or source.region(source.line_span(index)[0]) == "comment"


def _swallowed(line: str, mark: str, changed: ChangedLines, begins: set[tuple[int, str]]) -> str | None:
    """The line of code, now gone, that a comment ends with, behind words of its own; the longest one.

    Only where one of its length ``begins`` so is the rest of the comment taken out and compared.
    """
    for gap in _BLANK.finditer(line, 0, len(line) - MIN_LENGTH):
        if (len(line) - gap.end(), line[gap.end() : gap.end() + HEAD]) not in begins:
            continue
        words, one = line[: gap.start()], line[gap.end() :]
        if one not in changed.gone or one.startswith(mark) or not _CODE.search(one):
            continue
        is_apart = words in changed.gone or len(gap[0]) > 1 or gap[0] == "\t" or _goes_on(words[len(mark) :], one)
        if is_apart and _WORDS.search(words[len(mark) :]):
            return one
    return None


def _goes_on(words: str, one: str) -> bool:
    """Whether a remark and a long statement stand in one line with nothing between them that an author would put there."""
    said = words.split()
    return (
        len(one) >= LONG_STATEMENT
        and "(" in one
        and len(said) >= FEW_WORDS
        and said[-1][-1:].isalnum()
        and said[0].upper() != said[0]
    )


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
        Case(
            "def f(a, b):\n    # write it first a.write_text(b, encoding='utf-8')\n    return a\n",
            previous="def f(a, b):\n    a.write_text(b, encoding='utf-8')\n    return a\n",
            line=2,
            symptom="a comment swallowed the next line of code",
        ),
        Case(_BEFORE.replace("them\n    ", "them    "), previous=_BEFORE, line=2, says="'total = order.sum()'"),
        Case("f() {\n  // what was there  b(c, d);\n}\n", previous="f() {\n  b(c, d);\n}\n", line=2, language="dart"),
    ),
)
