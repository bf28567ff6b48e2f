"""Gemini CLI sessions: one JSON document of messages, or JSON lines of the same in newer versions.

Source: https://github.com/google-gemini/gemini-cli, packages/core/src/services/chatRecordingService.ts.
In the lines, ``$set`` changes what is known of the session and ``$rewindTo`` takes back what follows a message.
"""

from __future__ import annotations

import glob
import os
from typing import Any

from aicheck_app.capture import session
from aicheck_app.capture.context import Step
from aicheck_app.capture.edits import edits_of
from aicheck_app.capture.session import Format, hash_of, text, value, words

AGENT = "gemini"
_EDITS = ("write_file", "replace", "edit")
_READS = ("read_file", "read_many_files")


class Session(session.Session):
    """Reads one session."""

    def __init__(self) -> None:
        super().__init__(AGENT, "google")
        self._messages: list[str] = []

    def read(self, data: bytes) -> None:
        """Read the whole file, of either kind."""
        whole = value(data)
        if isinstance(whole, dict) and isinstance(whole.get("messages"), list):
            self._about(whole)
            self.each(whole["messages"], self._message)
            return
        self.each(data.split(b"\n"), self._raw)

    def _raw(self, line: bytes) -> None:
        found = value(line)
        if isinstance(found, dict):
            self._line(found)
        elif line.strip():
            self.skip(line)

    def _line(self, found: dict[str, Any]) -> None:
        if "$rewindTo" in found:
            kept = found["$rewindTo"]
            at = self._messages.index(kept) + 1 if kept in self._messages else 0
            self.withdraw(*self._messages[at:])
            self.records["$rewindTo"] += 1
        elif "$set" in found:
            self.records["$set"] += 1
            self._about(found["$set"] if isinstance(found["$set"], dict) else {})
        elif "sessionId" in found:
            self.records["session"] += 1
            self._about(found)
        else:
            self._message(found)

    def _about(self, found: dict[str, Any]) -> None:
        known = self.origin
        self.origin = known._replace(
            session=text(found.get("sessionId")) or known.session, time=text(found.get("startTime")) or known.time
        )

    def _message(self, message: dict[str, Any]) -> None:
        kind, identifier = text(message.get("type")), text(message.get("id"))
        self.records[kind or "no type"] += 1
        self.origin = self.origin._replace(time=text(message.get("timestamp")) or self.origin.time)
        if kind == "user":
            self.context.count("prompts")
        elif kind == "error":
            self.events["api error"] += 1
        if kind != "gemini":
            return
        self._messages.append(identifier)
        self.context.count("messages")
        used: Any = message.get("tokens") if isinstance(message.get("tokens"), dict) else {}
        tokens, thoughts = (n if isinstance(n := used.get(name), int) else 0 for name in ("output", "thoughts"))
        self.tokens += tokens
        self.context.count("thinking_tokens", thoughts)
        self.origin = self.origin._replace(turn=self.origin.turn + 1)
        origin = self.origin._replace(model=text(message.get("model")), message=identifier, tokens=tokens)
        self.reply(words(message.get("content")), identifier, origin, identifier)
        self.each(message.get("toolCalls"), lambda call: self._call(call, identifier, origin))

    def _call(self, call: dict[str, Any], message: str, origin: Any) -> None:
        name, given, status = text(call.get("name")), call.get("args"), text(call.get("status"))
        self.calls[name] += 1
        outcome = {"success": "ok", "cancelled": "rejected"}.get(status, "failed")
        edits = edits_of(given) if name in _EDITS else []
        path = edits[0].path if edits else text((given or {}).get("file_path")) if isinstance(given, dict) else ""
        action = "write" if name == "write_file" else "edit" if edits else "read" if name in _READS else "other"
        said = str(call.get("result"))[:1000]
        self.context.see(
            Step(
                self.origin.turn, action, outcome, path, hash_of(name) + hash_of(str(given)), said,  # type: ignore[arg-type]
                created="created and wrote" in said,
            )
        )  # fmt: skip
        if not edits:
            return
        counts = {"ok": self.applied, "rejected": self.rejected}.get(outcome, self.failed)
        counts[name] += 1
        if outcome == "ok":
            use = text(call.get("id"))
            self.emit(edits[0].output(use, name, origin._replace(tool_use=use)), message)


def _recognises(head: bytes, name: str) -> bool:
    return b'"sessionId"' in head and b'"projectHash"' in head


def _folders() -> list[str]:
    return sorted(glob.glob(os.path.join(os.path.expanduser("~"), ".gemini", "tmp", "*", "chats")))


FORMAT = Format(AGENT, Session, _recognises, _folders, (".json", ".jsonl", ".json.gz", ".jsonl.gz"), whole=True)
