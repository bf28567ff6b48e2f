"""VS Code chats: the export of "Chat: Export Chat...", and the files below ``chatSessions``.

Both hold ``requests``, each with its ``response`` parts (published types: microsoft/vscode,
src/vs/workbench/contrib/chat/common/chatModel.ts, ISerializableChatData). Newer files are lines: a
whole state (kind 0), values set (1) and items appended (2) below a path of keys ``k``.

What the model gave to its tools stands whole in ``result.metadata.toolCallRounds`` (published types: microsoft/vscode-copilot-chat,
src/extension/prompt/common/toolCallRound.ts). The ``textEditGroup`` parts are the same edits as they were streamed, in pieces:
they count only where no call tells of the file.
"""

from __future__ import annotations

import glob
import os
import re
import sys
from typing import TYPE_CHECKING, Any

from aicheck_app.capture import session
from aicheck_app.capture.context import Step
from aicheck_app.capture.edits import Edit
from aicheck_app.capture.json_values import members, number, text, value
from aicheck_app.capture.session import Format, hash_of
from aicheck_app.capture.tool_calls import ToolCall, edits_by, take
from aicheck_app.clock import of_milliseconds

if TYPE_CHECKING:
    from aicheck_app.capture.context import Outcome
    from aicheck_app.origin import Origin

AGENT = "vscode"
_SKETCHES = ("insert_edit_into_file",)
"""Tools that are given a sketch of the file (``...existing code...``), which another model applies."""
_FAILED = re.compile(r"\bERROR\b|Invalid input|could not find|No match|failed to", re.IGNORECASE)
_MAX_WORDS = 4000


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
        self.prompted()
        result = members(request.get("result"))
        facts = members(result.get("metadata"))
        origin = self._of(request, facts)
        self.begin_message(origin.time)
        said, edits = _response(request)
        rounds = [one for one in facts.get("toolCallRounds") or [] if isinstance(one, dict)]
        called = self._rounds(rounds, members(facts.get("toolCallResults")), origin)
        edits = [edit for edit in edits if edit.path not in called]
        if called:
            said = "\n\n".join(text(one.get("response")) for one in rounds)
        if called or not edits:
            self.reply(said, text(request.get("requestId")) or origin.message, origin)
        self._streamed(edits, origin)
        if not rounds:
            self.each(request.get("response"), self._tool)
        self._ended(request, members(result.get("errorDetails")))

    def _of(self, request: dict[str, Any], facts: dict[str, Any]) -> Origin:
        """The origin of an answer; the model that served is told beside the one that was chosen, or not at all."""
        when, turn, asked = request.get("timestamp"), self.origin.turn + 1, text(request.get("modelId"))
        self.origin = self.origin._replace(
            turn=turn, asked=asked or self.origin.asked,
            model=text(facts.get("resolvedModel")) or asked or self.origin.model,
            time=(of_milliseconds(when) if isinstance(when, int) else "") or self.origin.time,
        )  # fmt: skip
        identifier = text(request.get("requestId")) or f"{self.origin.session}:{turn}"
        tokens = number(facts.get("outputTokens"))
        self.tokens += tokens
        return self.origin._replace(message=text(request.get("responseId")) or identifier, tokens=tokens)

    def _rounds(self, rounds: list[dict[str, Any]], results: dict[str, Any], origin: Origin) -> set[str]:
        """Take in the calls of an answer; the paths of the files that they tell of whole."""
        told: set[str] = set()
        for one in rounds:
            self.each(one.get("toolCalls"), lambda call: told.update(self._call(call, results, origin)))
        return told

    def _call(self, call: dict[str, Any], results: dict[str, Any], origin: Origin) -> list[str]:
        identifier, name, given = text(call.get("id")), text(call.get("name")), call.get("arguments")
        given = value(given.encode()) if isinstance(given, str) and given.lstrip()[:1] == "{" else given
        if name in _SKETCHES:
            self.calls[name] += 1  # what it came to is in the streamed edits
            return []
        found = results.get(identifier)
        outcome: Outcome = "rejected" if found is None and results else "failed" if _has_failed(found) else "ok"
        pieces = _by_file(given)
        for at, piece in enumerate(pieces):
            key = identifier if len(pieces) == 1 else f"{identifier}:{at}"
            take(self, ToolCall(key, name, piece, outcome, _words(found)), origin)
        return [edit.path for piece in pieces for edit in edits_by(name, piece)]

    def _streamed(self, edits: list[Edit], origin: Origin) -> None:
        for at, edit in enumerate(edits):
            self.applied["textEditGroup"] += 1
            key = f"{origin.message}:{at}"
            self.apply(edit, key, "textEditGroup", origin._replace(tool_use=key))
            self.context.see(Step(self.origin.turn, "edit", "ok", edit.path, key))

    def _tool(self, part: dict[str, Any]) -> None:
        if text(part.get("kind")).startswith("toolInvocation"):
            self.calls[text(part.get("toolId"))] += 1

    def _ended(self, request: dict[str, Any], error: dict[str, Any]) -> None:
        """How an answer ended, where it did not end well."""
        key = f"{self.origin.turn}"
        if error.get("responseIsFiltered") or error.get("responseIsRedacted"):
            self.event("refusal", key, category="content_filter", reason=text(error.get("message")))
        elif error:
            self.event("api error", key, reason=text(error.get("code")) or text(error.get("message")))
        if request.get("isCanceled"):
            self.context.count("interrupts")
            self.end_turn("interrupted")


