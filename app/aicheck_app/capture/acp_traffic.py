"""Both directions of a connection of the Agent Client Protocol: which message answers which, and of which session it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicheck_app.capture.acp import Session, model_of, named, origin_of
from aicheck_app.capture.json_values import members, text, value
from aicheck_app.capture.lines import paired
from aicheck_app.capture.on_disk import text_of
from aicheck_app.capture.tool_calls import MAX_OPEN

if TYPE_CHECKING:
    from collections.abc import Callable

_ANSWERED = frozenset(
    """initialize session/new session/load session/resume session/fork session/prompt session/set_config_option
    session/set_model session/request_permission fs/write_text_file""".split()
)
"""Requests whose answers say something."""
MAX_SESSIONS = 64
"""Sessions of one connection that are followed at once; the one that began first is given up."""


class Traffic:
    """Reads the messages of a connection; its ``sessions`` hold what has come of them."""

    def __init__(self, disk: Callable[[str], str | None] = text_of) -> None:
        self.sessions: dict[str, Session] = {}
        self._disk = disk
        self._agent = ("", "")
        self._waiting: dict[tuple[bool, str], tuple[str, dict[str, Any]]] = {}

    def read(self, line: bytes, *, by_agent: bool) -> None:
        """Read one line, which the agent wrote or the editor."""
        found = value(paired(line))
        for message in found if isinstance(found, list) else [found]:
            if isinstance(message, dict):
                self._message(message, by_agent)

    def close(self) -> None:
        """The connection is at its end, and so are all turns."""
        for session in self.sessions.values():
            session.finish_turn()

    def _message(self, message: dict[str, Any], by_agent: bool) -> None:
        method, given, number = text(message.get("method")), members(message.get("params")), repr(message.get("id"))
        if not method:
            asked = self._waiting.pop((not by_agent, number), None)
            if asked is not None and "result" in message:
                self._answered(*asked, members(message["result"]))
            elif asked is not None:
                self._failed(*asked)
            return
        if method in _ANSWERED and "id" in message:
            while len(self._waiting) >= MAX_OPEN:
                del self._waiting[next(iter(self._waiting))]
            self._waiting[by_agent, number] = (method, given)
        self._said(method, given)

    def _said(self, method: str, given: dict[str, Any]) -> None:
        """A request or a notification."""
        identifier = text(given.get("sessionId"))
        if method == "session/update":
            self._session(identifier).update(members(given.get("update")))
        elif method == "session/load":
            self._begin(identifier, given).replayed = True
        elif method == "session/prompt":
            self._session(identifier).begin_turn()
        elif method == "session/request_permission":
            self._session(identifier).asked(members(given.get("toolCall")))

    def _answered(self, method: str, given: dict[str, Any], result: dict[str, Any]) -> None:
        """What was asked has been done."""
        identifier = text(result.get("sessionId")) or text(given.get("sessionId"))
        if method == "initialize":
            self._agent = named(members(result.get("agentInfo")))
        elif method in ("session/new", "session/resume", "session/fork"):
            self._begin(identifier, given).choose(model_of(result))
        elif method == "session/load":
            session = self._session(identifier)
            session.replayed = False
            session.choose(model_of(result))
        elif method == "session/set_config_option":
            self._session(identifier).choose(model_of(result))
        elif method == "session/set_model":
            self._session(identifier).choose(text(given.get("modelId")))
        elif method == "session/prompt":
            self._session(identifier).finish_turn()
        elif method == "session/request_permission":
            if not _allowed(given, members(result.get("outcome"))):
                self._session(identifier).refused(text(members(given.get("toolCall")).get("toolCallId")))
        elif method == "fs/write_text_file" and text(given.get("path")):
            self._session(identifier).wrote_file(given["path"], text(given.get("content")))

    def _failed(self, method: str, given: dict[str, Any]) -> None:
        """What was asked could not be done."""
        identifier = text(given.get("sessionId"))
        if method == "session/load":
            self.sessions.pop(identifier, None)
        elif method == "session/prompt":
            self._session(identifier).finish_turn()
        elif method == "session/request_permission":
            self._session(identifier).refused(text(members(given.get("toolCall")).get("toolCallId")))

    def _begin(self, identifier: str, given: dict[str, Any]) -> Session:
        """A session that begins, or goes on after a while."""
        self.sessions.pop(identifier, None)
        while len(self.sessions) >= MAX_SESSIONS:
            del self.sessions[next(iter(self.sessions))]
        found = Session(origin_of(self._agent, identifier, text(given.get("cwd"))), self._disk)
        self.sessions[identifier] = found
        return found

    def _session(self, identifier: str) -> Session:
        return self.sessions.get(identifier) or self._begin(identifier, {})


def _allowed(given: dict[str, Any], outcome: dict[str, Any]) -> bool:
    """Whether the person let the call be made."""
    options = given.get("options")
    kinds = {
        text(one.get("optionId")): text(one.get("kind"))
        for one in (options if isinstance(options, list) else ())
        if isinstance(one, dict)
    }
    chosen = text(outcome.get("optionId"))
    return outcome.get("outcome") == "selected" and not kinds.get(chosen, "").startswith("reject")
