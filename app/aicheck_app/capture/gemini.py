"""Gemini CLI sessions: one JSON document of messages, or JSON lines of the same in newer versions.

Source: https://github.com/google-gemini/gemini-cli, packages/core/src/services/chatRecordingService.ts.
In the lines, ``$set`` changes what is known of the session and ``$rewindTo`` takes back what follows a message.
"""

from __future__ import annotations

import glob
import os
from typing import TYPE_CHECKING, Any

from aicheck_app.capture import session
from aicheck_app.capture.session import Format, members, number, text, value, words
from aicheck_app.capture.tool_calls import ToolCall, take
from aicheck_app.log import records
from aicheck_app.log.chain import identity

if TYPE_CHECKING:
    from aicheck_app.capture.context import Outcome
    from aicheck_app.origin import Origin

AGENT = "gemini"
_OUTCOMES: dict[str, Outcome] = {"success": "ok", "cancelled": "rejected"}


class Session(session.Session):
    """Reads one session."""

    def __init__(self) -> None:
        super().__init__(AGENT, "google")
        self._messages: list[str] = []

    def read(self, data: bytes) -> None:
        """Read the whole file, of either kind."""
        whole = value(data)
        if isinstance(whole, dict) and isinstance(whole.get("messages"), list):
            self._about(whole)
            self.each(whole["messages"], self._message)
            return
        self.each(data.split(b"\n"), self._raw)

    def _raw(self, line: bytes) -> None:
        found = value(line)
        if isinstance(found, dict):
            self._line(found)
        elif line.strip():
            self.skip(line)

    def _line(self, found: dict[str, Any]) -> None:
        if "$rewindTo" in found:
            kept = found["$rewindTo"]
            at = self._messages.index(kept) + 1 if kept in self._messages else 0
            self.withdraw(*self._messages[at:])
            self.records["$rewindTo"] += 1
        elif "$set" in found:
            self.records["$set"] += 1
            self._about(found["$set"] if isinstance(found["$set"], dict) else {})
        elif "sessionId" in found:
            self.records["session"] += 1
            self._about(found)
        else:
            self._message(found)

    def _about(self, found: dict[str, Any]) -> None:
        known = self.origin
        self.origin = known._replace(
            session=text(found.get("sessionId")) or known.session, time=text(found.get("startTime")) or known.time
        )

    def _message(self, message: dict[str, Any]) -> None:
        kind, identifier = text(message.get("type")), text(message.get("id"))
        self.records[kind or "no type"] += 1
        self.origin = self.origin._replace(time=text(message.get("timestamp")) or self.origin.time)
        if kind == "user":
            self.end_turn()
            self.context.count("prompts")
        elif kind == "error":
            self.events["api error"] += 1
        if kind != "gemini":
            return
        self._messages.append(identifier)
        self.context.count("messages")
        used = members(message.get("tokens"))
        tokens, thoughts = number(used.get("output")), number(used.get("thoughts"))
        self.tokens += tokens
        self.context.count("thinking_tokens", thoughts)
        self.begin_message(self.origin.time)
        model = text(message.get("model"))
        self.origin = self.origin._replace(turn=self.origin.turn + 1, model=model, asked=model)
        origin = self.origin._replace(message=identifier, tokens=tokens)
        record = records.Message(
            id=identity("message", AGENT, origin.session, identifier), time=origin.time, agent=AGENT, model=model, asked=model,
            provider=origin.provider, session=origin.session, message=identifier, turn=origin.turn, tokens=tokens,
            thinking_tokens=thoughts, input_tokens=number(used.get("input")), cache_read=number(used.get("cached")),
            attribution=origin.attribution, calls=len(message.get("toolCalls") or ()),
        )  # fmt: skip
        self.add(record, identifier)
        self.reply(words(message.get("content")), identifier, origin, identifier)
        self.each(message.get("toolCalls"), lambda call: self._call(call, identifier, origin))

    def _call(self, call: dict[str, Any], message: str, origin: Origin) -> None:
        outcome = _OUTCOMES.get(text(call.get("status")), "failed")
        said = str(call.get("result"))[:1000]
        take(
            self,
            ToolCall(text(call.get("id")), text(call.get("name")), call.get("args"), outcome, said),
            origin,
            message,
        )


def _recognises(head: bytes, name: str) -> bool:
    return b'"sessionId"' in head and b'"projectHash"' in head


def _folders() -> list[str]:
    return sorted(glob.glob(os.path.join(os.path.expanduser("~"), ".gemini", "tmp", "*", "chats")))


FORMAT = Format(AGENT, Session, _recognises, _folders, (".json", ".jsonl", ".json.gz", ".jsonl.gz"), whole=True)
