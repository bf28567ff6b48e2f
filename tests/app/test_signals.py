"""The signals of sessions, counted a second time from the raw transcripts by another way: docs/signals.md as plain queries."""

from __future__ import annotations

import gzip
import itertools
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from aicheck_app.capture.claude_code import Session
from tests.app.transcripts import assistant, result, text, use, write

EDITS = ("Edit", "MultiEdit", "NotebookEdit", "Write")
READS = ("Read", "NotebookRead")
OF_COMMANDS = {
    "git_checkout", "git_restore", "git_reset_hard", "git_clean", "git_stash_drop", "git_push_force", "git_push_force_with_lease",
    "rm_recursive", "no_verify", "hooks_disabled", "tests_deleted", "tests_removed", "definitions_lost", "unsaved_lost",
}  # fmt: skip
"""Counted a second time in test_worktree.py."""
REASONS = {
    "not_found": ("String to replace not found",),
    "ambiguous": ("matches of the string to replace",),
    "stale": ("modified since",),
    "unread": ("has not been read yet",),
    "missing_file": ("does not exist", "no such file"),
}


def counted(path: Path) -> dict[str, int]:
    """By the reader under test."""
    session = Session()
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        for line in file:
            session.read(line)
    own = {name: number for name, number in session.context.counts.items() if number}
    return {name: number for name, number in own.items() if name not in OF_COMMANDS}


def counted_again(path: Path) -> dict[str, int]:
    """By the definitions in docs/signals.md, over lists of everything."""
    lines = _lines(path)
    answers = [a for a in lines if a.get("type") == "assistant" and a.get("message") and not _of_client(a)]
    numbers: dict[str, int] = {}
    for one in answers:
        numbers.setdefault(one["message"].get("id") or one["uuid"], len(numbers) + 1)
    calls = _calls(lines, answers, numbers)
    found: Counter[str] = Counter(messages=len(numbers), rejected=sum(c["outcome"] == "rejected" for c in calls))
    found["cascades"] = sum(c["outcome"] == "cascade" for c in calls)
    found.update(_people(lines))
    ends = {(a["message"].get("id"), a["message"]["stop_reason"]) for a in answers if a["message"].get("stop_reason")}
    found.update(f"stop_{reason}" for _, reason in ends)
    calls = [c for c in calls if c["outcome"] not in ("rejected", "cascade")]
    failing = [
        bool(line.get("isApiErrorMessage")) or line.get("subtype") == "api_error"
        for line in lines
        if line in answers or line.get("isApiErrorMessage") or line.get("subtype") == "api_error"
    ]
    found["api_incidents"] = sum(now and not before for before, now in itertools.pairwise([False, *failing]))
    found["commands"] = sum(c["tool"] == "Bash" for c in calls)
    found["commands_failed"] = sum(c["tool"] == "Bash" and c["outcome"] != "ok" for c in calls)
    for at, call in enumerate(calls):
        found.update(_signals(call, calls[:at]))
    return {name: number for name, number in found.items() if number}


def _signals(call: dict[str, Any], before: list[dict[str, Any]]) -> list[str]:
    last = max((n for n, c in enumerate(before) if c["edit"] and c["outcome"] == "ok"), default=-1)
    since = before[last:] if last >= 0 else before  # with the edit itself
    changes = call["edit"] and call["outcome"] == "ok"
    found = ["repeated_calls"] if not changes and any(c["what"] == call["what"] for c in since) else []
    same = [c for c in before if c["path"] == call["path"] and c["outcome"] == "ok"]
    if call["outcome"] != "ok":
        if call["read"]:
            return [*found, "reads_missing" if call["outcome"] == "missing_file" else "reads_failed"]
        return [*found, f"edits_{call['outcome']}"] if call["edit"] else found
    edits = [c for c in same if c["edit"]]
    if call["read"]:
        latest = max((n for n, c in enumerate(same) if c["edit"]), default=-1)
        again = any(c["read"] and c["range"] == call["range"] for c in same[latest + 1 :])
        return [*found, "reads", *(["rereads"] if again else [])]
    if not call["edit"]:
        return found
    found.append("edits")
    if call["created"]:
        found.append("creates")
    else:
        found += ["rewrites"] if call["tool"] == "Write" else []
        found += ["blind_edits"] if not any(c["read"] or c["edit"] for c in same) else []
    if edits and 0 < call["number"] - edits[-1]["number"] <= 3:
        found.append("rework")
    texts = [c["before"] for c in edits if c["before"] is not None]
    back = call["after"] is not None and call["after"] != call["before"] and call["after"] in texts
    swapped = (
        call["pair"] and any(c["pair"] == call["pair"][::-1] for c in edits) and call["pair"][0] != call["pair"][1]
    )
    return [*found, *(["undone"] if back or swapped else [])]


