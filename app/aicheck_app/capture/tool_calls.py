"""What a call of a tool was, under the names that agents give their tools: an edit, a command, a reading, or another.

The names are those of the clients' published tools. Tools of MCP servers are told by what is given to them: a path with a text
or a replacement is an edit, whatever the tool is called.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from aicheck_app.capture.context import Step
from aicheck_app.capture.edits import edits_of
from aicheck_app.capture.known_files import Hunk
from aicheck_app.capture.patch import takes_away
from aicheck_app.hashing import of_text

if TYPE_CHECKING:
    from aicheck_app.capture.context import Action, Outcome
    from aicheck_app.capture.edits import Edit
    from aicheck_app.capture.session import Session
    from aicheck_app.origin import Origin

EDITS = frozenset(
    """write edit multiedit patch apply_patch applypatch create create_file write_file write_to_file replace
    replace_in_file apply_diff insert_content search_and_replace str_replace str_replace_editor str_replace_based_edit_tool
    strreplace edit_file edit_notebook notebookedit save-file save_file file_editor text_editor insert_edit_into_file
    replace_string_in_file multi_replace_string_in_file hashline_edit ast_edit""".split()
)
"""Tools that change files, in lower case."""
SHELLS = frozenset(
    """bash shell sh run run_shell_command run_terminal_cmd run_in_terminal execute_command exec exec_command shell_command
    terminal execute launch-process local_shell execute_bash""".split()
)
READS = frozenset(
    "read view read_file read_many_files view_file cat open_file notebookread str_replace_editor_view".split()
)
_MCP = re.compile(r"mcp|__|\.")
_WRITES = re.compile(r"write|edit|creat|replac|insert|patch|updat|save|append|modif", re.IGNORECASE)
_READS_ONLY = re.compile(r"read|search|find|list|get|grep|diff|view|fetch|query|show", re.IGNORECASE)
_LINES = ("command", "cmd", "CommandLine", "script")
_EXIT_CODE = re.compile(r"(?:^|\n|\\n)Exit Code: -?[1-9]")
"""What a client whose calls of a shell always succeed says at the end of a command that failed (gemini-cli's and its kin's shell tool)."""
_LAST = 500
MAX_OPEN = 256
"""Calls that wait for their results at once; more were broken off."""


class ToolCall(NamedTuple):
    """A call that has ended. ``said`` is its result in words, ``facts`` what the client says of it besides.

    ``edits`` are what the client shows of it as diffs, which hold where the input tells of none.
    """

    key: str
    name: str
    given: Any
    outcome: Outcome
    said: str = ""
    facts: dict[str, Any] | None = None
    edits: tuple[Edit, ...] = ()


class OpenCalls:
    """Calls of a session whose results have not come yet, by their ids."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._calls: dict[str, tuple[str, Any, Origin, str]] = {}

    def begin(self, key: str, name: str, given: Any, origin: Origin, mark: str = "") -> None:
        """A call was made; where too many wait, the oldest are given up and counted."""
        while len(self._calls) >= MAX_OPEN:
            del self._calls[next(iter(self._calls))]
            self._session.skipped["call without a result"] += 1
        self._calls[key] = (name, given, origin, mark)

    def end(
        self,
        key: str,
        outcome: Outcome,
        said: str = "",
        facts: dict[str, Any] | None = None,
        mark: str = "",
        time: str = "",
    ) -> None:
        """Take in a call whose result is here; ``mark`` names the result's record, where it is that one which may be withdrawn.

        ``time`` is when it ended, where the call's message tells only when it began.
        """
        name, given, origin, called = self._calls.pop(key, ("", None, self._session.origin, ""))
        if name:
            ended = ToolCall(key, name, given, outcome, said, facts)
            take(self._session, ended, origin._replace(time=time or origin.time), mark or called)
        else:
            self._session.skipped["result without a call"] += 1


