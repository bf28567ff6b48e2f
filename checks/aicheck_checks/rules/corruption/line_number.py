"""Lines begin with line numbers, as a file viewer prints them.

## Why it matters
Agents read files through tools that number the lines (`   12→import os`). When
the model copies the numbers into its edit, every such line is broken.

## Instead
Remove the numbers; the fix does.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from aicheck_checks.analysis.prose import fence_after, is_document, quotes
from aicheck_checks.finding import Edit, Fix, Found
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_NUMBERED = lazy(r"[ \t]*(?:L|line )?(\d{1,6})(→|\t|[ ]?[|│┃][ ]?|:[ ]?|\)[ ]|\.[ ]|[ ]+(?=\S)|[ ]*$|-[ ]?)")
_DIGIT = lazy(r"(?:\A|\n)[ \t]*(?:L|line )?\d")
EXACT = 4
_SURE = ("→", "|", "│", "┃", "\t")
_BARRED = lazy(r"[ \t]*\d{1,6} ?\|(?!\|)")
_FIRST = lazy(r"[ \t]*0{0,5}1(?!\d)")
_BINARY = frozenset({"binary_expression", "binary_operator"})
_MOST_BARRED = 100
"""Lines that are looked up in the tree."""


def check(source: Source) -> Iterator[Found]:
    """The first run of numbered lines, or lines of the version before that now have numbers."""
    if copied := _copied(source) or _useless(source):
        yield _finding(source, copied)
        return
    if is_document(source) or not (_may_be_numbered(source.lines) if source.parses else _DIGIT.search(source.text)):
        return
    run: list[tuple[int, re.Match[str]]] = []
    for index, line in enumerate(source.lines):
        match = _NUMBERED.match(line)
        if match and (not run or _continues(run[-1], index, match)):
            run.append((index, match))
            continue
        if not line.strip() and run:
            continue
        if _convincing(source, run):
            break
        run = [(index, match)] if match else []
    if _convincing(source, run):
        yield _finding(source, run)


def _copied(source: Source) -> list[tuple[int, re.Match[str]]]:
    """Lines that are a number, a mark of a viewer, and a line of the version before that is gone."""
    changed = source.changed_lines
    if changed is None or not _DIGIT.search(source.text):
        return []
    found = []
    listed = _listed(source)
    for index, _ in changed.brought:
        if index in listed:
            continue
        match = _NUMBERED.match(source.lines[index])
        if match is None or match[2].strip(" ") not in _SURE:
            continue
        rest = source.lines[index][match.end() :].strip()
        if len(rest) > 1 and rest in changed.gone:
            found.append((index, match))
    return found


def _listed(source: Source) -> frozenset[int]:
    """The lines (from 0) of the blocks of code in Markdown that an author has numbered from one on."""
    if not quotes(source):
        return frozenset()
    found: list[int] = []
    fence, numbered = "", False
    for index, line in enumerate(source.lines):
        was, fence = fence, fence_after(line, fence)
        if fence and not was:
            numbered = index + 1 < len(source.lines) and _FIRST.match(source.lines[index + 1]) is not None
        elif fence and numbered:
            found.append(index)
    return frozenset(found)


def _useless(source: Source) -> list[tuple[int, re.Match[str]]]:
    """Lines such as `43 | call();`, which a parser takes for a statement that does nothing with its value."""
    if source.tree is None or not source.parses:
        return []
    barred = ((index, _BARRED.match(line)) for index, line in enumerate(source.lines))
    looked_at = islice(((index, match) for index, match in barred if match is not None), _MOST_BARRED)
    return [
        (index, whole)
        for index, match in looked_at
        if _is_statement(source, source.line_starts[index] + len(match[0]) - len(match[0].lstrip()))
        and (whole := _NUMBERED.match(source.lines[index])) is not None
    ]


def _is_statement(source: Source, at: int) -> bool:
    """Whether a number that begins here is the first operand of a statement that is nothing but an expression."""
    assert source.tree is not None
    start = source.byte_offset(at)
    node = source.tree.root_node.descendant_for_byte_range(start, start + 1)
    whole = node.parent if node is not None else None
    statement = whole.parent if whole is not None else None
    return (
        whole is not None and statement is not None and whole.type in _BINARY
        and statement.type == "expression_statement" and statement.start_byte == start
    )  # fmt: skip


def _may_be_numbered(lines: list[str]) -> bool:
    """Whether a line begins with its own number, of those that no exact run can leave out."""
    step = EXACT - 1
    return any(lines[at].lstrip(" \t").startswith(str(at + 1)) for at in range(0, len(lines), step))


def _exact(run: list[tuple[int, re.Match[str]]]) -> bool:
    """Enough lines that begin with their own number: that is no table and no list."""
    return len(run) >= EXACT and all(int(match[1]) == index + 1 for index, match in run)


def _is_all(source: Source, run: list[tuple[int, re.Match[str]]]) -> bool:
    """Whether nothing but the lines of a run stands in a text: the keys of a table may be the lines' numbers by chance."""
    return len(run) >= sum(bool(line.strip()) for line in source.lines)


