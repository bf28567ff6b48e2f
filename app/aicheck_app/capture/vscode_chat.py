"""VS Code chats: the export of "Chat: Export Chat...", and the files below ``chatSessions``.

Both hold ``requests``, each with its ``response`` parts (published types: microsoft/vscode,
src/vs/workbench/contrib/chat/common/chatModel.ts, ISerializableChatData). Newer files are lines: a
whole state (kind 0), values set (1) and items appended (2) below a path of keys ``k``.
"""

from __future__ import annotations

import glob
import os
import sys
from typing import Any

from aicheck_app.capture import session
from aicheck_app.capture.context import Step
from aicheck_app.capture.edits import Edit
from aicheck_app.capture.session import Format, hash_of, text, value
from aicheck_app.clock import of_milliseconds

AGENT = "vscode"


class Session(session.Session):
    """Reads one chat."""

    def __init__(self) -> None:
        super().__init__(AGENT)

    def read(self, data: bytes) -> None:
        """Read the whole file, of either kind."""
        chat = value(data)
        if not isinstance(chat, dict) or "requests" not in chat:
            chat = self._replayed(data)
        name = text(chat.get("sessionId")) or f"vscode-{hash_of(str(chat.get('requests'))[:400])}"
        self.origin = self.origin._replace(session=name)
        self.each(chat.get("requests"), self._request)

    def _replayed(self, data: bytes) -> dict[str, Any]:
        """The chat that a file of lines comes to."""
        chat: dict[str, Any] = {}
        for raw in data.split(b"\n"):
            if not raw.strip():
                continue
            line = value(raw)
            if not isinstance(line, dict) or line.get("kind") not in (0, 1, 2):
                self.skip(raw)
                continue
            self.records[f"kind {line['kind']}"] += 1
            if line["kind"] == 0:
                chat = line["v"] if isinstance(line.get("v"), dict) else {}
            elif not _put(chat, line.get("k"), line.get("v"), append=line["kind"] == 2):
                self.skipped["a change of what is not there"] += 1
        return chat

    def _request(self, request: dict[str, Any]) -> None:
        self.records["request"] += 1
        self.context.count("prompts")
        self.context.count("messages")
        identifier = text(request.get("requestId")) or f"{self.origin.session}:{self.origin.turn + 1}"
        at = request.get("timestamp")
        time = of_milliseconds(at) if isinstance(at, int) else ""
        self.origin = self.origin._replace(
            turn=self.origin.turn + 1,
            model=text(request.get("modelId")) or self.origin.model,
            time=time or self.origin.time,
        )
        origin = self.origin._replace(message=text(request.get("responseId")) or identifier)
        result = request.get("result")
        if isinstance(result, dict) and result.get("errorDetails"):
            self.events["api error"] += 1
        if request.get("isCanceled"):
            self.context.count("interrupts")
        parts = [part for part in request.get("response") or [] if isinstance(part, dict)]
        said = "".join(
            text(part.get("value")) for part in parts if "kind" not in part or part["kind"] == "markdownContent"
        )
        edits = [edit for part in parts if (edit := _edit(part)) is not None]
        if not edits:
            self.reply(said, identifier, origin)
        for number, edit in enumerate(edits):
            self.applied["textEditGroup"] += 1
            key = f"{identifier}:{number}"
            self.emit(edit.output(key, "textEditGroup", origin._replace(tool_use=key)))
            self.context.see(Step(self.origin.turn, "edit", "ok", edit.path, key))
        self.calls.update(text(p.get("toolId")) for p in parts if str(p.get("kind", "")).startswith("toolInvocation"))


def _edit(part: dict[str, Any]) -> Edit | None:
    """An edit that was proposed and applied; the text is what it put in, in one piece."""
    if part.get("kind") != "textEditGroup":
        return None
    uri = part.get("uri")
    path = text(uri.get("fsPath") or uri.get("path")) if isinstance(uri, dict) else text(uri)
    groups = part.get("edits") or []
    flat = [one for group in groups for one in (group if isinstance(group, list) else [group]) if isinstance(one, dict)]
    written = "\n".join(text(one.get("text")) for one in flat)
    return Edit(path, written) if written.strip() else None


def _put(chat: Any, keys: Any, new: Any, *, append: bool) -> bool:
    """Set or append below a path of keys; says whether the path was there."""
    if not isinstance(keys, list) or not keys:
        return False
    for key in keys[:-1]:
        try:
            chat = chat[key]
        except (KeyError, IndexError, TypeError):
            return False
    last = keys[-1]
    try:
        if append and isinstance(chat[last], list):
            chat[last].extend(new if isinstance(new, list) else [new])
        else:
            chat[last] = new
    except (KeyError, IndexError, TypeError):
        if append or not isinstance(chat, dict):
            return False
        chat[last] = new
    return True


def _recognises(head: bytes, name: str) -> bool:
    return (b'"requests"' in head and (b'"responderUsername"' in head or b'"requesterUsername"' in head)) or (
        name.endswith(".jsonl") and head.startswith(b'{"kind":0,"v":')
    )


def _folders() -> list[str]:
    home = os.path.expanduser("~")
    places = {"darwin": ("Library", "Application Support"), "win32": ("AppData", "Roaming")}
    usual = os.path.join(home, *places.get(sys.platform, (".config",)))
    base = os.path.join(os.environ.get("APPDATA") or usual, "Code", "User")
    return sorted(glob.glob(os.path.join(base, "workspaceStorage", "*", "chatSessions")))


FORMAT = Format(AGENT, Session, _recognises, _folders, (".json", ".jsonl", ".json.gz", ".jsonl.gz"), whole=True)
