"""Codex's counts of tokens, which are of the whole session so far, as one record for each answer of the service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicheck_app.capture.json_values import number
from aicheck_app.capture.message_record import message_record

if TYPE_CHECKING:
    from aicheck_app.log.records import Message
    from aicheck_app.origin import Origin

_NAMES = ("input_tokens", "cached_input_tokens", "output_tokens", "reasoning_output_tokens")


class Usage:
    """What was counted so far, and what was seen since the last count."""

    def __init__(self) -> None:
        self.effort = ""
        self.calls = 0
        self.thoughts = 0
        self.characters = 0
        self.last_said = ""
        self.last_prompt = ""
        self.last_error = ""
        self._total = dict.fromkeys(_NAMES, 0)
        self._number = 0

    def go_on_from(self, other: Usage) -> None:
        """Count from where another session's counts ended."""
        self._total = other._total

    def message(self, payload: dict[str, Any], origin: Origin, thread: str) -> Message | None:
        """The answer that a count ends, of a thread with this id; None where it tells nothing new."""
        info = payload.get("info")
        total = info.get("total_token_usage") if isinstance(info, dict) else None
        if not isinstance(total, dict):
            return None
        if isinstance(written := total.get("output_tokens"), int) and written < self._total["output_tokens"]:
            self._total = dict.fromkeys(_NAMES, 0)  # the client counts from nothing again
        now = {name: max(number(total.get(name)), self._total[name]) for name in _NAMES}
        new = {name: now[name] - self._total[name] for name in _NAMES}
        self._total = now
        if not new["output_tokens"]:
            return None
        self._number += 1
        message = message_record(
            origin, thread, str(self._number), effort=self.effort, tokens=new["output_tokens"], input_tokens=max(new["input_tokens"] - new["cached_input_tokens"], 0), cache_read=new["cached_input_tokens"],
            thinking_tokens=new["reasoning_output_tokens"],
            thinking_blocks=self.thoughts or int(new["reasoning_output_tokens"] > 0), calls=self.calls, characters=self.characters,
        )  # fmt: skip
        self.calls = self.characters = self.thoughts = 0
        return message
