"""A message goes on as if the person had answered: the model writes the next turn itself.

## Why it matters
A model that does not stop invents what the person says next, and then acts on it. What follows in the session rests on words
that nobody said.

## Instead
Stop the agent, and go back to the message before; report the message with its request id.

## Known limits
A conversation that the model shows as an example stands in a code block or a quotation, where it is not looked at. `User:` counts
only where `Assistant:` follows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.finding import Found
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_HUMAN = lazy(r"\n[ \t]*\n(?P<mark>Human|H|### Human):[ \t]*\S")
_USER = lazy(r"\n[ \t]*\n(?P<mark>User):[ \t]*\S")
_ASSISTANT = lazy(r"\n[ \t]*\n(?:Assistant|A):[ \t]*\S")


def check(source: Source) -> Iterator[Found]:
    """The first line that begins another's turn."""
    if ":" not in source.text:
        return
    said = source.spoken
    match = _HUMAN.search(said) or _USER.search(said)
    if match is None or not said[: match.start()].strip():
        return
    if match["mark"] in ("User", "H") and not _ASSISTANT.search(said, match.end()):
        return
    at = match.start("mark")
    yield Found(f"the message goes on as '{match['mark']}:', a turn that nobody took", at, at + len(match["mark"]) + 1)


RULE = Rule(
    code="COR011",
    name="faked-turn",
    summary="a message goes on with a turn of the person's",
    page=__doc__,
    check=check,
    kinds=("prose",),
    good=(
        Case("Prompts look so:\n\n```\nHuman: hi\n\nAssistant: hello\n```\n", kind="prose"),
        Case("Roles:\n\nUser: the person who asks.\n\nOperator: the one who deploys.\n", kind="prose"),
        Case("> Human: hi\n\nThat was quoted.\n", kind="prose"),
    ),
    bad=(
        Case(
            "The file is fixed.\n\nHuman: now add a test\n",
            line=3,
            says="Human:",
            kind="prose",
            symptom="the assistant writes my part of the conversation",
        ),
        Case(
            "Done.\n\nUser: thanks\n\nAssistant: You are welcome.\n",
            line=3,
            says="User:",
            kind="prose",
            symptom="the answer goes on with User: and Assistant:",
        ),
    ),
)
