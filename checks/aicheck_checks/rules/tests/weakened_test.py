"""A test asserts less than before: its assertions are gone, or hold for anything, and nothing else in it changed.

## Why it matters
Asked to make tests pass, a model may take away what they assert. The run is green, and says nothing any more.

## Instead
Restore the assertions, and mend the code; where the behaviour was meant to change, write down the new one.

## When it counts
Only where assertions alone changed: at least two are gone, or one was put in place of a stronger one on the same thing, and the file has
fewer that say something. A change that rewrites a test along with its assertions is not judged.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from aicheck_checks.analysis.tests import begins_test, is_claim, is_test_file, strong_claims, weak_claim
from aicheck_checks.finding import Found
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source


MOST = 500
"""New lines that are looked for among the claims that are gone."""


def check(source: Source) -> Iterator[Found]:
    """The first claim that holds for anything in place of one that did not; else the first line of what is left of the claims."""
    changed = source.changed_lines
    if changed is None or source.before is None or not changed.gone or not is_test_file(source):
        return
    lost = [line for line in changed.gone if is_claim(line) and weak_claim(line) is None]
    if not lost or strong_claims(source) >= strong_claims(source.before):
        return
    said = "\n".join(map(_dense, lost))
    strong = sum(is_claim(line) and weak_claim(line) is None for _, line in changed.brought)
    weak = ((index, subject) for index, line in changed.brought if (subject := weak_claim(line)) is not None)
    instead = next((index for index, subject in islice(weak, MOST) if subject in said), None)
    others = [line for line in changed.gone if not is_claim(line) and not _guards(line) and line.strip("(){}[];,")]
    if instead is not None and strong < len(lost):
        start, end = source.line_span(instead)
        yield Found("the test claims less than before: this holds for almost anything", start, end)
    elif len(lost) > 1 and not strong and not others and _stands_alone(source, changed.brought, said):
        index = changed.brought[0][0] if changed.brought else 0
        start, end = source.line_span(index)
        yield Found(
            f"the test claims less than before: {len(lost)} claims are gone, such as '{min(lost)[:60]}'",
            start,
            end,
        )


def _guards(line: str) -> bool:
    """Whether a line is the condition of a claim, as Go's tests have them."""
    return line.startswith("if ") and line.endswith("{")


def _dense(line: str) -> str:
    """A line without blanks, for people break and join them."""
    return "".join(line.split())


def _stands_alone(source: Source, brought: tuple[tuple[int, str], ...], said: str) -> bool:
    """Whether nothing came in place of the claims but what is left of them, and the tests round them still stand."""
    mark = source.language.line_comment if source.language is not None else None
    rest = [line for _, line in brought if line.strip("(){}[];,") and not (mark and line.startswith(mark))]
    left = len(rest) <= MOST and all(_dense(line).rstrip(";") in said for line in rest)
    return left and any(begins_test(line) for line in source.lines)


_WHOLE = "def test_net(order):\n    assert order.net() == 20\n    assert order.tax() == 4\n\n\ndef test_gross(order):\n    assert order.gross() == 24\n"

RULE = Rule(
    code="TST001",
    name="weakened-test",
    summary="a test claims less than before",
    page=__doc__,
    check=check,
    needs=("previous",),
    settles="turn",
    of_change=True,
    languages=("code",),
    yields_to=("TRU", "ELI", "REF"),
    good=(
        Case(_WHOLE.replace("24", "25"), previous=_WHOLE, path="test_a.py"),
        Case(_WHOLE.replace("    assert order.tax() == 4\n", ""), previous=_WHOLE, path="test_a.py"),
        Case(_WHOLE.replace("order.gross() == 24", "order.gross() is not None"), previous=_WHOLE, path="shop.py"),
    ),
    bad=(
        Case(_WHOLE.replace("order.gross() == 24", "order.gross() is not None"), previous=_WHOLE, path="test_a.py", line=7, says="anything", symptom='the assistant weakened my tests'),
        Case(
            "it('sums', () => {\n  expect(total(cart)).toBeDefined();\n});\n", previous="it('sums', () => {\n  expect(total(cart)).toBe(18);\n});\n",
            line=2, language="typescript", path="cart.test.ts",
            symptom='toBeDefined() in place of the value that was expected',
        ),
        Case(
            _WHOLE.replace("    assert order.net() == 20\n    assert order.tax() == 4\n", "    order.net()\n"), previous=_WHOLE, path="test_a.py",
            line=2, says="2 claims",
            symptom='the assert was removed from the test',
        ),
        Case(
            "def test_a(order):\n    order.net()\n    order.tax()\n    order.sum()\n",
            previous="def test_a(order):\n    order.net()\n    order.tax()\n    order.sum()\n"
            "    assert order.a == 20\n    assert order.b == 4\n    assert order.c == 5\n    assert order.d == 6\n",
            path="test_a.py", line=1, says="4 claims",
        ),
    ),
)  # fmt: skip
