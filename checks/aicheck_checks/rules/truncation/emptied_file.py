"""A file that had something in it is empty now, or holds a sentence in place of its code.

## Why it matters
A write that failed half-way, or a tool that was given nothing to write, leaves a file of no length. Whoever means to
remove a file deletes it. And where a model or a service answers with words, a tool may write these into the file.

## Instead
Restore the version before.

## Known limits
Files that mark a folder (`__init__.py`, `.gitkeep`), stay for their name alone, or list what is still to be done are often emptied on purpose, and files of fewer than three lines are left alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicheck_checks.analysis.prose import DOCUMENTS
from aicheck_checks.finding import Found
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_MARKERS = frozenset({"__init__.py", "__init__.pyi", "py.typed", "conftest.py"})
_LISTS = lazy(r"baseline|ignore|todo|unshipped|changes?|allow|known|expected", re.IGNORECASE)
"""Words of the names of files that list what is still to be done."""
MIN_LINES = 3
"""Lines of the version before that make its loss worth telling."""


_SENTENCE = lazy(r"[A-Z][\w'’]*+:?(?: [\w'’,():/.%-]++){2,40}[.!]?")
"""A line of plain words: no language's code reads like it."""
_BRACKETS = frozenset({"{}", "[]", "{", "}", "[", "]"})
_CODE = lazy(r"[=();]|\b(?:import|export|use|include|require|from)\b")
_MOVED = lazy(r"(?i)\b(?:moved|see|deprecated|replaced|renamed|superseded|generated|now (?:in|at)|no longer|TODO)\b")
"""How people say why a file has nothing in it any more."""
MAX_LEFT = 2
MIN_WHOLE = 12
MAX_SENTENCES = 3
MIN_PROGRAM = 10
"""Lines of code that are more than a sentence can stand for."""


def check(source: Source) -> Iterator[Found]:
    """The whole text, if it is blank or a sentence and the version before was not."""
    old = source.previous
    name = source.path.replace("\\", "/").rpartition("/")[2]
    if old is None or name.startswith(".") or name in _MARKERS or _LISTS.search(name):
        return
    then = [line.strip() for line in old.splitlines() if line.strip()]
    if not source.text.strip():
        if len(then) >= MIN_LINES:
            yield Found(f"the file was emptied: the version before has {len(then)} lines", 0, 0)
    elif len(then) >= MIN_PROGRAM and _is_replaced(source, then):
        start, end = source.line_span(next(at for at, line in enumerate(source.lines) if line.strip()))
        yield Found(f"a sentence stands in place of the {len(then)} lines of the version before", start, end)
    elif len(then) >= MIN_WHOLE and _is_skeleton(source, then):
        start, end = source.line_span(next(at for at, line in enumerate(source.lines) if line.strip()))
        yield Found(f"hardly anything is left of the {len(then)} lines of the version before", start, end)


def _is_skeleton(source: Source, then: list[str]) -> bool:
    """Whether a title, a pair of brackets or a remark is all that is left."""
    now = [line.strip() for line in source.lines if line.strip()]
    if len(now) > MAX_LEFT or _MOVED.search(source.text):
        return False
    mark = source.language.line_comment if source.language is not None else None
    return all(
        line in _BRACKETS or (line in then and not _CODE.search(line)) or (mark is not None and line.startswith(mark))
        for line in now
    )


def _is_replaced(source: Source, then: list[str]) -> bool:
    """Whether words are all that there is in place of code or data."""
    if source.language is None or source.language.name in DOCUMENTS:
        return False
    now = [line.strip() for line in source.lines if line.strip()]
    return len(now) <= MAX_SENTENCES and all(_SENTENCE.fullmatch(line) for line in now) and not set(now) & set(then)


RULE = Rule(
    code="TRU012",
    name="emptied-file",
    summary="the file was emptied, or is a sentence now",
    page=__doc__,
    check=check,
    needs=("previous",),
    settles="text",
    of_change=True,
    yields_to=("TRU001", "TRU002", "TRU003", "REF"),
    good=(
        Case("See NOTES for it.\n", previous="# A\n" + "word\n" * 20, language="markdown"),
        Case("from new import f\n", previous="x = 1\n" * 20),
        Case("\n", previous="x = 1\n"),
        Case("x = 1\n", previous="x = 1\ny = 2\nz = 3\n"),
    ),
    bad=(
        Case("", previous="x = 1\ny = 2\nz = 3\n", line=1, says="3 lines", symptom="my file is empty after an edit"),
        Case(
            "Output was too long for this tool.\n",
            previous="".join(f"k{n}: {n}\n" for n in range(20)),
            line=1,
            says="a sentence",
            language="yaml",
            symptom="one sentence stands in place of my file",
        ),
        Case(
            "{}\n",
            previous="{\n" + "".join(f'  "k{n}": {n},\n' for n in range(20)) + '  "z": 1\n}\n',
            line=1,
            says="hardly anything",
            language="json",
        ),
        Case(
            "# Shop\n",
            previous="# Shop\n\n" + "Some words of it.\n" * 20,
            line=1,
            says="hardly anything",
            language="markdown",
        ),
        Case("\n", previous="<p>\na\n</p>\n", line=1, language="html"),
    ),
)
