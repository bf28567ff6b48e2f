"""Copilot CLI: ``~/.copilot/session-state/SESSION/events.jsonl``, lines of ``{type, data, id, timestamp, parentId}``.

Source: the types of @github/copilot-sdk 1.0 (generated/session-events.d.ts). ``assistant.message`` is what the model said,
``tool.execution_start`` and ``tool.execution_complete`` are its calls, ``assistant.usage`` is one answer of the service.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from aicheck_app.capture import session
from aicheck_app.capture.json_values import members, number, text, value
from aicheck_app.capture.message_record import message_record
from aicheck_app.capture.session import Format
from aicheck_app.capture.tool_calls import OpenCalls

if TYPE_CHECKING:
    from aicheck_app.capture.context import Outcome
    from aicheck_app.log.records import Message
    from aicheck_app.origin import Origin

AGENT = "copilot-cli"


class Session(session.Session):
    """Reads the events of one session."""

    def __init__(self) -> None:
        super().__init__(AGENT, "github")
        self._open_calls = OpenCalls(self)
        self._message: Message | None = None
        """The message said last: what was used for it may come after it, or be kept nowhere."""

    def read(self, data: bytes) -> None:
        """Read one line."""
        line = value(data)
        facts = line.get("data") if isinstance(line, dict) else None
        if not isinstance(line, dict) or not isinstance(facts, dict):
            self.skip(data)
            return
        kind, identifier = text(line.get("type")), text(line.get("id"))
        self.records[kind or "no type"] += 1
        self.origin = self.origin._replace(
            time=text(line.get("timestamp")) or self.origin.time,
            side_chain=bool(line.get("agentId") or facts.get("parentToolCallId")),
        )
        read = _READ.get(kind)
        if read is not None:
            read(self, facts, identifier)

    def _start(self, facts: dict[str, Any], _: str) -> None:
        around = members(facts.get("context"))
        model = text(facts.get("selectedModel")) or self.origin.model
        self.origin = self.origin._replace(
            session=text(facts.get("sessionId")) or self.origin.session, model=model, asked=model,
            agent_version=text(facts.get("copilotVersion")) or self.origin.agent_version,
            cwd=text(around.get("cwd")) or self.origin.cwd,
        )  # fmt: skip

    def finish_session(self) -> None:
        """The session is over: so is its last message."""
        self._hand_out()
        super().finish_session()

    def _prompt(self, facts: dict[str, Any], _: str) -> None:
        if text(facts.get("source")) in ("", "user"):  # all others are the client's own: notices, skills, other agents
            self.prompted()

    def _switched(self, facts: dict[str, Any], identifier: str) -> None:
        before, after = text(facts.get("previousModel")) or self.origin.model, text(facts.get("newModel"))
        if before and after != before:
            self.event("model switch", identifier, model_from=before, model_to=after, reason=text(facts.get("cause")))
        self.origin = self.origin._replace(model=after, asked=after)

    def _said(self, facts: dict[str, Any], mark: str) -> None:
        self.origin = self.origin._replace(turn=self.origin.turn + 1)
        origin = self._of(facts)
        self.begin_message(origin.time)
        self._hand_out()
        calls = facts.get("toolRequests")
        self._message = message_record(
            origin, origin.session, text(facts.get("messageId")) or mark, characters=len(text(facts.get("content"))),
            calls=len(calls) if isinstance(calls, list) else 0,
        )  # fmt: skip
        self.reply(text(facts.get("content")), origin.message, origin, mark)

    def _of(self, facts: dict[str, Any]) -> Origin:
        """The origin of a message; the ids by which the services know it are kept."""
        return self.origin._replace(
            message=text(facts.get("apiCallId")) or text(facts.get("messageId")), model=text(facts.get("model")) or self.origin.model,
            request=text(facts.get("serviceRequestId")) or text(facts.get("requestId")) or text(facts.get("providerCallId")),
            tokens=number(facts.get("outputTokens")),
        )  # fmt: skip

    def _began(self, facts: dict[str, Any], _: str) -> None:
        key, name = text(facts.get("toolCallId")), text(facts.get("toolName"))
        self._open_calls.begin(key, name, facts.get("arguments"), self._of(facts))

    def _ended(self, facts: dict[str, Any], mark: str) -> None:
        result, error = members(facts.get("result")), members(facts.get("error"))
        said = text(result.get("content")) or text(error.get("message"))
        outcome: Outcome = "ok"
        if facts.get("success") is False:
            outcome = "rejected" if text(error.get("code")) in ("rejected", "denied") else "failed"
        self._open_calls.end(text(facts.get("toolCallId")), outcome, said, mark=mark)

    def _used(self, facts: dict[str, Any], identifier: str) -> None:
        """What the service counted of an answer: of the message said last, or of one that said nothing."""
        origin = self._of(facts)
        said = self._message
        if said is None or text(facts.get("apiCallId")) not in ("", said.message):
            self._hand_out()
            said = message_record(origin, origin.session, identifier, message=text(facts.get("apiCallId")))
        said.model, said.request = origin.model, origin.request or said.request
        said.stop_reason, said.effort = text(facts.get("finishReason")), text(facts.get("reasoningEffort"))
        said.tokens, said.input_tokens = number(facts.get("outputTokens")), number(facts.get("inputTokens"))
        said.cache_read, said.cache_written = (
            number(facts.get("cacheReadTokens")),
            number(facts.get("cacheWriteTokens")),
        )
        said.thinking_tokens = number(facts.get("reasoningTokens"))
        said.first_token, said.milliseconds = number(facts.get("timeToFirstTokenMs")), number(facts.get("duration"))
        self._message = said
        self._hand_out()
        self.context.count("thinking_tokens", said.thinking_tokens)
        self.turn.stop_reason = said.stop_reason
        if facts.get("contentFilterTriggered") or said.stop_reason in ("content_filter", "refusal"):
            self.event("refusal", identifier, category="content_filter", request=origin.request)

    def _hand_out(self) -> None:
        """Record the message said last: nothing more is told of it."""
        if self._message is not None:
            self.tokens += self._message.tokens
            self.add(self._message)
            self._message = None

    def _aborted(self, _: dict[str, Any], __: str) -> None:
        self.context.count("interrupts")
        self.end_turn("interrupted")

    def _failed(self, facts: dict[str, Any], identifier: str) -> None:
        self.event("api error", identifier, reason=text(facts.get("message")) or text(facts.get("errorType")))
        self.context.count("api_incidents")

    def _compacted(self, facts: dict[str, Any], identifier: str) -> None:
        self.event("compact boundary", identifier, request=text(facts.get("serviceRequestId")))


_READ = {
    "session.start": Session._start, "session.resume": Session._start, "user.message": Session._prompt,
    "session.model_change": Session._switched, "assistant.message": Session._said, "tool.execution_start": Session._began,
    "tool.execution_complete": Session._ended, "assistant.usage": Session._used, "abort": Session._aborted,
    "session.error": Session._failed, "model.call_failure": Session._failed, "session.compaction_complete": Session._compacted,
}  # fmt: skip


def _recognises(head: bytes, name: str) -> bool:
    return name.endswith(".jsonl") and b'"session.start"' in head[:400] and b'"copilotVersion"' in head[:2000]


def _folders() -> list[str]:
    home = os.environ.get("COPILOT_HOME") or os.path.join(os.path.expanduser("~"), ".copilot")
    return [os.path.join(home, "session-state"), os.path.join(home, "history-session-state")]


FORMAT = Format(AGENT, Session, _recognises, _folders, (".jsonl", ".jsonl.gz"))
