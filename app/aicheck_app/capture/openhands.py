"""OpenHands: a conversation is a folder, ``base_state.json`` and a file an event below ``events``; older ones were one list.

An event of today has a ``kind`` (ActionEvent, ObservationEvent, MessageEvent ...); one of the list has an ``action`` with
``args`` or an ``observation`` with ``extras``, which names its action by ``cause``. Source: openhands-sdk and openhands-tools
1.58; All-Hands-AI/OpenHands, openhands/events.
"""

from __future__ import annotations

import os
from itertools import islice
from typing import TYPE_CHECKING, Any

from aicheck_app.capture import session
from aicheck_app.capture.json_values import members, number, text, value, words
from aicheck_app.capture.message_record import message_record
from aicheck_app.capture.session import Format
from aicheck_app.capture.tool_calls import OpenCalls
from aicheck_checks.files import read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_app.capture.context import Outcome

AGENT = "openhands"
MAX_EVENTS = 100_000
MAX_EVENT = 20_000_000
"""Bytes of one event's file."""
_OWN = ("think", "finish")
"""Tools by which the agent speaks, and does nothing."""
_OLDER = {"run": "execute_bash", "edit": "str_replace_editor", "write": "write", "read": "read"}
"""The tools of a list's actions."""


class Session(session.Session):
    """Reads one conversation."""

    def __init__(self) -> None:
        super().__init__(AGENT)
        self._open_calls = OpenCalls(self)
        self._usage: dict[str, dict[str, Any]] = {}
        self._answer = ""

    def read(self, data: bytes) -> None:
        """Read the state with the events beside it, or the list."""
        found = value(data)
        if isinstance(found, list):
            self.each(found, self._older)
        elif isinstance(found, dict):
            self._begin(found)
            self.each(list(self._events()), self._event)
        else:
            self.skip(data)

    def _begin(self, state: dict[str, Any]) -> None:
        llm = members(members(state.get("agent")).get("llm"))
        self.origin = self.origin._replace(
            session=text(state.get("id")), cwd=text(members(state.get("workspace")).get("working_dir")),
            model=text(llm.get("model")), asked=text(llm.get("model")),
        )  # fmt: skip
        for metrics in members(members(state.get("stats")).get("usage_to_metrics")).values():
            used = members(metrics).get("token_usages")
            for one in used if isinstance(used, list) else []:
                self._usage[text(members(one).get("response_id"))] = members(one)

    def _events(self) -> Iterator[dict[str, Any]]:
        """The files of the events, in the order that their names give."""
        folder = os.path.join(os.path.dirname(self.place), "events")
        try:
            with os.scandir(folder) as entries:
                names = sorted(entry.name for entry in islice(entries, MAX_EVENTS) if entry.name.endswith(".json"))
        except OSError:
            self.skipped["no folder of events"] += 1
            return
        for name in names:
            data = read_bytes(os.path.join(folder, name), MAX_EVENT + 1)
            event = value(data) if len(data) <= MAX_EVENT else None
            if isinstance(event, dict):
                yield event
            else:
                self.skipped["event that can't be read"] += 1

    def _event(self, event: dict[str, Any]) -> None:
        kind = text(event.get("kind"))
        self.records[kind or "no kind"] += 1
        self.origin = self.origin._replace(time=text(event.get("timestamp")) or self.origin.time)
        if kind == "ActionEvent":
            self._acted(event)
        elif kind == "MessageEvent" and event.get("source") == "agent":
            self._began(text(event.get("llm_response_id")) or text(event.get("id")))
            self._said(words(members(event.get("llm_message")).get("content")))
        elif kind == "MessageEvent" and event.get("source") == "user":
            self.prompted()
        elif kind in ("ObservationEvent", "AgentErrorEvent", "UserRejectObservation"):
            self._ended(kind, event)
        elif kind == "Condensation":
            self.event("compact boundary", text(event.get("id")))
        elif kind == "ConversationErrorEvent":
            self.event("api error", text(event.get("id")), reason=text(event.get("code")))
        elif kind in ("PauseEvent", "InterruptEvent"):
            self.context.count("interrupts")
            self.end_turn("interrupted")

    def _began(self, response: str) -> None:
        """An event of a response of the model: several may be of one."""
        if response == self._answer:
            return
        self._answer = response
        used = self._usage.get(response, {})
        served = text(used.get("model")) or self.origin.model
        self.origin = self.origin._replace(
            turn=self.origin.turn + 1, message=response, request=response, model=served,
            tokens=number(used.get("completion_tokens")),
        )  # fmt: skip
        self.tokens += self.origin.tokens
        self.begin_message(self.origin.time)
        record = message_record(
            self.origin, self.origin.session, response, input_tokens=number(used.get("prompt_tokens")),
            cache_read=number(used.get("cache_read_tokens")), cache_written=number(used.get("cache_write_tokens")),
            thinking_tokens=number(used.get("reasoning_tokens")),
        )  # fmt: skip
        self.add(record)

    def _said(self, said: str) -> None:
        self.reply(said, self.origin.message, self.origin)

    def _acted(self, event: dict[str, Any]) -> None:
        self._began(text(event.get("llm_response_id")) or text(event.get("id")))
        self._said(words(event.get("thought")))
        name, given = text(event.get("tool_name")), members(event.get("action"))
        if name in _OWN:
            self._said(text(given.get("message")) if name == "finish" else "")
        else:
            self._open_calls.begin(text(event.get("tool_call_id")), _tool(name, given), given, self.origin)
        if name == "task_tracker" and isinstance(given.get("task_list"), list):
            self.turn.todo = sum(members(one).get("status") != "done" for one in given["task_list"])

    def _ended(self, kind: str, event: dict[str, Any]) -> None:
        found = members(event.get("observation"))
        said = words(found.get("content")) or text(event.get("error")) or text(event.get("rejection_reason"))
        outcome: Outcome = "ok"
        if kind == "UserRejectObservation":
            outcome = "rejected"
        elif kind == "AgentErrorEvent" or found.get("is_error") or found.get("exit_code") not in (None, 0, -1):
            outcome = "failed"
        if text(event.get("tool_name")) not in _OWN:
            self._open_calls.end(text(event.get("tool_call_id")), outcome, said, _facts(found))

    def _older(self, event: dict[str, Any]) -> None:
        """An event of a list."""
        action, observation = text(event.get("action")), text(event.get("observation"))
        self.records[action or observation or "no kind"] += 1
        self.origin = self.origin._replace(time=text(event.get("timestamp")) or self.origin.time)
        given = members(event.get("args"))
        if action == "message" and event.get("source") == "user":
            self.prompted()
        elif action and event.get("source") == "agent":
            self._older_action(action, event, given)
        elif observation and "cause" in event:
            extras = members(event.get("extras"))
            code = members(extras.get("metadata")).get("exit_code", extras.get("exit_code"))
            failed = observation == "error" or event.get("success") is False or code not in (None, 0, -1)
            outcome: Outcome = "rejected" if observation == "user_rejected" else "failed" if failed else "ok"
            self._open_calls.end(str(event["cause"]), outcome, text(event.get("content")), _facts(extras))

    def _older_action(self, action: str, event: dict[str, Any], given: dict[str, Any]) -> None:
        response = members(members(event.get("tool_call_metadata")).get("model_response"))
        model = text(response.get("model"))
        self.origin = self.origin._replace(model=model or self.origin.model, asked=model or self.origin.asked)
        self._usage.setdefault(text(response.get("id")), members(response.get("usage")))
        self._began(text(response.get("id")) or f"event {event.get('id')}")
        self._said(text(given.get("thought")) or text(given.get("content") if action == "message" else ""))
        if action in _OLDER:
            self._open_calls.begin(str(event.get("id")), _tool(_OLDER[action], given), given, self.origin)


