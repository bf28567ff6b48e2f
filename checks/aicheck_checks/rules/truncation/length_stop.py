"""The model was stopped by a length limit while writing this text.

## Why it matters
The service says itself that the answer ended because the token limit or the
context window was reached (`stop_reason` of the Messages API:
https://docs.claude.com/en/api/handling-stop-reasons), so the text most likely
lacks its end, even where it happens to parse.

## Instead
Raise the limit, split the task, or let the model continue.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.finding import Found
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

LENGTH_STOPS = frozenset({"max_tokens", "model_context_window_exceeded", "length", "MAX_TOKENS"})


def check(source: Source) -> Iterator[Found]:
    """The end of the text, if it also ends a message that was stopped for its length."""
    if source.last_of_message and source.stop_reason in LENGTH_STOPS:
        end = len(source.text.rstrip())
        message = f"cut off: the model was stopped by a length limit here ({source.stop_reason})"
        yield Found(message, max(end - 1, 0), end, confidence="medium")


RULE = Rule(
    code="TRU005",
    name="length-stop",
    summary="the model was stopped by a length limit",
    page=__doc__,
    check=check,
    settles="text",
    kinds=("file", "fragment", "reply"),
    yields_to=("TRU001", "TRU002", "TRU003", "TRU004"),
    good=(Case("x = 1\n", stop_reason="end_turn"), Case("x = 1\n")),
    bad=(Case("x = 1\n", line=1, stop_reason="max_tokens", symptom="stop_reason is max_tokens"),),
)
