"""The text ends in the middle of a statement.

## Why it matters
A block without its body, a ``try`` without its handler, an operator without its
right side: the model stopped, or was stopped, here.

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


def check(source: Source) -> Iterator[Found]:
    """The last line, where neither a bracket nor a string is open."""
    found = cut(source)
    if found is None or found.string is not None or found.bracket is not None:
        return
    said = source.syntax_errors[0 if source.diagnostics is not None else -1].message
    message = f"cut off: the text ends in mid-statement ({said[:1].lower()}{said[1:]}); the rest is missing"
    yield Found(message, found.start, found.end)


RULE = Rule(
    code="TRU003",
    name="cut-statement",
    summary="the text ends in the middle of a statement",
    page=__doc__,
    check=check,
    needs=("tree",),
    settles="text",
    when="broken",
    yields_to=("broken",),
    good=(Case("if x:\n    pass\n"), Case("try:\n    f()\nfinally:\n    g()\n")),
    bad=(
        Case(
            "def f(x):\n    if x:\n",
            line=2,
            says="mid-statement",
            symptom="expected an indented block at the end of the file",
        ),
        Case("try:\n    f()\n", line=2, says="except"),
        Case("def f(a, b):\n    return a +", line=2, symptom="the last line ends with an operator"),
        Case(
            "import a from 'a';\nconst x =", line=2, language="javascript", symptom="the last line is half a statement"
        ),
        Case("class A\n  def f(x)\n    if x\n      y = 1\n", line=4, language="ruby"),
    ),
)
