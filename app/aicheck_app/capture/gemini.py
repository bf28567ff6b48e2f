"""Gemini CLI sessions: one JSON document of messages, or JSON lines of the same in newer versions.

Source: https://github.com/google-gemini/gemini-cli, packages/core/src/services/chatRecordingService.ts.
In the lines, ``$set`` changes what is known of the session and ``$rewindTo`` takes back what follows a message.
"""

from __future__ import annotations

import glob
import os
import re
from typing import TYPE_CHECKING, Any

from aicheck_app.capture import session
from aicheck_app.capture.json_values import members, number, text, value, words
from aicheck_app.capture.message_record import message_record
from aicheck_app.capture.session import Format
from aicheck_app.capture.tool_calls import ToolCall, take

if TYPE_CHECKING:
    from aicheck_app.capture.context import Outcome
    from aicheck_app.origin import Origin

AGENT = "gemini"
_REFUSES = re.compile(
    r"\b(?:(?:IMAGE_)?SAFETY|(?:IMAGE_)?RECITATION|(?:IMAGE_)?PROHIBITED_CONTENT|BLOCKLIST|SPII|MODEL_ARMOR)\b"
)
"""Reasons of the service to end an answer, by its own names (https://ai.google.dev/api/generate-content, FinishReason)."""
_VERSION = re.compile(r"\bCLI Version\W{1,40}(?P<version>\d[\w.+-]{0,60})")
_SAID = 1_000
"""Code points of a result's beginning and end that are looked at."""
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
            session=text(found.get("sessionId")) or known.session, time=text(found.get("startTime")) or known.time,
            cwd=next((text(one) for one in found.get("directories") or () if text(one)), known.cwd),
        )  # fmt: skip

    def _message(self, message: dict[str, Any]) -> None:
        kind, identifier = text(message.get("type")), text(message.get("id"))
        self.records[kind or "no type"] += 1
        self.origin = self.origin._replace(time=text(message.get("timestamp")) or self.origin.time)
        if kind == "user":
            self.prompted()
        elif kind == "error":
            self._failed(message, identifier)
        elif kind == "info":
            self._told(words(message.get("content")))
        if kind != "gemini":
            return
        self._messages.append(identifier)
        self.begin_message(self.origin.time)
        used = members(message.get("tokens"))
        thoughts = number(used.get("thoughts"))
        tokens = number(used.get("output")) + thoughts  # which the service counts apart
        self.tokens += tokens
        self.context.count("thinking_tokens", thoughts)
        model = text(message.get("model"))
        self.origin = self.origin._replace(turn=self.origin.turn + 1, model=model, asked=model)
        origin = self.origin._replace(message=identifier, tokens=tokens)
        stopped = self._stopped(message, identifier)
        self.turn.stop_reason = stopped
        origin = origin._replace(stop_reason=stopped)
        record = message_record(
            origin, origin.session, identifier, thinking_tokens=thoughts, thinking_blocks=len(message.get("thoughts") or ()) or int(thoughts > 0), input_tokens=max(number(used.get("input")) - number(used.get("cached")), 0),
            cache_read=number(used.get("cached")), calls=len(message.get("toolCalls") or ()),
        )  # fmt: skip
        self.add(record, identifier)
        self.reply(words(message.get("content")), identifier, origin, identifier)
        self.each(message.get("toolCalls"), lambda call: self._call(call, identifier, origin))

    def _failed(self, message: dict[str, Any], identifier: str) -> None:
        """An error that the client showed; one that names a reason of the service's own filters is a refusal."""
        said = words(message.get("content"))
        reason = _REFUSES.search(said)
        if reason:
            self.event("refusal", identifier, category=reason[0], reason=said)
        else:
            self.event("api error", identifier, reason=said)

    def _told(self, said: str) -> None:
        """What the client says of itself where the person asked, by ``/about``."""
        found = _VERSION.search(said)
        if found:
            self.origin = self.origin._replace(agent_version=found["version"])

    def _stopped(self, message: dict[str, Any], identifier: str) -> str:
        """Why the answer ended, in the words of all vendors; a filter that ended it is a refusal."""
        said = text(message.get("finishReason")) or text(message.get("finish_reason"))
        if _REFUSES.fullmatch(said):
            self.event("refusal", identifier, category=said)
            return "refusal"
        return {"STOP": "end_turn", "MAX_TOKENS": "max_tokens"}.get(said, said.lower())

    def _call(self, call: dict[str, Any], message: str, origin: Origin) -> None:
        outcome = _OUTCOMES.get(text(call.get("status")), "failed")
        said = str(call.get("result"))
        said = said if len(said) <= 2 * _SAID else f"{said[:_SAID]}\n{said[-_SAID:]}"
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
