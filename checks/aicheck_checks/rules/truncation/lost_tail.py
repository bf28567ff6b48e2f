"""The end of the version before is missing: the new text stops inside what used to go on.

## Why it matters
A rewrite that keeps everything up to some line and then simply stops, in the
middle of a function, was cut off, also where what is left parses.

## Instead
Restore the lost lines from the version before, or ask for the rest.

## Known limits
A deliberate deletion of the last lines of the last function, with nothing else
changed, looks the same when it takes several lines; where the new text ends
between two definitions, the loss is only noted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.analysis import history
from aicheck_checks.analysis.elsewhere import stands_elsewhere
from aicheck_checks.analysis.tests import is_claim, is_test_file
from aicheck_checks.finding import Found
from aicheck_checks.rule import Case, Rule
from aicheck_checks.rules.truncation.abrupt_end import seems_cut

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

FEW_LINES = 4
"""A loss of fewer lines is as often meant, and counts only with signs of a cut beside it."""
HANDICAP = 6.0
"""How much less evidence of an abrupt end it takes then (natural logarithm of the odds)."""


def check(source: Source) -> Iterator[Found]:
    """The end of the new text, where the version before went on."""
    tail = history.lost_tail(source)
    if tail is None or _mends(source):
        return
    end = len(source.text.rstrip())
    count = len(tail.lines)
    lines = f"{count} line{'s' if count != 1 else ''}"
    deliberate = count < FEW_LINES and not seems_cut(source, easier=HANDICAP)
    if tail.inside_block and tail.unchanged >= 0.5 and not deliberate:
        if stands_elsewhere(source, tail.lines[0]) or _only_claims(source, tail.lines):
            return
        message = (
            f"cut off: the version before went on for {lines} here, from line {tail.start + 1}"
            f" ('{tail.lines[0].strip()[:40]}'), inside the same block"
        )
        yield Found(message, max(end - 1, 0), end)
    elif count >= 10 and tail.unchanged >= 0.9:
        message = f"the last {lines} of the version before are gone, from its line {tail.start + 1} on"
        yield Found(message, max(end - 1, 0), end, "warning", "medium")


def _mends(source: Source) -> bool:
    """Whether the new text parses and the version before did not: what is gone was left over there."""
    before = source.before
    return before is not None and source.parses and not before.parses


def _only_claims(source: Source, lines: list[str]) -> bool:
    """Whether nothing but claims of a test is gone: the test is weakened then (TST001), and nothing is cut off."""
    return source.parses and is_test_file(source) and all(is_claim(line.strip()) for line in lines)


_WHOLE = """\
def total(items):
    result = 0
    for item in items:
        result += item.price
        item.seen = True
    return result
"""
_LONG = _WHOLE.replace(
    "        item.seen = True\n", "        seen(item)\n        log(item)\n    log(result)\n"
).replace("def total(items)", "def total(items, seen, log)")
_MENDED = "fn a() {\n    let b = 1;\n" + '    println!("{}", b);\n' * 9 + "}\n"

RULE = Rule(
    code="TRU006",
    name="lost-tail",
    summary="the end of the version before is missing",
    page=__doc__,
    check=check,
    needs=(
        "tree",
        "previous",
    ),
    settles="text",
    of_change=True,
    languages=("code",),
    yields_to=("TRU001", "TRU002", "TRU003", "TRU010", "TRU012"),
    good=(
        Case(_WHOLE, previous=_WHOLE),
        Case(_MENDED, previous=_MENDED + "        }\n        e(),\n        f(),\n    }\n}\n", language="rust"),
        Case(_WHOLE.replace("result", "total_"), previous=_WHOLE),
        Case(_WHOLE + "\n\ndef more():\n    return 1\n", previous=_WHOLE),
    ),
    bad=(
        Case(
            _LONG.partition("        seen")[0],
            previous=_LONG,
            line=4,
            says="4 lines",
            symptom="the end of my file is gone after an edit",
        ),
    ),
)