def _continues(last: tuple[int, re.Match[str]], index: int, match: re.Match[str]) -> bool:
    index_before, before = last
    step = int(match[1]) - int(before[1])
    alike = match[2].strip() == before[2].strip() or not (match[2] + before[2]).strip(" ")
    return alike and 0 < step <= index - index_before + 1


def _convincing(source: Source, run: list[tuple[int, re.Match[str]]]) -> bool:
    if not run:
        return False
    sure = run[0][1][2].strip(" ") in _SURE
    if _exact(run) and (sure or not source.parses or _is_all(source, run)):
        return True
    if source.parses or (source.diagnostics is None and not sure):
        return False
    if len(run) < (1 if run[0][1][2] == "→" else 2 if sure else 3):
        if not (sure and len(run) == 1 and run[0][0] == _first_error(source)):
            return False
    first, last = run[0][0], run[-1][0]
    hit = any(line in source.error_lines for line in range(first, last + 2))
    return hit or source.region(source.line_starts[first]) == "code"


@lru_cache(maxsize=1)
def _first_error(source: Source) -> int:
    """The first line (from 0) where the parser stumbles; -1 without any."""
    return min(source.error_lines, default=-1)


def _finding(source: Source, run: list[tuple[int, re.Match[str]]]) -> Found:
    first = run[0][0]
    starts = source.line_starts
    edits = tuple(Edit(starts[index], starts[index] + match.end(), "") for index, match in run)
    count = f"{len(run)} lines begin" if len(run) > 1 else "a line begins"
    shown = run[0][1][0].strip()
    return Found(
        f"{count} with the line numbers of a file viewer ('{shown}')",
        starts[first], starts[first] + run[0][1].end(),
        fix=Fix("remove the line numbers", edits), broken_syntax=True,
    )  # fmt: skip


RULE = Rule(
    code="COR003",
    name="line-number",
    summary="lines begin with a viewer's line numbers",
    page=__doc__,
    check=check,
    needs=("tree",),
    good=(
        Case(
            "# A\n\nalpha\n\n```\n1 | beta\n2 | gamma\n```\n",
            previous="# A\n\nalpha\n\nbeta\ngamma\n",
            language="markdown",
        ),
        Case("a | b\n1 | c\n2 | d\n", previous="a | b\n1 | c\n", language="text"),
        Case("topics = {1: 'data',\n  2: 'model',\n  3: 'loss',\n  4: 'loop',\n  5: 'end'}\n"),
        Case("1 + 1\n2 + 2\n"),
        Case("a = 2\nflags = (\n    1 | a\n)\n"),
        Case("TABLE = '''\n1 a\n2 b\n3 c\n'''\n"),
    ),
    bad=(
        Case(
            "     1→import os\n     2→\n     3→print(os.name)\n",
            line=1,
            says="3 lines",
            symptom="line numbers with arrows at the start of each line",
        ),
        Case("1: import os\n2: import sys\n3: print(os, sys)\n", line=1, symptom="every line begins with its number"),
        Case("     1\t/*\n     2\t * a\n     3\t * b\n     4\t */\nint x;\n", line=1, language="c"),
        Case("a();\n43 |   b();\nc();\n", previous="a();\n  b();\nc();\n", line=2, language="dart"),
        Case(
            "# A\n\n```\n4 | beta()\n5 | gamma()\n```\n",
            previous="# A\n\n```\nbeta()\ngamma()\n```\n",
            line=4,
            language="markdown",
        ),
        Case("class A {\n  void f() {\n43 |     add(1);\n  }\n}\n", line=3, says="a line", language="java"),
        Case("import os\n\n  4\tdef f():\n  5\t    return os.name\n", line=3),
    ),
)
