"""The text shrank to a fraction of the version before and lost most of its definitions.

## Why it matters
Files do get shorter, but a file that loses two thirds of its lines and most of
its functions in one write has more often been replaced by a summary of itself.

## Instead
Compare with the version before. If the loss was meant, dismiss the finding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.finding import Found
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

MIN_LINES = 40
MAX_SHARE = 1 / 3


def check(source: Source) -> Iterator[Found]:
    """The whole text: it is noted, not suspect, because moving code elsewhere looks the same."""
    old = source.before
    if old is None:
        return
    then = sum(bool(line.strip()) for line in old.lines)
    now = sum(bool(line.strip()) for line in source.lines)
    if then < MIN_LINES or now > then * MAX_SHARE:
        return
    defined, left = old.definitions, source.definitions
    lost = [name for name in defined if name not in left]
    if len(lost) * 2 <= len(defined):
        return
    message = f"shrank from {then} to {now} lines and lost {len(lost)} of {len(defined)} definitions"
    yield Found(message, 0, source.line_span(0)[1], "warning", "medium")


_WHOLE = "\n\n".join(f"def f{n}(x):\n    y = x + {n}\n    return y\n" for n in range(20))

RULE = Rule(
    code="TRU008",
    name="size-collapse",
    summary="shrank to a fraction and lost most definitions",
    page=__doc__,
    check=check,
    needs=(
        "tree",
        "previous",
    ),
    settles="text",
    of_change=True,
    languages=("code",),
    yields_to=("TRU001", "TRU002", "TRU003", "TRU006", "TRU007", "TRU010", "TRU012", "ELI"),
    good=(Case(_WHOLE, previous=_WHOLE), Case("x = 1\n", previous="y = 1\n")),
    bad=(
        Case(
            "def f0(x):\n    return x\n",
            previous=_WHOLE,
            line=1,
            says="lost 19 of 20",
            symptom="the assistant deleted most of my file",
        ),
    ),
)
