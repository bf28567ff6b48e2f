"""aider's chat histories: ``.aider.chat.history.md``, one file for all sessions of a project.

Source: https://github.com/Aider-AI/aider, aider/io.py (the history) and aider/coders/ (how edits are
written). A line ``> Applied edit to FILE`` says that the reply's edit of this file was applied: a search
and replace block, a unified diff, or the whole file, each below a line with the file's name, or with the name as the first
line inside the fence ("diff-fenced"). What aider says itself ends every answer, whatever fence stands open there.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from aicheck_app.capture import session
from aicheck_app.capture.context import Step
from aicheck_app.capture.edits import Edit, search_blocks
from aicheck_app.capture.json_values import number
from aicheck_app.capture.markdown import turns
from aicheck_app.capture.patch import added_lines, hunks
from aicheck_app.capture.session import Format, hash_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_app.capture.patch import Pair
    from aicheck_app.origin import Origin

AGENT = "aider"
_STARTED = re.compile(r"^# aider chat started at (?P<time>.*[^ \t\n])[ \t]*$")
_ABOUT = re.compile(r"^> (?:Main model|Models?): (?P<model>[^\s,]+)", re.MULTILINE)
_VERSION = re.compile(r"^> Aider v(?P<version>\S+)", re.MULTILINE)
_USER = re.compile(r"(?:^#### [^\n]*(?:\n|\Z))++", re.MULTILINE)
_USER_BY_AIDER = re.compile(r"(?:^#### [^\n]*  (?:\n|\Z))++", re.MULTILINE)
"""As aider writes it, with two blanks at the line's end; a model's own heading has none."""
_OWN = re.compile(
    r"^> (?:Tokens: |Applied edit to |Commit [0-9a-f]{7}|Model \S+ has hit a token limit!|The LLM did not conform"
    r"|Only \d+ reflections)",
    re.MULTILINE,
)
_LIMIT = re.compile(r"^> Model \S+ has hit a token limit!", re.MULTILINE)
_FULL_CONTEXT = re.compile(r"^> (?:Input|Total) tokens: [^\n]* -- possibly exhausted context window!", re.MULTILINE)
_FULL_OUTPUT = re.compile(r"^> Output tokens: [^\n]* -- possibly exceeded output limit!", re.MULTILINE)
_PATH = re.compile(r"[\w.@+-]*+(?:/[\w.@+-]++)*+", re.ASCII)
_HEAD = re.compile(r"<{5,9} SEARCH>?\s*")
_APPLIED = re.compile(r"^> Applied edit to (?P<path>.*[^ \t\n])[ \t]*$", re.MULTILINE)
_SENT = re.compile(r"^> Tokens: .*?, (?P<count>\d+(?:\.\d+)?)(?P<k>k?) received", re.MULTILINE)
_BLOCK = re.compile(
    r"^(?:(?P<name>(?!```|~~~)[^\n>]*\S)[ \t]*\n)?(?P<fence>`{3,}+|~{3,}+)(?P<kind>\w*+)[^\n]*+\n"
    r"(?P<body>.*?)(?:^(?P=fence)[ \t]*$|\Z)",
    re.MULTILINE | re.DOTALL,
)


class Session(session.Session):
    """Reads one history."""

    def __init__(self) -> None:
        super().__init__(AGENT)

    def read(self, data: bytes) -> None:
        """Read the whole file."""
        for at, (heading, chat) in enumerate(turns(data.decode("utf-8", "replace"), _STARTED)):
            self.records["chat"] += 1
            when = heading["time"].strip()
            version, model = _VERSION.search(chat), _ABOUT.search(chat)
            self.origin = self.origin._replace(
                session=f"aider-{hash_of(f'{when}:{at}')}", time=when.replace(" ", "T"), turn=0,
                agent_version=version["version"] if version else "", model=model["model"] if model else "",
            )  # fmt: skip
            self._last_message = ""  # nobody came back to this chat: it is another one
            heading_of = _USER_BY_AIDER if _USER_BY_AIDER.search(chat) else _USER
            for said in heading_of.split(chat)[1:]:
                self._answer(said)

    def _answer(self, said: str) -> None:
        """What the model answered to one prompt, with what aider did about it."""
        self.prompted()
        if not said.strip():
            return
        self.records["reply"] += 1
        sent = _SENT.search(said)
        tokens = number(float(sent["count"]) * (1000 if sent["k"] else 1) + 0.5) if sent else 0
        self.tokens += tokens
        self.origin = self.origin._replace(turn=self.origin.turn + 1, tokens=tokens)
        self.begin_message(self.origin.time)
        if "SearchReplaceNoExactMatch" in said or "failed to match" in said:
            self.failed["edit"] += 1
            self.context.see(Step(self.origin.turn, "edit", "failed", why="could not find the string"))
        self._outputs_of(_answers(said), _stop_reason(said))

    def _outputs_of(self, answers: list[tuple[str, set[str]]], stopped: str) -> None:
        """What the answers to one prompt brought; only the last of them can have been stopped by a limit."""
        key = f"{self.origin.session}:{self.origin.turn}"
        edits = replies = 0
        for answer, applied in answers:
            last = answer is answers[-1][0]
            origin = self.origin._replace(stop_reason=stopped if last else "")
            found = list(_edits(answer, applied))
            for edit in found:
                self._edited(edit, f"{key}:{edits}", origin)
                edits += 1
            if missed := len(applied - {edit.path for edit in found}):
                self.skipped["applied edit without a text that can be read"] += missed
            if not applied:
                self.reply(answer, f"{key}:{replies}" if replies else key, origin)
                replies += 1
        if stopped:
            self.turn.stop_reason = stopped
            self.event("token limit", key, reason=stopped)

    def _edited(self, edit: Edit, key: str, origin: Origin) -> None:
        self.applied["edit"] += 1
        known = self.apply(edit, key, "edit", origin)
        self.context.see(Step(self.origin.turn, "edit", "ok", known.path, key))


def _stop_reason(said: str) -> str:
    """Why an answer ended where aider says that it was too long: of the limits it names, the output's is the cut."""
    if not _LIMIT.search(said):
        return ""
    full = _FULL_CONTEXT.search(said) and not _FULL_OUTPUT.search(said)
    return "model_context_window_exceeded" if full else "max_tokens"


