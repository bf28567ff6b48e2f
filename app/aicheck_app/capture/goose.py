"""goose: one database, ``sessions/sessions.db``, whose ``messages`` hold their content as JSON.

Content is a list of ``text``, ``thinking``, ``toolRequest`` and ``toolResponse``; a response may be a success that says
``isError``. Sessions of older versions (JSON lines) are taken into the database by the client. Source: block/goose,
crates/goose/src/session/session_manager.rs and agents/platform_extensions/developer (2026).
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from aicheck_app.capture import session
from aicheck_app.capture.json_values import members, number, text, value, words
from aicheck_app.capture.message_record import message_record
from aicheck_app.capture.session import Format
from aicheck_app.capture.stores.goose import STORE
from aicheck_app.capture.tool_calls import OpenCalls
from aicheck_app.clock import of_milliseconds

if TYPE_CHECKING:
    from aicheck_app.capture.context import Outcome
    from aicheck_app.origin import Origin

AGENT = "goose"
_DECLINED = "The user has declined to run this tool"


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
            model = text(members(value(text(piece.get("model_config_json")).encode())).get("model_name"))
            self.origin = self.origin._replace(
                session=text(piece.get("id")), cwd=text(piece.get("working_dir")), model=model, asked=model,
                provider=text(piece.get("provider_name")), side_chain=piece.get("session_type") == "sub_agent",
            )  # fmt: skip

    def _message(self, message: dict[str, Any]) -> None:
        role = text(message.get("role"))
        self.records[role or "no role"] += 1
        seconds = number(message.get("created_timestamp"))
        if seconds:
            self.origin = self.origin._replace(time=of_milliseconds(seconds * 1000))
        blocks = [block for block in message.get("content") or [] if isinstance(block, dict)]
        if role == "assistant":
            self._answer(text(message.get("id")), blocks)
            return
        if any(block.get("type") == "text" for block in blocks):
            self.prompted()
        for block in blocks:
            if block.get("type") == "toolResponse":
                self._ended(block)

    def _answer(self, identifier: str, blocks: list[dict[str, Any]]) -> None:
        self.origin = self.origin._replace(turn=self.origin.turn + 1)
        key = f"{self.origin.session}:{identifier}"
        origin = self.origin._replace(message=identifier)
        self.begin_message(origin.time)
        for block in blocks:
            if block.get("type") == "text":
                self.reply(text(block.get("text")), key, origin, key)
            elif block.get("type") == "toolRequest":
                self._began(block, origin, key)
        kinds = [text(block.get("type")) for block in blocks]
        self.add(
            message_record(
                origin, key, thinking_blocks=kinds.count("thinking"), calls=kinds.count("toolRequest"),
                characters=len(words([block for block in blocks if block.get("type") == "text"])),
            )
        )  # fmt: skip

    def _began(self, block: dict[str, Any], origin: Origin, mark: str) -> None:
        call = members(members(block.get("toolCall")).get("value"))
        name, given = text(call.get("name")).removeprefix("developer__"), call.get("arguments")
        if name == "edit" and isinstance(given, dict) and "before" in given:
            given = {"path": given.get("path"), "old_str": given.get("before"), "new_str": given.get("after")}
        self._open_calls.begin(text(block.get("id")), name, given, origin, mark)

    def _ended(self, block: dict[str, Any]) -> None:
        result = members(block.get("toolResult"))
        found = result.get("value")
        content = found.get("content") if isinstance(found, dict) else found
        said = words(content) or text(result.get("error"))
        outcome: Outcome = "ok"
        if result.get("status") == "error" or (isinstance(found, dict) and found.get("isError")):
            outcome = "failed"
        if said.startswith(_DECLINED):
            outcome = "rejected"
        self._open_calls.end(text(block.get("id")), outcome, said)


def _folders() -> list[str]:
    """The database itself: beside it lie copies of it."""
    home = os.path.expanduser("~")
    places = {
        "darwin": os.path.join(home, "Library", "Application Support", "Block", "goose"),
        "win32": os.path.join(os.environ.get("APPDATA") or home, "Block", "goose", "data"),
    }
    usual = os.path.join(os.environ.get("XDG_DATA_HOME") or os.path.join(home, ".local", "share"), "goose")
    files = [os.path.join(place, "sessions", "sessions.db") for place in (usual, places.get(sys.platform, usual))]
    return [file for file in dict.fromkeys(files) if os.path.isfile(file)]


FORMAT = Format(
    AGENT,
    Session,
    lambda _head, _name: False,
    _folders,
    (".db",),
    store=STORE,
)
