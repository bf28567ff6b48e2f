"""The Agent Client Protocol: what an editor and an agent say to each other, as it goes by (https://agentclientprotocol.com, version 1).

A message is one JSON object of JSON-RPC on a line. An agent tells of a call of a tool by ``session/update``, again and again until the
call has ended; the call's ``content`` shows its edits as ``{type: "diff", path, oldText, newText}``, its ``rawInput`` is what the model
wrote. By the protocol the texts of a diff are those of the whole file; some agents (Claude's) show a part of it. An agent may
also have the editor write a file (``fs/write_text_file``). Source: the published schema, and what claude-agent-acp 0.49.0 and opencode 1.18.33 wrote.

Calls of tools alone are taken: what the model says stands in the clients' own transcripts, under ids that ``ingest`` knows.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from aicheck_app.capture import session
from aicheck_app.capture.agents import PROVIDERS
from aicheck_app.capture.edits import Edit
from aicheck_app.capture.json_values import members, text, words
from aicheck_app.capture.on_disk import text_of
from aicheck_app.capture.tool_calls import EDITS, MAX_OPEN, READS, SHELLS, ToolCall, take
from aicheck_app.clock import now
from aicheck_app.hashing import of_text
from aicheck_app.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicheck_app.capture.context import Outcome

_AGENTS = {
    "claude-agent-acp": "claude-code", "claude-code-acp": "claude-code", "codex-acp": "codex", "gemini-cli": "gemini",
}  # fmt: skip
"""Agents that call themselves otherwise here than their sessions are called; an adapter has versions of its own."""
_ADAPTERS = re.compile(r"-acp\Z")
_WORD = re.compile(r"[\w.-]{1,64}")
_KINDS = {"edit": "edit", "execute": "execute", "read": "read"}
"""What stands for a tool whose name is not told, by the kind of its call."""
_SAID = 2_000
"""Code points of a result that are looked at."""
_NO_MODEL = "default"
"""What Claude's adapter calls the model that the client chooses."""


def named(info: dict[str, Any]) -> tuple[str, str]:
    """An agent's name and version, from what it says of itself: the name that its sessions have in the log."""
    name, version = text(info.get("name")).rpartition("/")[2].lower(), text(info.get("version"))
    return _AGENTS.get(name, name), f"{name} {version}" if _ADAPTERS.search(name) else version


def model_of(told: dict[str, Any]) -> str:
    """The model that a session is set to, if its options or its state (of older agents) tell."""
    options = told.get("configOptions")
    found = next(
        (
            text(one.get("currentValue"))
            for one in (options if isinstance(options, list) else ())
            if isinstance(one, dict) and "model" in (one.get("category"), one.get("id"))
        ),
        text(members(told.get("models")).get("currentModelId")),
    )
    return "" if found == _NO_MODEL else found


class _Call:
    """A call of a tool, as far as it has been told."""

    def __init__(self) -> None:
        self.told: dict[str, Any] = {}
        self.named = ""
        self.facts: dict[str, Any] = {}
        self.inside = False
        """Whether an agent made it that another one started."""
        self.rejected = False
        self.ended = False

    def add(self, update: dict[str, Any]) -> None:
        """What is told now takes the place of what was told; the first title may be the tool's name."""
        known = {name: value for name, value in update.items() if value not in (None, {}, [])}
        claude = members(members(known.get("_meta")).get("claudeCode"))
        output = members(known.get("rawOutput"))
        self.named = self.named or text(claude.get("toolName")) or text(known.get("title"))
        self.facts |= members(claude.get("toolResponse")) or members(output.get("metadata"))
        self.inside = self.inside or bool(claude.get("parentToolUseId"))
        self.told |= known

    @property
    def tool(self) -> str:
        """The tool's name, if it has been told; else what its kind is called."""
        known = self.named.lower() in EDITS | SHELLS | READS or self.named.startswith("mcp")
        kind = text(self.told.get("kind"))
        return self.named if known and _WORD.fullmatch(self.named) else _KINDS.get(kind, kind or "other")

    @property
    def said(self) -> str:
        """The result in words."""
        content, output = self.told.get("content"), self.told.get("rawOutput")
        shown = [one.get("content") for one in content if isinstance(one, dict)] if isinstance(content, list) else []
        return (words(shown) or text(output) or text(members(output).get("output")))[-_SAID:]

    def edits(self) -> tuple[Edit, ...]:
        """The edits that the diffs show, one a file."""
        content = self.told.get("content")
        by: dict[str, list[dict[str, Any]]] = {}
        for one in content if isinstance(content, list) else ():
            if isinstance(one, dict) and one.get("type") == "diff" and text(one.get("path")):
                by.setdefault(one["path"], []).append(one)
        return tuple(edit for path, diffs in by.items() if (edit := _of_diffs(path, diffs)).written.strip())


