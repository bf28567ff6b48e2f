"""opencode: sessions exported with ``opencode export``, as JSON.

``{info, messages: [{info, parts}]}``; a part of type ``tool`` has ``tool``, ``state.status``, ``state.input`` and
``state.metadata`` (published types: sst/opencode, packages/opencode/src/session/message-v2.ts). The
database that the client keeps holds the same JSON, a session in many rows: export what you need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicheck_app.capture import session
from aicheck_app.capture.json_values import members, number, text, value
from aicheck_app.capture.message_record import message_record
from aicheck_app.capture.session import Format
from aicheck_app.capture.tool_calls import ToolCall, take
from aicheck_app.clock import of_milliseconds

if TYPE_CHECKING:
    from aicheck_app.origin import Origin

AGENT = "opencode"


class Session(session.Session):
    """Reads one exported session."""

    def __init__(self) -> None:
        super().__init__(AGENT)

    def read(self, data: bytes) -> None:
        """Read the whole file."""
        chat = value(data)
        if not isinstance(chat, dict) or not isinstance(chat.get("info"), dict):
            self.skip(data)
            return
        info = chat["info"]
        self.origin = self.origin._replace(
            session=text(info.get("id")), cwd=text(info.get("directory")), agent_version=text(info.get("version"))
        )
        self.each(chat.get("messages"), self._message)

    def _message(self, message: dict[str, Any]) -> None:
        info = message["info"]
        role = text(info.get("role"))
        self.records[role or "no role"] += 1
        if role == "user":
            self.prompted()
        if role != "assistant":
            return
        times, tokens = members(info.get("time")), members(info.get("tokens"))
        when = of_milliseconds(times["created"]) if isinstance(times.get("created"), int) else ""
        cache, model = members(tokens.get("cache")), text(info.get("modelID"))
        self.tokens += number(tokens.get("output"))
        self.origin = self.origin._replace(
            turn=self.origin.turn + 1, time=when or self.origin.time, model=model, asked=model,
            provider=text(info.get("providerID")),
        )  # fmt: skip
        self.begin_message(self.origin.time)
        origin = self.origin._replace(message=text(info.get("id")), tokens=number(tokens.get("output")))
        record = message_record(
            origin, origin.message, stop_reason=text(info.get("finish")), input_tokens=number(tokens.get("input")),
            thinking_tokens=number(tokens.get("reasoning")), cache_read=number(cache.get("read")),
            cache_written=number(cache.get("write")),
        )  # fmt: skip
        self.add(record)
        if info.get("error"):
            fault = members(info["error"])
            self.event("api error", origin.message, reason=text(fault.get("name")) or "error")
        self.each(message.get("parts"), lambda part: self._part(part, origin))

    def _part(self, part: dict[str, Any], origin: Origin) -> None:
        if part.get("type") == "text":
            self.reply(text(part.get("text")), origin.message, origin)
        elif part.get("type") == "tool":
            self._tool(part, origin)

    def _tool(self, part: dict[str, Any], origin: Origin) -> None:
        state = members(part.get("state"))
        outcome = "ok" if state.get("status") == "completed" else "failed"
        said = text(state.get("output")) or text(state.get("error"))
        facts = members(members(state.get("metadata")).get("filediff"))
        before = {"originalFile": facts["before"]} if isinstance(facts.get("before"), str) else None
        call = ToolCall(text(part.get("callID")), text(part.get("tool")), state.get("input"), outcome, said, before)  # type: ignore[arg-type]
        take(self, call, origin)


def _recognises(head: bytes, name: str) -> bool:
    return name.endswith(".json") and b'"messages"' in head and b'"info"' in head and b'"parts"' in head


FORMAT = Format(AGENT, Session, _recognises, list, (".json", ".json.gz"), whole=True)
