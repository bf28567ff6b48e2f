"""What is known of a turn: from a person's prompt to the next, or to the end of the session.

docs/signals.md defines what is derived from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from aicheck_app.capture.endings import Ending, signals
from aicheck_app.log import records
from aicheck_app.log.chain import identity

if TYPE_CHECKING:
    from aicheck_app.capture.commands import Effects
    from aicheck_app.origin import Origin

End = Literal["prompt", "interrupted", "aborted", "idle"]
"""What ended a turn: the next prompt, the person, the client, or nothing for ten minutes."""
Kind = Literal["edit", "test", "build", "other"]
MAX_CALLS = 2_000
"""Calls of a turn that are kept; the newest ones."""
MAX_WORDS = 20_000
"""Code points kept of the end of the model's last words."""


class Call(NamedTuple):
    """A call of a tool in a turn, and how it ended."""

    kind: Kind
    failed: bool = False


class Turn:
    """A turn as it goes on."""

    def __init__(self, number: int = 0) -> None:
        self.number = number
        self.calls: list[Call] = []
        self.words = ""
        """What the model said last."""
        self.called_after = False
        """Whether it made a call after these words."""
        self.todo = 0
        """Open items of the model's own list."""
        self.messages = 0
        self.milliseconds = 0
        self.began = ""
        self.stop_reason = ""

    def message(self, name: str) -> None:
        """The model wrote a message, which has this name or time."""
        self.messages += 1
        self.began = self.began or name

    def say(self, words: str) -> None:
        """The model said something."""
        if words.strip():
            self.words, self.called_after = words[-MAX_WORDS:], False

    def call(self, kind: Kind, failed: bool) -> None:
        """A call has ended."""
        self.calls.append(Call(kind, failed))
        self.called_after = True
        if len(self.calls) > MAX_CALLS:
            del self.calls[: MAX_CALLS // 2]

    def record(self, origin: Origin, end: End, session: str) -> records.Turn:
        """The turn's record; ``origin`` is that of its last message, ``session`` tells its session from all others."""
        kinds = [call.kind for call in self.calls]
        words = "" if self.called_after else self.words
        limited = self.stop_reason in ("max_tokens", "refusal", "length", "content_filter", "pause_turn")
        found = signals(Ending(words, self.calls, self.todo, end in ("prompt", "idle") and not limited))
        return records.Turn(
            id=identity("turn", origin.agent, session, str(self.number), self.began),
            time=origin.time, session=origin.session, agent=origin.agent, agent_version=origin.agent_version,
            model=origin.model, number=self.number, end=end, stop_reason=self.stop_reason,
            messages=self.messages, calls=len(kinds), edits=kinds.count("edit"),
            checks=kinds.count("test") + kinds.count("build"),
            checks_failed=sum(call.failed and call.kind in ("test", "build") for call in self.calls),
            todo=self.todo, milliseconds=self.milliseconds, side_chain=origin.side_chain,
            signals=dict.fromkeys((signal.name for signal in found), 1),
            said=[f"{signal.name}: {signal.words}" for signal in found if signal.words],
        )  # fmt: skip


def kind_of(found: Effects) -> Kind:
    """What a command is for, as far as a turn asks."""
    return "test" if found.tests else "build" if found.builds else "other"