def _calls(lines: list[dict[str, Any]], answers: list[dict[str, Any]], numbers: dict[str, int]) -> list[dict[str, Any]]:
    uses = {
        block["id"]: (lines.index(answer), numbers[answer["message"].get("id") or answer["uuid"]], block)
        for answer in reversed(answers)
        for block in answer["message"]["content"]
        if isinstance(block, dict) and block["type"] == "tool_use"
    }
    found = []
    for at, line in enumerate(lines):
        content = (line.get("message") or {}).get("content") if line.get("type") == "user" else None
        for block in content if isinstance(content, list) else []:
            if block["type"] == "tool_result" and block["tool_use_id"] in uses:
                first, number, made = uses.pop(block["tool_use_id"])
                found.append((max(at, first), _call(number, made, block, line.get("toolUseResult"))))
    return [call for _, call in sorted(found, key=lambda one: one[0])]


def _call(number: int, made: dict[str, Any], block: dict[str, Any], facts: Any) -> dict[str, Any]:
    given, tool = made["input"], made["name"]
    told = facts if isinstance(facts, dict) else {}
    said = json.dumps(block.get("content")) + json.dumps(facts if isinstance(facts, str) else "")
    before = told.get("originalFile") if isinstance(told.get("originalFile"), str) else told.get("originalFileContents")
    old, new = given.get("old_string"), given.get("new_string")
    after = given.get("content") if tool == "Write" else None
    if tool == "Edit" and before is not None and old in before:
        after = before.replace(old, new, -1 if given.get("replace_all") else 1)
    failed = block.get("is_error") or (tool in EDITS and isinstance(facts, str) and facts.startswith("Error"))
    return {
        "number": number, "tool": tool, "edit": tool in EDITS, "read": tool in READS, "what": (tool, json.dumps(given)),
        "path": told.get("filePath") or given.get("file_path") or given.get("notebook_path") or "",
        "range": (given.get("offset"), given.get("limit"), given.get("pages")),
        "created": told.get("type") == "create", "outcome": _outcome(said) if failed else "ok",
        "before": before if tool == "Write" or after is not None else None, "after": after,
        "pair": (old, new) if tool == "Edit" else None,
    }  # fmt: skip


def _outcome(said: str) -> str:
    if "The user doesn't want" in said or "[Request interrupted" in said:
        return "rejected"
    if "ibling tool call errored" in said:
        return "cascade"
    return next((name for name, words in REASONS.items() if any(word in said for word in words)), "other")


