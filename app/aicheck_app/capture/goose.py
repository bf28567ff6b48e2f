"""goose: one database, ``sessions/sessions.db``, whose ``messages`` hold their content as JSON.

Content is a list of ``text``, ``thinking``, ``toolRequest`` and ``toolResponse``; a response may be a success that says
``isError``. Sessions of older versions (JSON lines) are taken into the database by the client. Source: block/goose,
crates/goose/src/session/session_manager.rs and agents/platform_extensions/developer (2026).
"""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any

from aicheck_app.capture import session
from aicheck_app.capture.json_values import members, number, text, value, words
from aicheck_app.capture.message_record import message_record
from aicheck_app.capture.session import Format, hash_of
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
        about = members(message.get("metadata"))
        if role == "assistant":
            self._answer(message, about, blocks)
            return
        if any(block.get("type") == "text" for block in blocks) and about.get("userVisible") is not False:
            self.prompted()
        for block in blocks:
            if block.get("type") == "toolResponse":
                self._ended(block)

    def _answer(self, message: dict[str, Any], about: dict[str, Any], blocks: list[dict[str, Any]]) -> None:
        inference, used = members(about.get("inference")), members(about.get("usage"))
        asked = text(inference.get("requestedModel")) or self.origin.asked
        identifier = text(message.get("message_id"))
        # a compaction writes all rows anew, and the ids of some services are not unique
        key = f"{self.origin.session}:{identifier}:{message.get('created_timestamp')}:{hash_of(json.dumps(blocks))}"
        if self.origin.asked and asked != self.origin.asked:
            self.event("model switch", key, model_from=self.origin.asked, model_to=asked)
        self.origin = self.origin._replace(
            turn=self.origin.turn + 1, asked=asked, provider=text(inference.get("provider")) or self.origin.provider,
            model=text(inference.get("resolvedModel")) or text(message.get("served")) or asked,
        )  # fmt: skip
        origin = self.origin._replace(message=identifier, tokens=number(used.get("outputTokens")))
        self.tokens += origin.tokens
        self.begin_message(origin.time)
        for block in blocks:
            if block.get("type") == "text":
                self.reply(text(block.get("text")), key, origin, key)
            elif block.get("type") == "toolRequest":
                self._began(block, origin, key)
        kinds = [text(block.get("type")) for block in blocks]
        cached = number(used.get("cacheReadTokens"))
        self.add(
            message_record(
                origin, key, thinking_blocks=kinds.count("thinking"), calls=kinds.count("toolRequest"),
                characters=len(words([block for block in blocks if block.get("type") == "text"])),
                input_tokens=max(number(used.get("inputTokens")) - cached, 0), cache_read=cached,
                cache_written=number(used.get("cacheWriteTokens")), milliseconds=number(used.get("elapsedMs")),
                first_token=number(used.get("timeToFirstTokenMs")),
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
    chosen = os.environ.get("GOOSE_PATH_ROOT")
    folders = [os.path.join(chosen, "data")] if chosen else [usual, places.get(sys.platform, usual)]
    files = [os.path.join(folder, "sessions", "sessions.db") for folder in folders]
    return [file for file in dict.fromkeys(files) if os.path.isfile(file)]


FORMAT = Format(
    AGENT,
    Session,
    lambda _head, _name: False,
    _folders,
    (".db",),
    store=STORE,
)
