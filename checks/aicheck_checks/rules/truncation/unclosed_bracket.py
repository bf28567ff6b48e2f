"""The text ends inside a bracket that is never closed.

## Why it matters
The model stopped, or was stopped, in mid-expression: everything after this
point is missing, not just the bracket.

## Instead
Ask for the rest from the last complete line on, or discard the output. Adding
the bracket by hand hides that code is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.analysis.cut import cut
from aicheck_checks.finding import Found
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source


def check(source: Source) -> Iterator[Found]:
    """The innermost bracket that is open where the text stops."""
    found = cut(source)
    if found is None or found.string is not None or found.bracket is None or found.goes_on:
        return
    bracket, at = found.bracket
    line = source.position(at).line
    message = f"cut off: the text ends inside '{bracket}' opened on line {line}; the rest is missing"
    yield Found(message, found.start, found.end)


RULE = Rule(
    code="TRU001",
    name="unclosed-bracket",
    summary="the text ends inside an open bracket",
    page=__doc__,
    check=check,
    needs=("tree",),
    settles="text",
    when="broken",
    yields_to=("broken",),
    good=(Case("f(1,\n  2)\n"), Case("x = [\n    1,\n]\n")),
    bad=(
        Case(
            "def f(x):\n    return g(x,\n             1",
            line=3,
            says="opened on line 2",
            symptom="the file stops in the middle of a call",
        ),
        Case("x = {\n    'a': [1,\n", line=2, says="'['", symptom="unexpected EOF: a bracket was never closed"),
        Case("func f(a int) int {\n\tif a > 0 {\n\t\treturn a", line=3, says="line 2", language="go"),
        Case(
            "export function f(a) {\n  const x = `${a",
            line=2,
            language="javascript",
            symptom="the answer stops inside a template string",
        ),
    ),
)
