"""opencode and Kilo Code's command line: from the database that the client keeps, or exported with ``opencode export`` as JSON.

An export is ``{info, messages: [{info, parts}]}``; the database holds the same JSON in the tables ``session``, ``message`` and
``part``. A part of type ``tool`` has ``tool``, ``state.status``, ``state.input`` and ``state.metadata``. Source: published
types (sst/opencode, packages/opencode/src/session/message-v2.ts), and what opencode 1.18.33 and Kilo 7.7.9 wrote.
"""

from __future__ import annotations

import glob
import os
from typing import TYPE_CHECKING, Any

from aicheck_app.capture import session
from aicheck_app.capture.json_values import members, number, text, value
from aicheck_app.capture.message_record import message_record
from aicheck_app.capture.session import Format
from aicheck_app.capture.stores.opencode import STORE
from aicheck_app.capture.tool_calls import ToolCall, take
from aicheck_app.clock import of_milliseconds

if TYPE_CHECKING:
    from aicheck_app.capture.context import Outcome
    from aicheck_app.origin import Origin

AGENT = "opencode"
_STOPS = {"stop": "end_turn", "tool-calls": "tool_use", "length": "max_tokens", "content-filter": "content_filter"}
"""The reasons of the API that rules know."""
_BLOTTED = "REDACTED"
_ABORTED = "MessageAbortedError"
_REFUSED = (
    "The user rejected permission",
    "The user dismissed this question",
    "The user has specified a rule which prevents",
)


class Session(session.Session):
    """Reads one session: an export, or the pieces of the database."""

    def __init__(self) -> None:
        super().__init__(AGENT)
        self._nameless = 0

    def read(self, data: bytes) -> None:
        """Read an export, or of the database the session or a message."""
        found = value(data)
        info = members(found.get("info")) if isinstance(found, dict) else {}
        if isinstance(found, dict) and found.get("newer"):
            self.skipped["session of the client's newer interface, whose messages are not read"] += 1
        elif not info:
            self.skip(data)
        elif "role" in info:
            self._message(found)
        else:
            self._begin(info)
            self.each(found.get("messages"), self._message)

    def _begin(self, info: dict[str, Any]) -> None:
        agent = "kilo-code" if os.path.basename(self.place).startswith("kilo") else AGENT
        self.origin = self.origin._replace(
            agent=agent, session=text(info.get("id")), cwd=text(info.get("directory")),
            agent_version=text(info.get("version")), side_chain=bool(info.get("parentID")),
        )  # fmt: skip

    def _message(self, message: dict[str, Any]) -> None:
        info = message["info"]
        role = text(info.get("role"))
        self.records[role or "no role"] += 1
        if role == "user" and _by_person(message.get("parts")):
            self.prompted()
        elif role == "assistant":
            self._answer(info, message.get("parts"))

    def _answer(self, info: dict[str, Any], parts: object) -> None:
        identifier, model = self._named(info.get("id")), text(info.get("modelID"))
        times, tokens = members(info.get("time")), members(info.get("tokens"))
        when = of_milliseconds(times["created"]) if isinstance(times.get("created"), int) else ""
        if self.origin.model and model and model != self.origin.model:
            self.event("model switch", identifier, model_from=self.origin.model, model_to=model)
        self.origin = self.origin._replace(
            turn=self.origin.turn + 1, time=when or self.origin.time, model=model, asked=model,
            provider=text(info.get("providerID")),
        )  # fmt: skip
        self.tokens += number(tokens.get("output"))
        finish = text(info.get("finish"))
        origin = self.origin._replace(
            message=identifier, tokens=number(tokens.get("output")), stop_reason=_STOPS.get(finish, finish)
        )
        self.begin_message(origin.time, text(info.get("variant")))
        self.turn.stop_reason = origin.stop_reason
        self.each(parts, lambda part: self._part(part, origin))
        self.add(_record(origin, info, tokens, parts))
        fault = members(info.get("error"))
        if fault.get("name") == _ABORTED:
            self.context.count("interrupts")
            self.end_turn("interrupted")
        elif fault:
            self.event("api error", identifier, reason=text(fault.get("name")) or "error")

    def _part(self, part: dict[str, Any], origin: Origin) -> None:
        if part.get("type") == "text" and not part.get("synthetic") and not part.get("ignored"):
            self.reply(text(part.get("text")), origin.message, origin)
        elif part.get("type") == "tool":
            self._tool(part, origin)
        elif part.get("type") == "compaction":
            self.event("compact boundary", origin.message)

    def _tool(self, part: dict[str, Any], origin: Origin) -> None:
        state = members(part.get("state"))
        facts, tool = members(state.get("metadata")), text(part.get("tool"))
        error = text(state.get("error"))
        ended = state.get("status") == "completed" and facts.get("exit", 0) == 0 and tool != "invalid"
        outcome: Outcome = "ok" if ended else "failed"  # a command that took too long has the exit code null
        if error.startswith(_REFUSED):
            outcome = "rejected"
        before = members(facts.get("filediff")).get("before")
        told = {**facts, **({"originalFile": before} if isinstance(before, str) else {})}
        ended_at = members(state.get("time")).get("end")
        origin = origin._replace(time=of_milliseconds(ended_at) if isinstance(ended_at, int) else origin.time)
        call = ToolCall(
            self._named(part.get("callID")), tool, state.get("input"), outcome, text(state.get("output")) or error, told
        )
        take(self, call, origin)
        self._shown(members(facts.get("display")))
        if tool == "todowrite" and isinstance(facts.get("todos"), list):
            self.turn.todo = sum(members(one).get("status") not in ("completed", "cancelled") for one in facts["todos"])

    def _named(self, identifier: object) -> str:
        """An id; where whoever exported the session has blotted it out, a number in its place."""
        if _BLOTTED not in text(identifier):
            return text(identifier)
        self._nameless += 1
        return f"{self.origin.session}:{self._nameless}"

    def _shown(self, display: dict[str, Any]) -> None:
        """What a reading has shown of a file: with its last line, if it ends there."""
        start, total = number(display.get("lineStart")), number(display.get("totalLines"))
        if display.get("type") == "file" and start and isinstance(display.get("text"), str):
            lines = display["text"].split("\n")
            whole = start + len(lines) - 1 >= total
            self.has_read(text(display.get("path")), start, [*lines, ""] if whole else lines, total + 1)