def _response(request: dict[str, Any]) -> tuple[str, list[Edit]]:
    """What was said, and the edits as they were streamed."""
    parts = [part for part in request.get("response") or [] if isinstance(part, dict)]
    said = "".join(
        text(part.get("value")) for part in parts if part.get("kind", "markdownContent") == "markdownContent"
    )
    return said, [edit for part in parts if (edit := _edit(part)) is not None]


def _by_file(given: Any) -> list[Any]:
    """What a call was given, apart for each file where it names several."""
    several = given.get("replacements") if isinstance(given, dict) else None
    if not isinstance(several, list):
        return [given]
    files: dict[str, list[Any]] = {}
    for one in several:
        files.setdefault(text(members(one).get("filePath")), []).append(one)
    return [{"filePath": path, "replacements": pieces} for path, pieces in files.items()]


def _words(found: Any) -> str:
    """The words of a tool's result: texts, or trees of a prompt with texts in them."""
    contents = members(found).get("content")
    values = [members(one).get("value") for one in contents] if isinstance(contents, list) else []
    return " ".join(one if isinstance(one, str) else str(one)[:_MAX_WORDS] for one in values)[:_MAX_WORDS]


def _has_failed(found: Any) -> bool:
    return _FAILED.search(_words(found)[:400]) is not None


def _edit(part: dict[str, Any]) -> Edit | None:
    """An edit that was proposed and applied; the text is what it put in, in one piece."""
    if part.get("kind") != "textEditGroup":
        return None
    uri = part.get("uri")
    path = text(uri.get("fsPath") or uri.get("path")) if isinstance(uri, dict) else text(uri)
    groups = part.get("edits") or []
    flat = [one for group in groups for one in (group if isinstance(group, list) else [group]) if isinstance(one, dict)]
    written = _joined([text(one.get("text")) for one in flat])
    return Edit(path, written) if written.strip() else None


def _joined(pieces: list[str]) -> str:
    """Pieces as lines below each other; most begin or end with their own line break already."""
    whole: list[str] = []
    for piece in pieces:
        if whole and whole[-1] and piece and not whole[-1].endswith("\n") and not piece.startswith("\n"):
            whole.append("\n")
        whole.append(piece)
    return "".join(whole)


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