def _of_diffs(path: str, diffs: list[dict[str, Any]]) -> Edit:
    """What diffs of one file show; one without an old text is a file that was written whole."""
    pairs = tuple((text(one.get("oldText")), text(one.get("newText")), False) for one in diffs)
    if not pairs[0][0]:
        return Edit(path, pairs[0][1], after=pairs[0][1])
    return Edit(path, "\n".join(_changed(old, new) for old, new, _ in pairs), pairs)


def _changed(old: str, new: str) -> str:
    """The lines of a new text from the first that is another to the last."""
    before, after = old.split("\n"), new.split("\n")
    start, most = 0, min(len(before), len(after))
    while start < most and before[start] == after[start]:
        start += 1
    end = 0
    while end < most - start and before[-1 - end] == after[-1 - end]:
        end += 1
    return "\n".join(after[start : len(after) - end])


class Session(session.Session):
    """One session of a connection. ``disk`` reads a file as it is now; outputs are of the moment in which they are told."""

    def __init__(self, origin: Origin, disk: Callable[[str], str | None] = text_of) -> None:
        super().__init__(origin.agent)
        self.origin = origin
        self.replayed = False
        """Whether what is told now was done before: a session that is loaded is told once more."""
        self._disk = disk
        self._calls: dict[str, _Call] = {}
        self._writes: dict[str, str] = {}

    def update(self, told: dict[str, Any]) -> None:
        """Take in what the agent tells of the session."""
        kind = text(told.get("sessionUpdate"))
        self.records[kind or "no type"] += 1
        if kind == "config_option_update":
            self.choose(model_of(told))
        elif kind in ("tool_call", "tool_call_update") and not self.replayed:
            self._call(text(told.get("toolCallId")), told)

    def choose(self, model: str) -> None:
        """The session is set to a model."""
        if model:
            self.origin = self.origin._replace(model=model, asked=model)

    def asked(self, told: dict[str, Any]) -> None:
        """The agent asks whether it may make a call, and tells what it is."""
        self._of(text(told.get("toolCallId"))).add(told)

    def refused(self, call: str) -> None:
        """The person said no: whatever the agent tells of the call, it was not made."""
        self._of(call).rejected = True

    def wrote_file(self, path: str, content: str) -> None:
        """The editor has written a file for the agent; the call that it is of is told of later, or never."""
        self._writes[self._place(path, self.origin.cwd)] = content
        while len(self._writes) > MAX_OPEN:
            self._write(next(iter(self._writes)))

    def begin_turn(self) -> None:
        """A person said something."""
        self.origin = self.origin._replace(turn=self.origin.turn + 1)

    def finish_turn(self) -> None:
        """The answer is over: what the editor wrote and no call has told of is an output of its own."""
        for path in list(self._writes):
            self._write(path)
        self._calls.clear()
        self.end_turn()

    def apply(self, edit: Edit, *given: Any, **named: Any) -> Edit:
        """Add an edit, with its file's texts: as the editor wrote it, or else as it is on disk."""
        place = self._place(edit.path, self.origin.cwd)
        written = self._writes.pop(place, None)
        if edit.after is None and place and not place.endswith(".ipynb"):
            text_now = self._disk(place) if written is None else written
            edit = edit if text_now is None else edit.on(text_now)
        return super().apply(edit, *given, **named)

    def _of(self, identifier: str) -> _Call:
        while len(self._calls) >= MAX_OPEN and identifier not in self._calls:
            del self._calls[next(iter(self._calls))]
            self.skipped["call without a result"] += 1
        return self._calls.setdefault(identifier, _Call())

    def _call(self, identifier: str, told: dict[str, Any]) -> None:
        call = self._of(identifier)
        call.add(told)
        status = text(told.get("status"))
        if call.ended or status not in ("completed", "failed"):
            return
        call.ended = True
        if not call.rejected:  # what was refused is kept: it stays so, whatever is told of it until the turn ends
            del self._calls[identifier]
        outcome: Outcome = "rejected" if call.rejected else "ok" if status == "completed" else "failed"
        facts = {} if call.facts.get("userModified") else call.facts
        ended = ToolCall(identifier, call.tool, call.told.get("rawInput"), outcome, call.said, facts, call.edits())
        take(self, ended, self.origin._replace(time=now(), side_chain=call.inside))

    def _write(self, place: str) -> None:
        content = self._writes.pop(place)
        if content.strip() and self.files.text(place) != content:
            key = f"{self.origin.session}:write:{of_text(place, 24)}:{of_text(content, 24)}"
            self.apply(Edit(place, content, after=content), key, "write_text_file", self.origin._replace(time=now()))


def origin_of(agent: tuple[str, str], identifier: str, cwd: str) -> Origin:
    """The origin of a session's outputs."""
    name, version = agent
    return Origin(
        agent=name, agent_version=version, provider=PROVIDERS.get(name, ""), session=identifier, time=now(),
        cwd=os.path.normpath(cwd) if os.path.isabs(cwd) else "", attribution="hook",
    )  # fmt: skip
