"""aider's chat histories: ``.aider.chat.history.md``, one file for all sessions of a project.

Source: https://github.com/Aider-AI/aider, aider/io.py (the history) and aider/coders/ (how edits are
written). A line ``> Applied edit to FILE`` says that the reply's edit of this file was applied: a search
and replace block, a unified diff, or the whole file, each below a line with the file's name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicheck_app.capture import session
from aicheck_app.capture.context import Step
from aicheck_app.capture.edits import Edit, search_blocks
from aicheck_app.capture.markdown import turns
from aicheck_app.capture.patch import added_lines, hunks
from aicheck_app.capture.session import Format, hash_of

if TYPE_CHECKING:
    from collections.abc import Iterator

AGENT = "aider"
_STARTED = re.compile(r"^# aider chat started at (?P<time>.*[^ \t\n])[ \t]*$")
_ABOUT = re.compile(r"^> (?:Main model|Models?): (?P<model>[^\s,]+)", re.MULTILINE)
_VERSION = re.compile(r"^> Aider v(?P<version>\S+)", re.MULTILINE)
_USER = re.compile(r"^#### ", re.MULTILINE)
_APPLIED = re.compile(r"^> Applied edit to (?P<path>.*[^ \t\n])[ \t]*$", re.MULTILINE)
_SENT = re.compile(r"^> Tokens: .*?, (?P<count>[\d.]+)(?P<k>k?) received", re.MULTILINE)
_BLOCK = re.compile(
    r"^(?:(?P<name>[^\n`>#]*\S)[ \t]*\n)?(?P<fence>`{3,}+|~{3,}+)(?P<kind>\w*+)[^\n]*+\n"
    r"(?P<body>.*?)(?:^(?P=fence)[ \t]*$|(?P<cut>\Z))",
    re.MULTILINE | re.DOTALL,
)


class Session(session.Session):
    """Reads one history."""

    def __init__(self) -> None:
        super().__init__(AGENT)

    def read(self, data: bytes) -> None:
        """Read the whole file."""
        for number, (heading, chat) in enumerate(turns(data.decode("utf-8", "replace"), _STARTED)):
            self.records["chat"] += 1
            when = heading["time"].strip()
            version, model = _VERSION.search(chat), _ABOUT.search(chat)
            self.origin = self.origin._replace(
                session=f"aider-{hash_of(f'{when}:{number}')}", time=when.replace(" ", "T"), turn=0,
                agent_version=version["version"] if version else "", model=model["model"] if model else "",
            )  # fmt: skip
            for said in _USER.split(chat)[1:]:
                self._answer(said.partition("\n")[2])

    def _answer(self, said: str) -> None:
        """What the model answered to one line of the user, with what aider did about it."""
        self.context.count("prompts")
        if not said.strip():
            return
        self.records["reply"] += 1
        self.context.count("messages")
        sent = _SENT.search(said)
        tokens = round(float(sent["count"]) * (1000 if sent["k"] else 1)) if sent else 0
        self.tokens += tokens
        self.origin = self.origin._replace(turn=self.origin.turn + 1, tokens=tokens)
        key = f"{self.origin.session}:{self.origin.turn}"
        applied = {match["path"] for match in _APPLIED.finditer(said)}
        edited = "SearchReplaceNoExactMatch" in said or "failed to match" in said
        if edited:
            self.failed["edit"] += 1
            self.context.see(Step(self.origin.turn, "edit", "failed", why="could not find the string"))
        found = list(_edits(said, applied))
        for number, edit in enumerate(found):
            self.applied["edit"] += 1
            self.emit(edit.output(f"{key}:{number}", "edit", self.origin))
            self.context.see(Step(self.origin.turn, "edit", "ok", edit.path, f"{key}:{number}"))
        if not applied:
            self.reply(said, key, self.origin)


def _edits(said: str, applied: set[str]) -> Iterator[Edit]:
    for match in _BLOCK.finditer(said):
        name, body = (match["name"] or "").strip().strip("*`:"), match["body"]
        if match["cut"] is not None:
            return
        pairs = search_blocks(body)
        if match["kind"] == "diff":
            lines = body.split("\n")
            named = next((line[4:].strip() for line in lines if line.startswith("+++ ")), "")
            pairs = tuple(hunks(line for line in lines if not line.startswith(("--- ", "+++ "))))
            if named in applied:
                yield Edit(named, "\n".join(added_lines(lines)) + "\n", pairs)
        elif name in applied and pairs:
            yield Edit(name, "".join(new for _, new, _ in pairs), pairs)
        elif name in applied:
            yield Edit(name, body, after=body)


def _recognises(head: bytes, name: str) -> bool:
    return name.endswith(".aider.chat.history.md") or b"# aider chat started at " in head[:200]


def _folders() -> list[str]:
    return ["."]


FORMAT = Format(AGENT, Session, _recognises, _folders, (".aider.chat.history.md",), whole=True)