def _people(lines: list[dict[str, Any]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for line in lines:
        waiting = line.get("attachment") or {}
        if waiting.get("type") == "queued_command" and waiting.get("commandMode") == "prompt":
            found["prompts"] += not str(waiting.get("prompt")).startswith("<")
        if line.get("type") != "user" or any(line.get(flag) for flag in ("isMeta", "isCompactSummary", "isSidechain")):
            continue
        content = (line.get("message") or {}).get("content")
        said = content if isinstance(content, str) else " ".join(b.get("text", "") for b in content or []).strip()
        if said.startswith("[Request interrupted"):
            found["interrupts"] += 1
        elif said and not said.startswith(
            ("<command-name", "<local-command-", "<bash-", "<task-notification", "<system-r", "<teammate-message")
        ):
            found["prompts"] += 1
    return found


def _of_client(line: dict[str, Any]) -> bool:
    return bool(line.get("isApiErrorMessage")) or line["message"].get("model") == "<synthetic>"


def _lines(path: Path) -> list[dict[str, Any]]:
    found = []
    data = path.read_bytes()
    for line in (gzip.decompress(data) if path.suffix == ".gz" else data).splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return [line for line in found if _understood(line)]


def _understood(line: Any) -> bool:
    """Lines of an unknown shape count for nothing."""
    message = line.get("message", {}) if isinstance(line, dict) else None
    content = message.get("content", "") if isinstance(message, dict) else None
    return isinstance(content, str) or (isinstance(content, list) and all(isinstance(block, dict) for block in content))


def test_every_signal_once(tmp_path: Path) -> None:
    """One session in which each signal is known by hand."""

    def edited(number: int, old: str, new: str, before: str | None, **more: Any) -> list[dict[str, Any]]:
        facts = {"filePath": "/w/a.py", "originalFile": before}
        given = {"file_path": "/w/a.py", "old_string": old, "new_string": new}
        return [assistant(f"m{number}", use(f"t{number}", "Edit", **given)), result(f"t{number}", facts, **more)]

    def failed(number: int, said: str, tool: str = "Edit") -> list[dict[str, Any]]:
        given = {"file_path": f"/w/{number}.py", **({"old_string": "a", "new_string": "b"} if tool == "Edit" else {})}
        return [
            assistant(f"m{number}", use(f"t{number}", tool, **given)),
            result(f"t{number}", f"Error: {said}", error=True, said=said),
        ]

    read = {"file": {"filePath": "/w/b.py"}}
    lines = [
        {"type": "user", "message": {"role": "user", "content": "go"}},
        *edited(1, "x = 1", "x = 2", "x = 1\n"),  # blind
        *edited(2, "x = 2", "x = 1", "x = 2\n"),  # rework, undone
        assistant("m3", use("t3", "Read", file_path="/w/b.py")), result("t3", read),
        assistant("m4", use("t4", "Read", file_path="/w/b.py")), result("t4", read),  # re-read, repeated
        *failed(5, "String to replace not found in file."), *failed(6, "Found 2 matches of the string to replace"),
        *failed(7, "File has been modified since read"), *failed(8, "File has not been read yet."),
        *failed(9, "File does not exist."), *failed(10, "what?"), *failed(11, "File does not exist.", "Read"),
        *failed(12, "EACCES", "Read"), *failed(13, "Sibling tool call errored"),
        *failed(14, "The user doesn't want to proceed"),
        assistant("m15", text("stopping"), stop_reason="end_turn"),
        assistant("m16", use("t16", "Write", file_path="/w/b.py", content="y = 1\n")),
        result("t16", {"type": "update", "filePath": "/w/b.py", "originalFile": "y = 0\n"}),
        assistant("m17", use("t17", "Write", file_path="/w/c.py", content="z = 1\n")),
        result("t17", {"type": "create", "filePath": "/w/c.py", "originalFile": None}),
        {"type": "user", "message": {"role": "user", "content": [{"type": "text", "text": "[Request interrupted by user]"}]}},
    ]  # fmt: skip
    path = write(tmp_path / "s.jsonl", *lines)
    assert counted(path) == counted_again(path) == {
        "prompts": 1, "interrupts": 1, "messages": 17, "stop_tool_use": 16, "stop_end_turn": 1, "rejected": 1,
        "cascades": 1, "edits": 4, "blind_edits": 1, "rework": 1, "undone": 1, "rewrites": 1, "creates": 1,
        "reads": 2, "rereads": 1, "repeated_calls": 1, "reads_missing": 1, "reads_failed": 1, "edits_not_found": 1,
        "edits_ambiguous": 1, "edits_stale": 1, "edits_unread": 1, "edits_missing_file": 1, "edits_other": 1,
    }  # fmt: skip


def test_every_real_session_counts_alike_both_ways(corpus: Path) -> None:
    paths = sorted((corpus / "transcripts/claude_code").glob("*.jsonl.gz"))
    differing = {path.name: (counted(path), counted_again(path)) for path in paths}
    assert {name: two for name, two in differing.items() if two[0] != two[1]} == {}
    if len(paths) == 0:
        pytest.skip("the corpus has no sessions of Claude Code")