def _tool(name: str, given: dict[str, Any]) -> str:
    """The tool of a call: an editor that only shows a file or takes a change back is none that edits."""
    command = text(given.get("command"))
    return {"view": "view", "undo_edit": "undo_edit"}.get(command, name) if "edit" in name else name


def _facts(found: dict[str, Any]) -> dict[str, Any]:
    """The texts round an edit, where the observation tells them."""
    before, after = found.get("old_content"), found.get("new_content")
    facts: dict[str, Any] = {"exists": found.get("prev_exist")}
    if isinstance(before, str) and found.get("prev_exist") is not False:
        facts["originalFile"] = before
    return {**facts, "newContent": after} if isinstance(after, str) else facts


def _recognises(head: bytes, name: str) -> bool:
    if name == "base_state.json":
        return b'"agent"' in head and b'"workspace"' in head
    listed = head.lstrip().startswith(b"[") and b'"timestamp"' in head and b'"source"' in head
    return name.endswith(".json") and listed and (b'"action"' in head or b'"observation"' in head)


def _folders() -> list[str]:
    home = os.environ.get("OPENHANDS_PERSISTENCE_DIR") or os.path.join(os.path.expanduser("~"), ".openhands")
    return [os.environ.get("OPENHANDS_CONVERSATIONS_DIR") or os.path.join(home, "conversations")]


FORMAT = Format(AGENT, Session, _recognises, _folders, ("base_state.json", ".json.gz"), whole=True)
