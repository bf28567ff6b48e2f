"""How many edits of real sessions are judged with their whole file, by agent and client; and whether each is counted once.

    python -m benchmarks.capture SESSIONS [--clones FOLDER] [--write]

``SESSIONS`` holds ``AGENT/OWNER+NAME/FILE``; ``--clones`` has a clone of each repository by the same name, as the developer's own
machine has. Beside each count stands that of a second reader, which knows nothing of this project: plain JSON.
"""

from __future__ import annotations

import argparse
import json
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aicheck_app.errors import AicheckError
from benchmarks import readme, sessions

if TYPE_CHECKING:
    from aicheck_app.capture.reader import Reader

_EDITS = ("Write", "Edit", "MultiEdit", "NotebookEdit")
_NO_EDITS = frozenset({"reply", "Bash", "bash", "exec_command"})
"""What a command wrote is an output, and no edit that a second reader would count."""
_HEAD = (
    "| agent | sessions | edits | of these the same again | counted by plain JSON | with the whole file |",
    "| --- | ---: | ---: | ---: | ---: | ---: |",
)


class Row:
    """What is counted of one agent's sessions."""

    def __init__(self) -> None:
        self.files = self.edits = self.whole = 0
        self.ids: set[str] = set()
        self.theirs: set[str] = set()

    def take(self, reader: Reader, theirs: set[str]) -> None:
        """Count a session."""
        self.files += 1
        self.theirs |= theirs
        for session in reader:
            for output in session.finish():
                if output.tool not in _NO_EDITS:
                    self.edits += 1
                    self.whole += output.kind == "file"
                    self.ids.add(output.identity)

    def line(self, agent: str) -> str:
        """The table's line."""
        share = f"{self.whole / self.edits:.1%}" if self.edits else "-"
        again = self.edits - len(self.ids)
        theirs = f"{len(self.theirs):,}" if self.theirs else "-"
        return f"| {agent} | {self.files:,} | {self.edits:,} | {again:,} | {theirs} | {share} |"


def counted(file: str) -> set[str]:
    """The ids of the edits that a session's file says were applied, from its JSON alone; of other agents' files none."""
    calls: dict[str, int] = {}
    done: set[str] = set()
    told: dict[str, list[str]] = {}
    for row in sessions.rows(file):
        for count in (_claude, _pi, _copilot):
            count(row, calls, done)
        _codex(row, calls, done, told)
    plain = {f"{one}:{number}" for one in done - set(told) for number in range(calls.get(one, 0))}
    return plain | {f"{one}:{path}" for one, paths in told.items() for path in paths} | _opencode(file)


def _claude(row: dict[str, Any], calls: dict[str, int], done: set[str]) -> None:
    message, result = row.get("message"), row.get("toolUseResult")
    for block in message.get("content") or [] if isinstance(message, dict) else []:
        if not isinstance(block, dict):
            continue
        if block.get("type") == "tool_use" and block.get("name") in _EDITS:
            calls[str(block.get("id"))] = 1
        staged = isinstance(result, dict) and result.get("staged")
        refused = block.get("is_error") or (isinstance(result, str) and result.startswith("Error")) or staged
        if block.get("type") == "tool_result" and not refused:
            done.add(block["tool_use_id"])


def _pi(row: dict[str, Any], calls: dict[str, int], done: set[str]) -> None:
    message = row.get("message")
    if row.get("type") != "message" or not isinstance(message, dict):
        return
    for block in message.get("content") or [] if message.get("role") == "assistant" else []:
        if isinstance(block, dict) and block.get("type") == "toolCall" and block.get("name") in ("edit", "write"):
            calls[str(block.get("id"))] = 1
    if message.get("role") == "toolResult" and not message.get("isError"):
        done.add(message["toolCallId"])


def _copilot(row: dict[str, Any], calls: dict[str, int], done: set[str]) -> None:
    data = row.get("data")
    if not isinstance(data, dict):
        return
    if row.get("type") == "tool.execution_start" and data.get("toolName") in ("create", "edit", "apply_patch"):
        calls[data["toolCallId"]] = max(
            str(data.get("arguments")).count("*** Update File: ") + str(data.get("arguments")).count("*** Add File: "),
            1,
        )
    elif row.get("type") == "tool.execution_complete" and data.get("success"):
        done.add(data["toolCallId"])


def _opencode(file: str) -> set[str]:
    """Of an export of opencode, which is one piece of JSON."""
    try:
        found = json.loads(Path(file).read_bytes())
    except ValueError:
        return set()
    messages = found.get("messages") if isinstance(found, dict) else None
    edits: set[str] = set()
    for part in (
        part for message in messages or [] for part in message.get("parts") or [] if isinstance(message, dict)
    ):
        state, tool = part.get("state") or {}, part.get("tool")
        if part.get("type") != "tool" or state.get("status") != "completed":
            continue
        if tool in ("edit", "write"):
            edits.add(part["callID"])
        elif tool == "apply_patch":
            patched = re.findall(r"^\*\*\* (?:Add|Update) File: (.+)", state["input"]["patchText"], re.MULTILINE)
            edits |= {f"{part['callID']}:{path}" for path in patched}
    return edits


def _codex(row: dict[str, Any], calls: dict[str, int], done: set[str], told: dict[str, list[str]]) -> None:
    payload = row.get("payload")
    if not isinstance(payload, dict):
        return
    if payload.get("type") == "custom_tool_call" and payload.get("name") == "apply_patch":
        calls[payload["call_id"]] = len(re.findall(r"^\*\*\* (?:Add|Update) File: ", payload["input"], re.MULTILINE))
    elif payload.get("type") == "custom_tool_call_output" and "verification failed" not in str(payload.get("output")):
        done.add(payload["call_id"])
    elif payload.get("type") == "patch_apply_end" and payload.get("success"):
        told[payload["call_id"]] = [path for path, each in (payload.get("changes") or {}).items() if _changes(each)]


def _changes(change: Any) -> bool:
    diff = str(change.get("unified_diff") or "")
    return change.get("type") == "add" or any(line[:1] in ("+", "-") for line in diff.split("\n"))


def main() -> None:
    """Run and print; see the module's docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("sessions", type=Path)
    parser.add_argument("--clones", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    rows: dict[str, Row] = {}
    for file, repository in sessions.files(options.sessions):
        with suppress(AicheckError):
            for reader in sessions.readers(file, sessions.committed(repository, options.clones)):
                rows.setdefault(reader.form.agent, Row()).take(reader, counted(file))
    table = "\n".join([*_HEAD, *(rows[agent].line(agent) for agent in sorted(rows))]) + "\n"
    print(table)
    if options.write:
        readme.write("capture", table)


if __name__ == "__main__":
    main()
