"""The text ends inside a string or comment that is never closed.

## Why it matters
The model stopped, or was stopped, in the middle of a string or comment:
everything after this point is missing.

## Instead
Ask for the rest from the last complete line on, or discard the output.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.analysis.cut import cut
from aicheck_checks.finding import Found
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_COMMENTS = ("/*", "<!--", "--[[")


def check(source: Source) -> Iterator[Found]:
    """The string that is open where the text stops."""
    found = cut(source)
    if found is None or found.string is None:
        return
    quote, at = found.string
    line = source.position(at).line
    what = "comment" if quote in _COMMENTS else f"string ({quote})"
    message = f"cut off: the text ends inside a {what} opened on line {line}; the rest is missing"
    yield Found(message, found.start, found.end)


RULE = Rule(
    code="TRU002",
    name="unclosed-string",
    summary="the text ends inside an open string or comment",
    page=__doc__,
    check=check,
    needs=("tree",),
    settles="text",
    when="broken",
    yields_to=("broken",),
    good=(Case('x = """a\nb"""\n'), Case("x = 'it''s'\n")),
    bad=(
        Case(
            'def f():\n    """Does a thing',
            line=2,
            says="opened on line 2",
            symptom="unterminated triple-quoted string",
        ),
        Case("x = 'abc", line=1, says="string", symptom="the file ends inside a string"),
        Case(
            "function f(a) {\n  g(a);\n  /* why\n  this",
            line=4,
            says="comment",
            language="javascript",
            symptom="the file ends inside a comment",
        ),
    ),
)