def _answers(said: str) -> list[tuple[str, set[str]]]:
    """The answers to one prompt, each with the files whose edits were applied then.

    aider sends what failed back to the model, so there may be several; each ends where aider speaks.
    """
    ends = [match.start() for match in _OWN.finditer(said)]
    answers: list[tuple[str, set[str]]] = []
    for start, end in pairwise([0, *ends, len(said)]):
        words, answer = _apart(said[start:end])
        if answers:
            answers[-1][1].update(match["path"] for match in _APPLIED.finditer(words))
        if answer.strip():
            answers.append((answer, set()))
    return answers


def _apart(piece: str) -> tuple[str, str]:
    """aider's own lines at the beginning of a piece, and what the model said after them."""
    lines = piece.split("\n")
    first = next((at for at, line in enumerate(lines) if line.strip() and not f"{line} ".startswith("> ")), len(lines))
    return "\n".join(lines[:first]), "\n".join(lines[first:])


def _edits(said: str, applied: set[str]) -> Iterator[Edit]:
    """The edits of one answer: blocks to be replaced wherever they stand, else whole files and diffs in fences."""
    blocks = list(_blocks(said, applied))
    yield from blocks
    left = applied - {edit.path for edit in blocks}
    for match in _BLOCK.finditer(said) if left else ():
        if not any(map(_HEAD.fullmatch, match["body"].split("\n"))):
            yield from _fenced(_name(match["name"] or ""), match["kind"], match["body"], left)


def _fenced(name: str, kind: str, body: str, applied: set[str]) -> Iterator[Edit]:
    if kind == "diff":
        lines = body.split("\n")
        named = next((line[4:].strip() for line in lines if line.startswith("+++ ")), "")
        pairs = tuple(hunks(line for line in lines if not line.startswith(("--- ", "+++ "))))
        if named in applied:
            yield Edit(named, "\n".join(added_lines(lines)) + "\n", pairs)
    elif name in applied:
        yield Edit(name, body, after=body)


def _blocks(said: str, applied: set[str]) -> Iterator[Edit]:
    """The search and replace blocks of each file; a block without a name is of the file of the one before."""
    lines = said.replace("\r\n", "\n").split("\n")
    heads = [at for at, line in enumerate(lines) if _HEAD.fullmatch(line)]
    files: dict[str, list[Pair]] = {}
    name = ""
    for start, end in pairwise([*heads, len(lines)]):
        name = _named(lines[max(start - 3, 0) : start], applied) or name
        files.setdefault(name, []).extend(search_blocks("\n".join(lines[start:end])))
    for path, pairs in files.items():
        if path in applied and pairs:
            yield Edit(path, "".join(new for _, new, _ in pairs), tuple(pairs))


def _named(before: list[str], applied: set[str]) -> str:
    """The file that one of the lines before a block names, the nearest first; fences may stand between."""
    for line in reversed(before):
        name = _name(line)
        if name in applied:
            return name
        if _HEAD.fullmatch(line) or line.startswith(">>>>>>>"):
            return ""  # of the same file as the block before
        if ("." in name or "/" in name) and _PATH.fullmatch(name):
            return name  # another file, whose edit was not applied
    return ""


def _name(line: str) -> str:
    """A file's name as a line gives it."""
    return line.strip().lstrip("#").strip().strip("*`:~").strip()


def _recognises(head: bytes, name: str) -> bool:
    return name.endswith(".aider.chat.history.md") or b"# aider chat started at " in head[:200]


def _folders() -> list[str]:
    return ["."]


FORMAT = Format(AGENT, Session, _recognises, _folders, (".aider.chat.history.md",), whole=True)
