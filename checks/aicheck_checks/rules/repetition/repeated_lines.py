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

from aicheck_checks.finding import Found
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

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
_LISTED = lazy(r"\W*\w+(?:[^\w,]+\w+)?[^\w,]*,\W*")
"""An entry of a list: generated code repeats such by the hundred."""
_STUTTER = lazy(r"(\b\w+\W+(?:\w+\W+){0,5}?)\1{24,}")


def check(source: Source) -> Iterator[Found]:
    """The first run, or the first line that stutters."""
    lines = [line.strip() for line in source.lines]
    found = _run(lines)
    if found is not None and not _in_macro(source, found[0]):
        first, block, times = found
        start, end = source.line_span(first)
        what = "this line repeats" if block == 1 else f"these {block} lines repeat"
        message = f"{what} {times} times in a row"
        yield Found(message, start, end, broken_syntax=not source.parses)
        return
    if max(map(len, lines)) <= 200:
        return
    for index, line in enumerate(source.lines):
        if len(line) > 200 and (match := _STUTTER.search(line[:20_000])) and _WORDS.search(match[1]):
            if not _DATA.fullmatch(match[1]) and not _LISTED.fullmatch(match[1]):
                start = source.line_starts[index] + match.start()
                yield Found(f"'{match[1].strip()[:40]}' repeats over and over", start, start + len(match[1]))
                return


def _in_macro(source: Source, line: int) -> bool:
    """Whether a line (from 0) stands among the arguments of a macro: tests of its limits repeat them."""
    if source.language is None or source.language.name != "rust" or source.tree is None:
        return False
    at = source.byte_offset(source.line_span(line)[0])
    node = source.tree.root_node.descendant_for_byte_range(at, at)
    return node is not None and node.parent is not None and node.parent.type == "token_tree"


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
        Case("print('a')\nprint('a')\nprint('a')\n"),
    ),
    bad=(
        Case("def f(x, step):\n" + "    x = step(x)\n" * 40 + "    return x\n", line=2, says="40 times"),
        Case("def f(x, step):\n" + "    x = step(x)\n    print(x)\n" * 20 + "    return x\n", line=2, says="2 lines"),
    ),
)