def _by_person(parts: object) -> bool:
    """Whether a person wrote any of a user's message; the client writes some that have no text, or only its own."""
    known = [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []
    return any(part.get("type") == "text" and not part.get("synthetic") and not part.get("ignored") for part in known)


def _record(origin: Origin, info: dict[str, Any], tokens: dict[str, Any], parts: object) -> Any:
    cache, times = members(tokens.get("cache")), members(info.get("time"))
    began, ended = number(times.get("created")), number(times.get("completed"))
    known = [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []
    kinds = [text(part.get("type")) for part in known]
    return message_record(
        origin, origin.message, input_tokens=number(tokens.get("input")), thinking_tokens=number(tokens.get("reasoning")),
        cache_read=number(cache.get("read")), cache_written=number(cache.get("write")), effort=text(info.get("variant")),
        permission_mode=text(info.get("mode")), thinking_blocks=kinds.count("reasoning"), calls=kinds.count("tool"),
        characters=sum(len(text(part.get("text"))) for part in known if part.get("type") == "text"),
        milliseconds=max(ended - began, 0) if began else 0,
    )  # fmt: skip


def _recognises(head: bytes, name: str) -> bool:
    written_out = name.endswith(".json") or (name.endswith(".jsonl") and head.startswith(b"{\n"))
    told = b'"parts"' in head or b'"directory"' in head  # a first message may be longer than what is looked at
    return written_out and told and b'"messages"' in head and b'"info"' in head


def _folders() -> list[str]:
    """The databases themselves: beside them lie other files of the client."""
    data = os.environ.get("XDG_DATA_HOME") or os.path.join(os.path.expanduser("~"), ".local", "share")
    found: list[str] = []
    for name in ("opencode", "kilo"):
        folder = os.path.join(data, name)
        found += sorted(glob.glob(os.path.join(glob.escape(folder), f"{name}*.db")))
        found += [os.path.join(folder, os.environ.get(f"{name.upper()}_DB", ""))]
    return [file for file in dict.fromkeys(found) if os.path.isfile(file)]


FORMAT = Format(AGENT, Session, _recognises, _folders, (".json", ".json.gz", ".db"), whole=True, store=STORE)
