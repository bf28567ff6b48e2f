"""Markers of an unresolved merge conflict, or of an edit by search and replace, stand in the file.

## Why it matters
The file holds two versions at once, or a part of the edit that should have changed it.

## Instead
Choose one side, and remove the markers.

## Known limits
A line of equal signs underlines a title in many documents: there it counts only between two other markers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicheck_checks.analysis.prose import is_document, quotes
from aicheck_checks.finding import Found
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_MARKER = lazy(r"^(<<<<<<<|=======|>>>>>>>|\|\|\|\|\|\|\|)(?: .*)?$", re.MULTILINE)
_EDIT = lazy(r"^[ \t]{0,40}(?:[<-]{5,9} SEARCH|[>+]{5,9} REPLACE)[ \t]*\r?$", re.MULTILINE)
"""How agents mark what to look for and what to put there (`<<<<<<< SEARCH`, `+++++++ REPLACE`)."""


def check(source: Source) -> Iterator[Found]:
    """The first marker, if at least two kinds are there or one stands where the parser stumbles; that of an edit anywhere."""
    text = source.text
    if not any(mark in text for mark in ("=======", "<<<<<<<", ">>>>>>>", " SEARCH", " REPLACE")):
        return
    document = is_document(source)
    edit = next((match for match in _EDIT.finditer(text) if _stands(source, match)), None)
    found = [] if source.parses or document else [m for m in _MARKER.finditer(text) if _counts(source, m)]
    conflict = _conflict(source) if document else (found[0] if len({m[1] for m in found}) >= 2 else None)
    if conflict is not None and edit is None:
        yield Found("unresolved merge conflict", conflict.start(), conflict.end(), broken_syntax=True)
    elif edit is not None:
        start = edit.start() + len(edit[0]) - len(edit[0].lstrip())
        yield _left_behind(start, start + len(edit[0].strip()), edit[0])
    elif found and (found[0][1] != "=======" or _is_the_fault(source, found[0])):
        yield _left_behind(found[0].start(), found[0].end(), found[0][0])


def _left_behind(start: int, end: int, marker: str) -> Found:
    message = f"a conflict or edit marker '{marker.strip()[:30]}' was left behind"
    return Found(message, start, end, broken_syntax=True)


def _stands(source: Source, match: re.Match[str]) -> bool:
    """Whether an edit's marker stands in a text's own line, outside strings and comments."""
    if is_document(source):
        return not _is_quoted(source, match)
    line = source.position(match.start()).line - 1
    return source.region(match.end() - 1) == "code" or (not source.parses and line in source.error_lines)


def _is_quoted(source: Source, match: re.Match[str]) -> bool:
    """Whether a line of a document stands in a block of code."""
    return quotes(source) and source.region(match.start()) == "string"


def _conflict(source: Source) -> re.Match[str] | None:
    """Where a conflict begins in a document: one marker of each kind, in their order."""
    found = [match for match in _MARKER.finditer(source.text) if not _is_quoted(source, match)]
    for first, second, third in zip(found, found[1:], found[2:], strict=False):
        if (first[1], second[1], third[1]) == ("<<<<<<<", "=======", ">>>>>>>") and second[0].rstrip() == second[1]:
            return first
    return None


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
    good=(
        Case("# A\n\n```\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n```\n", language="markdown"),
        Case("Title\n=======\n\nSEARCH and REPLACE\n", language="markdown"),
        Case("TEXT = '''\n<<<<<<< HEAD\n=======\n>>>>>>> x\n'''\n"),
    ),
    bad=(
        Case("<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> branch\n", line=1, symptom="<<<<<<< HEAD stands in my file"),
        Case("x = 1\n>>>>>>> REPLACE\n", line=2, says="REPLACE", symptom=">>>>>>> REPLACE stands in my file"),
        Case(
            "<<<<<<< SEARCH\nx = 1\n=======\nx = 2\n>>>>>>> REPLACE\n",
            line=1,
            says="edit marker '<<<<<<< SEARCH'",
            symptom="<<<<<<< SEARCH stands in my file",
        ),
        Case(
            "def f(a):\n<<<<<<< HEAD\n    b = a + 1\n=======\n    b = a + 2\n>>>>>>> x\n    return b\n",
            line=2,
            says="merge",
            previous="def f(a):\n    b = a + 1\n    return b\n",
        ),
        Case("# A\n\nSome words.\n>>>>>>> REPLACE\n", line=4, says="REPLACE", language="markdown"),
        Case("a();\n\n------- SEARCH\n  b();\n", line=3, says="SEARCH", language="dart"),
        Case("x = 1\n+++++++ REPLACE\n", line=2, says="REPLACE"),
        Case("<<<<<<< HEAD\na = 1\n=======\na = 2\n>>>>>>> b\n", line=1, says="merge", language="terraform"),
        Case("a: 1\n\n=======\nb:\n  - c\n", line=3, says="=======", language="yaml"),
        Case("a:\n  b:\n    - c: d\n\n=======\n  e:\n    - f: g\n", line=5, says="=======", language="yaml"),
    ),
)
