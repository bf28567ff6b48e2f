"""pi and oh-my-pi: JSON lines of a header ``session`` and entries that form a tree by ``id`` and ``parentId``.

Source: docs/session-format.md of @mariozechner/pi-coding-agent 0.73, version 3. A person may go back and branch off: all
branches are what the model wrote. A call's result is a message of the role ``toolResult``.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from aicheck_app.capture import session
from aicheck_app.capture.json_values import members, number, text, value, words
from aicheck_app.capture.message_record import message_record
from aicheck_app.capture.session import Format
from aicheck_app.capture.tool_calls import OpenCalls

if TYPE_CHECKING:
    from aicheck_app.capture.context import Outcome

AGENT = "pi"
_STOPS = {"stop": "end_turn", "toolUse": "tool_use", "length": "max_tokens"}
"""The reasons of the API that rules know."""


class Session(session.Session):
    """Reads the lines of one session."""

    def __init__(self) -> None:
        super().__init__(AGENT)
        self._open_calls = OpenCalls(self)

    def read(self, data: bytes) -> None:
        """Read one line."""
        line = value(data)
        if not isinstance(line, dict) or not isinstance(line.get("type"), str):
            self.skip(data)
            return
        kind, identifier = line["type"], text(line.get("id"))
        self.records[kind] += 1
        self.origin = self.origin._replace(time=text(line.get("timestamp")) or self.origin.time)
        if kind == "session":
            agent = "oh-my-pi" if "/.omp/" in self.place.replace(os.sep, "/") else AGENT
            self.origin = self.origin._replace(agent=agent, session=identifier, cwd=text(line.get("cwd")))
        elif kind == "model_change":
            model = text(line.get("modelId"))
            self.event("model switch", identifier, model_from=self.origin.model, model_to=model)
            self.origin = self.origin._replace(model=model, provider=text(line.get("provider")))
        elif kind == "compaction":
            self.event("compact boundary", identifier)
        elif kind == "message" and isinstance(line.get("message"), dict):
            self.lineage = self.lineage or f"{identifier}:{self.origin.time}"  # which a branch's copies keep
            self._message(line["message"], identifier)

    def _message(self, message: dict[str, Any], identifier: str) -> None:
        role = text(message.get("role"))
        if role == "user":
            self.prompted()
        elif role == "assistant":
            self._answer(message, identifier)
        elif role == "toolResult":
            self._ended(message)

    def _answer(self, message: dict[str, Any], identifier: str) -> None:
        used = members(message.get("usage"))
        stop = text(message.get("stopReason"))
        self.origin = self.origin._replace(
            turn=self.origin.turn + 1, model=text(message.get("model")) or self.origin.model,
            asked=text(message.get("model")) or self.origin.model,
            provider=text(message.get("provider")) or self.origin.provider,
        )  # fmt: skip
        origin = self.origin._replace(
            message=identifier, stop_reason=_STOPS.get(stop, stop), tokens=number(used.get("output"))
        )
        self.tokens += origin.tokens
        self.begin_message(origin.time)
        self.turn.stop_reason = origin.stop_reason
        blocks = [block for block in message.get("content") or [] if isinstance(block, dict)]
        calls = [block for block in blocks if block.get("type") == "toolCall"]
        for block in blocks:
            if block.get("type") == "text":
                self.reply(text(block.get("text")), identifier, origin, identifier)
        for block in calls:
            key, name = _call(block.get("id")), text(block.get("name"))
            self._open_calls.begin(key, name, block.get("arguments"), origin, identifier)
        if stop == "error":
            self.event("api error", identifier, reason=text(message.get("errorMessage")))
        elif stop == "aborted":
            self.context.count("interrupts")
        said = [text(block.get("text")) for block in blocks if block.get("type") == "text"]
        thinking = [block for block in blocks if block.get("type") == "thinking"]
        record = message_record(
            origin, self.lineage or origin.session, identifier, input_tokens=number(used.get("input")),
            cache_read=number(used.get("cacheRead")), cache_written=number(used.get("cacheWrite")),
            thinking_blocks=len(thinking), characters=sum(map(len, said)), calls=len(calls),
        )  # fmt: skip
        self.add(record, identifier)

    def _ended(self, message: dict[str, Any]) -> None:
        outcome: Outcome = "failed" if message.get("isError") else "ok"
        self._open_calls.end(_call(message.get("toolCallId")), outcome, words(message.get("content")))


def _call(identifier: object) -> str:
    """A call's id, without what some services add to it for themselves."""
    return text(identifier).partition("|")[0]


def _recognises(head: bytes, name: str) -> bool:
    first = head.partition(b"\n")[0].replace(b" ", b"")
    return (
        name.endswith(".jsonl")
        and first.startswith(b'{"type":"session"')
        and b'"version"' in first
        and b'"cwd"' in first
    )


def _folders() -> list[str]:
    home = os.path.expanduser("~")
    own = os.environ.get("PI_CODING_AGENT_DIR") or os.path.join(home, ".pi", "agent")
    return [os.path.join(own, "sessions"), os.path.join(home, ".omp", "agent", "sessions")]


FORMAT = Format(AGENT, Session, _recognises, _folders, (".jsonl", ".jsonl.gz"))
