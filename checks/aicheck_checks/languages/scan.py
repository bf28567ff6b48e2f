"""What is still open at the end of a text: brackets and strings, by a scan of its tokens.

A parser says that something is wrong; the scan says what was never closed, also
in text that no parser takes.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from aicheck_checks.patterns import lazy

_PYTHON = lazy(
    r"""
    \#[^\n]*
  | (?P<open_string>[A-Za-z]{0,2}(?P<quote>\"\"\"|''')(?P<body>(?:[^\\]|\\.)*?)(?P<closed>(?P=quote))?(?(closed)|\Z))
  | (?P<line_string>\"(?:[^\"\\\n]|\\.)*(?P<end1>\")? | '(?:[^'\\\n]|\\.)*(?P<end2>')?)
  | (?P<bracket>[()\[\]{}])
    """,
    re.VERBOSE | re.DOTALL,
)
_CLOSES = {")": "(", "]": "[", "}": "{"}


class Scan(NamedTuple):
    """Brackets never closed (with offset, outermost first) and the string open at the end."""

    open: list[tuple[str, int]]
    string: tuple[str, int] | None
    """The quote and the offset where it opened."""


_QUOTED = lazy(r"\\.|\"(?:[^\"\\]|\\.)*+(\")?|'(?:[^'\\]|\\.)*+(')?|`[^`]*+(`)?", re.DOTALL)


def in_quotes(before: str) -> bool:
    """Whether a place in a line stands inside quotes, by what stands before it there."""
    return any(match[0][0] != "\\" and match.lastindex is None for match in _QUOTED.finditer(before))


@lru_cache(maxsize=8)
def scan(text: str) -> Scan:
    """Scan Python text."""
    open_brackets: list[tuple[str, int]] = []
    string: tuple[str, int] | None = None
    end = len(text.rstrip())
    for match in _PYTHON.finditer(text):
        if match["bracket"]:
            bracket = match["bracket"]
            if bracket in "([{":
                open_brackets.append((bracket, match.start()))
            elif open_brackets and open_brackets[-1][0] == _CLOSES[bracket]:
                open_brackets.pop()
        elif match["open_string"] and not match["closed"]:
            string = (match["quote"], match.start("quote"))
        elif match["line_string"] and not (match["end1"] or match["end2"]):
            if match.end() >= end:
                string = (text[match.start()], match.start())
    return Scan(open_brackets, string)
