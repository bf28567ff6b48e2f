"""A line or a short block repeats itself over and over.

## Why it matters
A degenerate loop: the model got stuck and wrote the same again and again.

## Instead
Discard the output from the second repetition on.

## Known limits
Tables of data repeat lines too; lines without letters, and runs shorter than
the thresholds measured on released code, do not count.
"""

from __future__ import annotations

from operator import eq
from typing import TYPE_CHECKING

from aicheck_checks.analysis.tests import is_test_file
from aicheck_checks.finding import Found
from aicheck_checks.languages.tree import text_of
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from aicheck_checks.source import Source

MIN_LINES = 34
"""A run must cover this many lines ..."""
MIN_TIMES = 12
"""... and repeat its block this often."""
MAX_BLOCK = 8
_STRIDE = 16
_SAMPLE = MIN_LINES - MAX_BLOCK - _STRIDE
_WORDS = lazy(r"[A-Za-z]{2}")
_DATA = lazy(r"(?:(?!False)[\s\d.,xXa-fA-FeE+\-\[\](){}'\"\\:;])*+(?:None|True|False|null|[\s,])*+")
_LISTED = lazy(r"\W*\w+\W*,\W*")
"""An entry of a list: generated code repeats such by the hundred."""
_LISTS = frozenset(
    """array array_expression array_initializer array_literal argument_list arguments collection_literal initializer_list
    initializer_expression list literal_value table_constructor token_tree tuple value_arguments""".split()
)
"""Nodes whose children are values beside one another: a table repeats several of them, a model that got stuck one."""
_MACROS = frozenset({"token_tree"})
_STUTTER = lazy(r"(\b\w+\W+(?:\w+\W+){0,5}?)\1{24,}")


def check(source: Source) -> Iterator[Found]:
    """The first run, or the first line that stutters."""
    lines = [line.strip() for line in source.lines]
    found = _run(lines)
    if found is not None:
        first, block, times = found
        if source.parses and (_is_data(source, first, block) or _goes_on(source, first + block * times)):
            return
        start, end = source.line_span(first)
        what = "this line repeats" if block == 1 else f"these {block} lines repeat"
        message = f"{what} {times} times in a row"
        yield Found(message, start, end, broken_syntax=not source.parses)
        return
    if max(map(len, lines)) <= 200:
        return
    for index, line in enumerate(source.lines):
        if len(line) > 200 and (match := _STUTTER.search(line[:20_000])) and _WORDS.search(match[1]):
            start = source.line_starts[index] + match.start()
            if source.parses and source.language is not None and source.region(start) == "string":
                continue  # a payload; the text of a model that got stuck has no end
            if not _DATA.fullmatch(match[1]) and not _LISTED.fullmatch(match[1]):
                yield Found(f"'{match[1].strip()[:40]}' repeats over and over", start, start + len(match[1]))
                return


def _goes_on(source: Source, end: int) -> bool:
    """Whether a text that has no grammar here goes on behind a run: in strings and tables anything may repeat there, a model that got
    stuck hardly comes back.
    """
    plain = source.language is not None and source.language.group == "text"
    return plain and any(line.strip() for line in source.lines[end + MAX_BLOCK :])


def _is_data(source: Source, first: int, block: int) -> bool:
    """Whether a run is the entries of a list or stands in a string: tests and tables repeat such.

    A declaration, a key or a statement means nothing the second time.
    """
    if source.tree is None or source.language is None or source.language.group == "markup":
        return False
    at = source.line_span(first)[0]
    if (block > 1 or is_test_file(source)) and source.region(at) == "string" and source.language.group == "code":
        return True
    if source.language.name == "yaml":
        return block > 1 and any(line.lstrip().startswith("- ") for line in source.lines[first : first + block])
    start = source.byte_offset(at)
    node = source.tree.root_node.descendant_for_byte_range(start, start)
    while node is not None and node.start_byte >= start:
        node = node.parent
    if source.language.name == "notebook":
        return _is_of_a_cell(node)
    return node is not None and node.type in (_LISTS if block > 1 else _MACROS)


def _is_of_a_cell(node: Node | None) -> bool:
    """Whether a node stands in what a notebook's cell put out, or in its source, which is looked at by itself."""
    while node is not None:
        if node.type == "pair" and text_of(node.child_by_field_name("key")) in ('"outputs"', '"source"'):
            return True
        node = node.parent
    return False


def _run(lines: list[str]) -> tuple[int, int, int] | None:
    """First line, block length and repetitions of the first long enough run."""
    if not _may_repeat(lines):
        return None
    for block in range(1, MAX_BLOCK + 1):
        alike = bytes(map(eq, lines, lines[block:]))
        needed = max(MIN_LINES, MIN_TIMES * block) - block
        first = alike.find(b"\1" * needed)
        while first >= 0:
            end = alike.find(b"\0", first)
            last = (end if end >= 0 else len(alike)) + block
            if _telling(lines[first : first + block]):
                return first, block, (last - first) // block
            first = alike.find(b"\1" * needed, last - block)
    return None


def _may_repeat(lines: list[str]) -> bool:
    """Whether any run is possible: a long one holds one of these samples whole, and its copy ``block`` lines on."""
    return any(
        lines[at] == lines[at + block] and lines[at : at + _SAMPLE] == lines[at + block : at + block + _SAMPLE]
        for at in range(0, len(lines) - MIN_LINES + _STRIDE, _STRIDE)
        for block in range(1, MAX_BLOCK + 1)
    )


def _telling(block: list[str]) -> bool:
    return any(_WORDS.search(line) and not _DATA.fullmatch(line) for line in block)


RULE = Rule(
    code="REP001",
    name="repeated-lines",
    summary="a line or block repeats over and over",
    page=__doc__,
    check=check,
    kinds=("file", "fragment", "reply"),
    good=(
        Case("x = [\n" + "    0, 0, 0,\n" * 60 + "]\n"),
        Case("".join(f"f{n} = {n}\n" for n in range(60))),
        Case("TEXT = '''\n" + "a line of words\n" * 40 + "'''\n", path="test_gzip.py"),
        Case("print('a')\nprint('a')\nprint('a')\n"),
        Case(
            "const frames = [\n"
            + "  'M 1 2 L 3 4',\n" * 49
            + "];\n"
            + "".join(f"final f{n} = {n};\n" for n in range(9)),
            language="dart",
        ),
    ),
    bad=(
        Case(
            "TEXT = '''\n" + "a line of words\n" * 40 + "'''\n",
            line=2,
            says="40 times",
            path="gzip_text.py",
            symptom="the same line over and over",
        ),
        Case("def f(x, step):\n" + "    x = step(x)\n" * 40 + "    return x\n", line=2, says="40 times"),
        Case(
            "def f(x, step):\n" + "    x = step(x)\n    print(x)\n" * 20 + "    return x\n",
            line=2,
            says="2 lines",
            symptom="the answer loops",
        ),
    ),
)
