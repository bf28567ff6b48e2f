"""The service stopped the message as a refusal.

## Why it matters
`stop_reason: refusal` is the service's own statement that it declined
(https://docs.claude.com/en/api/handling-stop-reasons): countable and exact.

## Instead
If the request was legitimate, report it with its request id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.finding import Found
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source


def check(source: Source) -> Iterator[Found]:
    """The text, if it ends a message that was stopped as a refusal."""
    if source.last_of_message and source.stop_reason == "refusal":
        yield Found("the service stopped this message as a refusal", 0, len(source.text.rstrip()))


RULE = Rule(
    code="REF002",
    name="refusal-stop",
    summary="the service stopped the message as a refusal",
    page=__doc__,
    check=check,
    kinds=("file", "fragment", "reply"),
    yields_to=("REF001",),
    good=(Case("x = 1\n", stop_reason="end_turn"),),
    bad=(Case("x = 1\n", line=1, stop_reason="refusal", symptom="stop_reason is refusal"),),
)
