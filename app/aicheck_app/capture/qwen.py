"""Qwen Code: ``~/.qwen/projects/PROJECT/chats/SESSION.jsonl``, lines whose messages have parts as in Gemini's API.

Source: chatRecordingService of @qwen-code/qwen-code 0.15. A line is of the type user, assistant, tool_result or system; a
call's result names it by ``toolCallResult.callId`` and has the file's text before and after an edit.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from aicheck_app.capture import session
from aicheck_app.capture.agents import PROVIDERS, by_place
from aicheck_app.capture.json_values import members, number, text, value
from aicheck_app.capture.message_record import message_record
from aicheck_app.capture.session import Format
from aicheck_app.capture.tool_calls import OpenCalls

if TYPE_CHECKING:
    from aicheck_app.capture.context import Outcome

AGENT = "qwen-code"
_OUTCOMES: dict[str, Outcome] = {"success": "ok", "cancelled": "rejected"}


class Session(session.Session):
    """Reads the lines of one chat."""

    def __init__(self) -> None:
        super().__init__(AGENT, PROVIDERS[AGENT])
        self._open_calls = OpenCalls(self)

    def read(self, data: bytes) -> None:
        """Read one line."""
        line = value(data)
        if not isinstance(line, dict) or not isinstance(line.get("type"), str):
            self.skip(data)
            return
        kind = line["type"]
        self.records[kind] += 1
        agent = by_place(self.place) or AGENT
        self.origin = self.origin._replace(
            agent=agent, provider=PROVIDERS.get(agent, ""), session=text(line.get("sessionId")) or self.origin.session,
            agent_version=text(line.get("version")) or self.origin.agent_version, cwd=text(line.get("cwd")) or self.origin.cwd,
            time=text(line.get("timestamp")) or self.origin.time,
        )  # fmt: skip
        message = line.get("message")
        parts = (
            [part for part in message.get("parts") or [] if isinstance(part, dict)] if isinstance(message, dict) else []
        )
        mark = text(line.get("uuid"))
        if kind == "user" and not line.get("subtype"):
            self.prompted()
        elif kind == "assistant":
            self._answer(line, parts, mark)
        elif kind == "tool_result":
            self._ended(line.get("toolCallResult"), parts)
        elif kind == "system" and line.get("subtype") == "chat_compression":
            self.event("compact boundary", mark)

    def _answer(self, line: dict[str, Any], parts: list[dict[str, Any]], mark: str) -> None:
        used = members(line.get("usageMetadata"))
        model = text(line.get("model")) or self.origin.model
        self.origin = self.origin._replace(turn=self.origin.turn + 1, model=model, asked=model)
        origin = self.origin._replace(message=mark, tokens=number(used.get("candidatesTokenCount")))
        self.tokens += origin.tokens
        self.begin_message(origin.time)
        self.context.count("thinking_tokens", number(used.get("thoughtsTokenCount")))
        thoughts = sum(bool(part.get("thought")) for part in parts)
        said = [text(part.get("text")) for part in parts if not part.get("thought")]
        self.reply("".join(said), mark, origin, mark)
        calls = [part["functionCall"] for part in parts if isinstance(part.get("functionCall"), dict)]
        for call in calls:
            self._open_calls.begin(text(call.get("id")), text(call.get("name")), call.get("args"), origin, mark)
        record = message_record(
            origin, mark, input_tokens=max(number(used.get("promptTokenCount")) - number(used.get("cachedContentTokenCount")), 0), cache_read=number(used.get("cachedContentTokenCount")), thinking_tokens=number(used.get("thoughtsTokenCount")), thinking_blocks=thoughts or int(number(used.get("thoughtsTokenCount")) > 0),
            characters=sum(map(len, said)), calls=len(calls),
        )  # fmt: skip
        self.add(record, mark)

    def _ended(self, result: Any, parts: list[dict[str, Any]]) -> None:
        facts = result if isinstance(result, dict) else {}
        answers = [part["functionResponse"] for part in parts if isinstance(part.get("functionResponse"), dict)]
        identifier = text(facts.get("callId")) or next((text(answer.get("id")) for answer in answers), "")
        shown, answer = facts.get("resultDisplay"), answers[0].get("response") if answers else None
        said = text(answer.get("output") or answer.get("error")) if isinstance(answer, dict) else ""
        before = {"originalFile": shown.get("originalContent")} if isinstance(shown, dict) else {}
        outcome = _OUTCOMES.get(text(facts.get("status")) or "success", "failed")
        self._open_calls.end(identifier, outcome, said, before)


def _recognises(head: bytes, name: str) -> bool:
    return name.endswith(".jsonl") and b'"parts"' in head and b'"sessionId"' in head and b'"uuid"' in head


def _folders() -> list[str]:
    home = os.environ.get("QWEN_HOME") or os.path.join(os.path.expanduser("~"), ".qwen")
    return [os.path.join(home, "projects"), os.path.join(home, "tmp")]


FORMAT = Format(AGENT, Session, _recognises, _folders, (".jsonl", ".jsonl.gz"))
