"""Crush: a database a project, ``.crush/crush.db``, whose ``messages`` hold their parts as JSON.

A part is ``{type, data}``; a call's result is a part of a message of the role ``tool``, with the file's texts before and
after an edit in its ``metadata``. Source: charmbracelet/crush, internal/db/migrations and internal/message (August 2026).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from aicheck_app.capture import session
from aicheck_app.capture.json_values import members, number, text, value
from aicheck_app.capture.message_record import message_record
from aicheck_app.capture.session import Format
from aicheck_app.capture.stores.crush import STORE, in_milliseconds
from aicheck_app.capture.tool_calls import OpenCalls
from aicheck_app.clock import of_milliseconds
from aicheck_checks.files import read

if TYPE_CHECKING:
    from aicheck_app.capture.context import Outcome

AGENT = "crush"
_SAYING = ("", "write", "edit", "multiedit", "bash")
"""Tools that say something when they have ended; a call that was broken off may have no name in its result."""
_FOLDER = ".crush"
_STOPS = {"canceled": ""}
"""What ended a message where that is no reason of the service's; all others have the names of the API."""


class Session(session.Session):
    """Reads the pieces of one session: what is known of it, then its messages."""

    def __init__(self) -> None:
        super().__init__(AGENT)
        self._open_calls = OpenCalls(self)

    def read(self, data: bytes) -> None:
        """Read what is known of the session, or a message."""
        piece = value(data)
        if not isinstance(piece, dict):
            self.skip(data)
        elif "role" in piece:
            self._message(piece)
        else:
            folder = os.path.dirname(os.path.abspath(self.place))
            cwd = os.path.dirname(folder) if os.path.basename(folder) == _FOLDER else ""
            parent = bool(piece.get("parent_session_id"))
            self.origin = self.origin._replace(session=text(piece.get("id")), cwd=cwd, side_chain=parent)

    def _message(self, message: dict[str, Any]) -> None:
        role = text(message.get("role"))
        self.records[role or "no role"] += 1
        parts = [
            (text(part.get("type")), members(part.get("data")))
            for part in message.get("parts") or []
            if isinstance(part, dict)
        ]
        if role == "user" and any(kind == "text" and _by_person(text(data.get("text"))) for kind, data in parts):
            self.prompted()
        elif role == "assistant" and not message.get("is_summary_message"):
            self._answer(message, parts)
        elif role == "assistant":
            self.event("compact boundary", text(message.get("id")))
        elif role == "tool":
            when = _time(message.get("created_at"))
            for kind, data in parts:
                if kind == "tool_result":
                    self._ended(data, when)

    def _answer(self, message: dict[str, Any], parts: list[tuple[str, dict[str, Any]]]) -> None:
        identifier, model = text(message.get("id")), text(message.get("model"))
        finish = next((data for kind, data in parts if kind == "finish"), {})
        reason = text(finish.get("reason"))
        if self.origin.model and model and model != self.origin.model:
            self.event("model switch", identifier, model_from=self.origin.model, model_to=model)
        self.origin = self.origin._replace(
            turn=self.origin.turn + 1, model=model, asked=model, provider=text(message.get("provider")),
            time=_time(message.get("created_at")) or self.origin.time,
        )  # fmt: skip
        origin = self.origin._replace(message=identifier, stop_reason=_STOPS.get(reason, reason))
        self.begin_message(origin.time)
        self.turn.stop_reason = origin.stop_reason
        for kind, data in parts:
            if kind == "text":
                self.reply(text(data.get("text")), identifier, origin, identifier)
            elif kind == "tool_call":
                given = value(text(data.get("input")).encode())
                self._open_calls.begin(text(data.get("id")), text(data.get("name")), given, origin, identifier)
        kinds = [kind for kind, _ in parts]
        said = [text(data.get("text")) for kind, data in parts if kind == "text"]
        self.add(
            message_record(
                origin, origin.session, identifier, thinking_blocks=kinds.count("reasoning"), calls=kinds.count("tool_call"),
                characters=sum(map(len, said)), milliseconds=_milliseconds(message.get("created_at"), finish.get("time")),
            )
        )  # fmt: skip
        if reason == "canceled":
            self.context.count("interrupts")
            self.end_turn("interrupted")
        elif reason == "error":
            self.event("api error", identifier, reason=text(finish.get("message")))
        elif reason == "content_filter":
            self.event("refusal", identifier, category=reason)

    def _ended(self, data: dict[str, Any], when: str) -> None:
        said, facts = text(data.get("content")), members(value(text(data.get("metadata")).encode()))
        broken_off = not said and not facts and text(data.get("name")) in _SAYING
        failed = data.get("is_error") or broken_off or "\nExit code " in f"\n{said}"
        outcome: Outcome = "failed" if failed else "ok"
        if said.startswith("User denied permission") or said.strip().lower() == "permission denied":
            outcome = "rejected"
        before, after = text(facts.get("old_content")), facts.get("new_content")
        told = None
        if "additions" in facts:
            was_there = bool(before) or ("diff" in facts and "@@ -0,0 " not in text(facts["diff"]))
            told = {"exists": was_there, **({"originalFile": before} if before else {}), "newContent": after}
        self._open_calls.end(text(data.get("tool_call_id")), outcome, said, told, time=when)


def _by_person(said: str) -> bool:
    """Whether a user's message is a person's; after a summary the client repeats the prompt in its own words."""
    return bool(said.strip()) and not said.startswith("The previous session was interrupted because it got too long")


def _time(when: object) -> str:
    """A time that is kept in seconds, or, by some versions, in milliseconds."""
    return of_milliseconds(in_milliseconds(when)) if number(when) else ""


def _milliseconds(began: object, ended: object) -> int:
    return max(in_milliseconds(ended) - in_milliseconds(began), 0) if number(began) and number(ended) else 0


def _folders() -> list[str]:
    """The databases of the projects that the client lists."""
    home = os.environ.get("LOCALAPPDATA") or os.path.join(os.path.expanduser("~"), ".local", "share")
    data = os.environ.get("CRUSH_GLOBAL_DATA") or os.path.join(os.environ.get("XDG_DATA_HOME") or home, "crush")
    listed = members(value(read(os.path.join(data, "projects.json")).encode())).get("projects")
    known = [members(project) for project in listed] if isinstance(listed, list) else []
    files = [os.path.join(text(one.get("path")), text(one.get("data_dir")) or _FOLDER, "crush.db") for one in known]
    return [file for file in files if os.path.isabs(file) and os.path.isfile(file)]


FORMAT = Format(
    AGENT,
    Session,
    lambda _head, _name: False,
    _folders,
    (".db",),
    store=STORE,
)
