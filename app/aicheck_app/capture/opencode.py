"""opencode: sessions exported with ``opencode export``, as JSON.

``{info, messages: [{info, parts}]}``; a part of type ``tool`` has ``tool``, ``state.status``, ``state.input`` and
``state.metadata`` (published types: sst/opencode, packages/opencode/src/session/message-v2.ts). The
database that the client keeps holds the same JSON, a session in many rows: export what you need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicheck_app.capture import session
from aicheck_app.capture.context import Step
from aicheck_app.capture.edits import edits_of
from aicheck_app.capture.session import Format, hash_of, text, value
from aicheck_app.clock import of_milliseconds

if TYPE_CHECKING:
    from aicheck_app.origin import Origin

AGENT = "opencode"
_EDITS = ("write", "edit", "multiedit", "patch", "apply_patch")


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
            self.context.count("prompts")
        if role != "assistant":
            return
        self.context.count("messages")
        times, tokens = info.get("time"), info.get("tokens")
        created = times.get("created") if isinstance(times, dict) else None
        when = of_milliseconds(created) if isinstance(created, int) else ""
        count = tokens.get("output") if isinstance(tokens, dict) else 0
        count = count if isinstance(count, int) else 0
        self.tokens += count
        self.origin = self.origin._replace(turn=self.origin.turn + 1, time=when or self.origin.time)
        origin = self.origin._replace(
            model=text(info.get("modelID")),
            provider=text(info.get("providerID")),
            message=text(info.get("id")),
            tokens=count,
        )
        if info.get("error"):
            self.events["api error"] += 1
        self.each(message.get("parts"), lambda part: self._part(part, origin))

    def _part(self, part: dict[str, Any], origin: Origin) -> None:
        if part.get("type") == "text":
            self.reply(text(part.get("text")), origin.message, origin)
        elif part.get("type") == "tool":
            self._tool(part, origin)

    def _tool(self, part: dict[str, Any], origin: Origin) -> None:
        name, state = text(part.get("tool")), part.get("state")
        state = state if isinstance(state, dict) else {}
        self.calls[name] += 1
        given, done = state.get("input"), state.get("status") == "completed"
        edits = edits_of(given) if name in _EDITS else []
        why = "" if done else text(state.get("error"))
        path = edits[0].path if edits else text(given.get("filePath")) if isinstance(given, dict) else ""
        action = "write" if name == "write" else "edit" if edits else "read" if name == "read" else "other"
        call = hash_of(name) + hash_of(str(given))
        self.context.see(Step(self.origin.turn, action, "ok" if done else "failed", path, call, why))  # type: ignore[arg-type]
        if not edits:
            return
        (self.applied if done else self.failed)[name] += 1
        use = text(part.get("callID"))
        for number, edit in enumerate(edits if done else ()):
            key = use if len(edits) == 1 else f"{use}:{number}:{edit.path}"
            self.emit(edit.output(key, name, origin._replace(tool_use=use)))


def _recognises(head: bytes, name: str) -> bool:
    return name.endswith(".json") and b'"messages"' in head and b'"info"' in head and b'"parts"' in head


FORMAT = Format(AGENT, Session, _recognises, list, (".json", ".json.gz"), whole=True)
