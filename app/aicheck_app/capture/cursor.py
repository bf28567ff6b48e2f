"""Cursor: chats exported as Markdown, and the agent's transcripts in ``~/.cursor/projects``.

An export begins ``# Title`` and ``_Exported on ... from Cursor (version)_`` and has ``**User**`` and
``**Cursor**`` over each turn. The transcripts' lines are not documented ({role, message:
{content}} as seen); they do not say whether an edit was applied, so only replies are taken from them.
"""

from __future__ import annotations

import glob
import os
import re
from typing import Any

from aicheck_app.capture import session
from aicheck_app.capture.json_values import text, value, words
from aicheck_app.capture.markdown import turns
from aicheck_app.capture.session import Format, hash_of

AGENT = "cursor"
_EXPORTED = re.compile(r"^_Exported on (?P<when>.+?) from Cursor \((?P<version>[^()]*)\)_", re.MULTILINE)
_HEADING = re.compile(r"\*\*(?P<who>User|Cursor)\*\*[ \t]*$")


class Session(session.Session):
    """Reads an export or a transcript."""

    def __init__(self) -> None:
        super().__init__(AGENT)

    def read(self, data: bytes) -> None:
        """Read the whole file."""
        chat = data.decode("utf-8", "replace")
        exported = _EXPORTED.search(chat[:4000])
        self.origin = self.origin._replace(session=f"cursor-{hash_of(chat[:400])}")
        if exported is None:
            self.each([line for line in data.split(b"\n") if line.strip()], self._line)
            return
        self.origin = self.origin._replace(agent_version=exported["version"])
        for heading, said in turns(chat, _HEADING):
            self._turn(heading["who"], said)

    def _line(self, data: bytes) -> None:
        line = value(data)
        if not isinstance(line, dict) or "role" not in line:
            self.skip(data)
            return
        message: Any = line.get("message")
        content = message.get("content") if isinstance(message, dict) else line.get("content")
        for block in content if isinstance(content, list) else []:
            if isinstance(block, dict) and block.get("type") == "tool_use":
                self.calls[text(block.get("name"))] += 1
        self._turn("User" if line["role"] == "user" else "Cursor", words(content))

    def _turn(self, who: str, said: str) -> None:
        self.records[who.lower()] += 1
        self.context.count("prompts" if who == "User" else "messages")
        if who != "User":
            self.origin = self.origin._replace(turn=self.origin.turn + 1)
            self.reply(said, f"{self.origin.session}:{self.origin.turn}", self.origin)


def _recognises(head: bytes, name: str) -> bool:
    if name.endswith(".md"):
        return b" from Cursor (" in head[:4000] and b"_Exported on " in head[:4000]
    return name.endswith(".jsonl") and head.startswith(b'{"role":') and b'"message":' in head


def _folders() -> list[str]:
    home = os.path.expanduser("~")
    return sorted(glob.glob(os.path.join(home, ".cursor", "projects", "*", "agent-transcripts")))


FORMAT = Format(AGENT, Session, _recognises, _folders, (".md", ".md.gz", ".jsonl", ".jsonl.gz"), whole=True)
