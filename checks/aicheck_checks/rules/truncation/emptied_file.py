"""A file that had something in it is empty now.

## Why it matters
A write that failed half-way, or a tool that was given nothing to write, leaves a file of no length. Whoever means to
remove a file deletes it.

## Instead
Restore the version before.

## Known limits
Files that mark a folder (`__init__.py`, `.gitkeep`), stay for their name alone, or list what is still to be done are often emptied on purpose, and files of fewer than three lines are left alone.
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

_MARKERS = frozenset({"__init__.py", "__init__.pyi", "py.typed", "conftest.py"})
_LISTS = lazy(r"baseline|ignore|todo|unshipped|changes?|allow|known|expected", re.IGNORECASE)
"""Words of the names of files that list what is still to be done."""
MIN_LINES = 3
"""Lines of the version before that make its loss worth telling."""


def check(source: Source) -> Iterator[Found]:
    """The whole text, if it is blank and the version before was not."""
    old = source.previous
    name = source.path.replace("\\", "/").rpartition("/")[2]
    if old is None or source.text.strip() or name.startswith(".") or name in _MARKERS or _LISTS.search(name):
        return
    then = sum(bool(line.strip()) for line in old.splitlines())
    if then >= MIN_LINES:
        yield Found(f"the file was emptied: the version before has {then} lines", 0, 0)


RULE = Rule(
    code="TRU012",
    name="emptied-file",
    summary="the file was emptied",
    page=__doc__,
    check=check,
    needs=("previous",),
    settles="text",
    of_change=True,
    yields_to=("TRU001", "TRU002", "TRU003"),
    good=(Case("\n", previous="x = 1\n"), Case("x = 1\n", previous="x = 1\ny = 2\nz = 3\n")),
    bad=(
        Case("", previous="x = 1\ny = 2\nz = 3\n", line=1, says="3 lines"),
        Case("\n", previous="<p>\na\n</p>\n", line=1, language="html"),
    ),
)