def take(session: Session, call: ToolCall, origin: Origin, mark: str = "", *, last: bool = False) -> None:
    """Count a call and take in what it did; ``origin`` is that of its message, ``mark`` names the record it came with."""
    name = call.name.rpartition(":")[2] or call.name
    if call.outcome == "ok" and name.lower() in SHELLS and _EXIT_CODE.search(call.said[-_LAST:]):
        call = call._replace(outcome="failed")
    origin = origin._replace(tool_use=call.key)
    low = name.lower()
    session.calls[name] += 1
    edits = edits_by(name, call.given, call.facts) or list(call.edits)
    known: list[Edit] = []
    if edits:
        counts = {"ok": session.applied, "rejected": session.rejected, "failed": session.failed}[call.outcome]
        counts[name] += 1
        if call.outcome == "ok":
            known = _applied(session, call, name, edits, origin, mark, last=last)
        else:
            session.turn.call("edit", failed=True)
    elif low in EDITS:
        _without_text(session, name, call)
    session.context.see(_step(session, call, low, known or edits))
    line = command_line(call.given) if low in SHELLS else ""
    if line and call.outcome != "rejected":
        found = session.command(line, failed=call.outcome == "failed", said=call.said)
        session.showed(found, call.said)
        session.wrote(found, call.key, name, origin, mark)
    elif not edits:
        session.turn.call("other", failed=call.outcome == "failed")


def _without_text(session: Session, name: str, call: ToolCall) -> None:
    """Count a call of a tool that edits, in which no text can be read: it was broken off, or took something away."""
    if call.outcome == "rejected":
        session.rejected[name] += 1
    elif call.outcome == "failed":
        session.failed[name] += 1
    elif takes_away(call.given):
        session.events[f"{name} without text"] += 1
    else:
        session.skipped["edit without a text that can be read"] += 1


def edits_by(name: str, given: Any, facts: dict[str, Any] | None = None) -> list[Edit]:
    """The edits of a tool's input: of a tool that edits, or of an MCP server's that is given a path and a text for it."""
    low = name.lower()
    if low in EDITS:
        return edits_of(given, facts or {})
    inner = re.split(r"__|\.|-mcp-|/", name)[-1]
    if not _MCP.search(low) or not _WRITES.search(inner) or _READS_ONLY.match(inner):
        return []
    return [edit for edit in edits_of(given, facts or {}) if edit.path and edit.written.strip()]


def _applied(
    session: Session, call: ToolCall, name: str, edits: list[Edit], origin: Origin, mark: str, *, last: bool
) -> list[Edit]:
    known = []
    for number, edit in enumerate(edits):
        key = call.key if len(edits) == 1 else f"{call.key}:{number}:{edit.path}"
        known.append(session.apply(edit, key, name, origin, mark, hunks=_inserted(call.given), last=last))
    return known


def _inserted(given: Any) -> tuple[Hunk, ...]:
    """The lines of a text that goes behind a line of the file, whose number from 1 is given (0: at the start)."""
    line, new = (given.get("insert_line"), given.get("new_str")) if isinstance(given, dict) else (None, None)
    if not isinstance(line, int) or line < 0 or not isinstance(new, str):
        return ()
    return (Hunk(line + 1, (), tuple(new.split("\n"))),)


def _step(session: Session, call: ToolCall, name: str, edits: list[Edit]) -> Step:
    edit = edits[0] if edits else None
    action: Action = "read" if name in READS else "other"
    if edit is not None:
        action = "edit" if edit.pairs else "write"
    path = edit.path if edit is not None else _path(call.given)
    pair = edit.pairs[0] if edit is not None and len(edit.pairs) == 1 else ("", "", False)
    return Step(
        session.origin.turn, action, call.outcome, path, of_text(name, 16) + of_text(str(call.given), 16),
        call.said[:1000] if call.outcome == "failed" else "", created=edit is not None and _creates(call, edit),
        before=_hash(edit.before if edit else None), after=_hash(edit.after if edit else None), old=_hash(pair[0]),
        new=_hash(pair[1]), command=name in SHELLS,
    )  # fmt: skip


def _creates(call: ToolCall, edit: Edit) -> bool:
    if edit.pairs or edit.before is not None:
        return False
    told = (call.facts or {}).get("exists")
    return told is False or (told is None and ("creat" in call.name.lower() or "creat" in call.said[:200].lower()))


def command_line(given: Any) -> str:
    """The line that a shell's tool is given; of a program's words those of a shell that is started are its line."""
    line = next((given[name] for name in _LINES if given.get(name)), "") if isinstance(given, dict) else given
    if isinstance(line, list):
        return str(line[-1]) if len(line) > 2 and str(line[1]).startswith("-") else " ".join(map(str, line))
    return line if isinstance(line, str) else ""


def _path(given: Any) -> str:
    names = ("file_path", "filePath", "path", "absolute_path", "target_file", "notebook_path")
    return (
        next((given[name] for name in names if isinstance(given.get(name), str)), "") if isinstance(given, dict) else ""
    )


def _hash(text: str | None) -> str:
    return of_text(text, 16) if text else ""
