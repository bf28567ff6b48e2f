"""Every shape in which Codex writes its sessions: the edits of each, once, with the file where it is known."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from aicheck_app.capture.code_mode import calls_of
from aicheck_app.capture.codex import _mark, _taken
from aicheck_app.capture.codex_changes import Change, keys_of
from aicheck_app.capture.edits import Edit
from aicheck_app.capture.ingest import Ingest
from aicheck_app.capture.reader import Reader
from aicheck_app.capture.readings import Reading, reading_of
from aicheck_app.capture.shell import commands_of
from aicheck_app.config import Config
from aicheck_app.log.chain import identity
from aicheck_app.log.listing import older
from aicheck_app.log.store import Log

PATCH = "*** Begin Patch\n*** Add File: a.py\n+import os\n+print(os.sep)\n*** Update File: b.py\n@@\n x = 1\n-y = 2\n+y = 3\n*** End Patch"
CHANGES = {
    "/w/a.py": {"type": "add", "content": "import os\nprint(os.sep)\n"},
    "/w/b.py": {"type": "update", "unified_diff": "@@ -1,2 +1,2 @@\n x = 1\n-y = 2\n+y = 3\n", "move_path": None},
}
SCRIPT = f"const patch = {json.dumps(PATCH)};\nconst r = await tools.apply_patch(patch);\ntext(r);\n"


def line(kind: str, **payload: Any) -> dict[str, Any]:
    return {"timestamp": "2026-10-01T10:00:00.000Z", "type": kind, "payload": payload}


def item(**payload: Any) -> dict[str, Any]:
    return line("response_item", **payload)


def event(**payload: Any) -> dict[str, Any]:
    return line("event_msg", **payload)


def called(
    tool: str, given: Any, said: str = "Success. Updated the following files:\nA a.py\n"
) -> list[dict[str, Any]]:
    """A call with its output, as a function of JSON or a tool of free text."""
    if isinstance(given, str):
        call = item(type="custom_tool_call", name=tool, call_id="call_1", input=given)
        return [call, item(type="custom_tool_call_output", call_id="call_1", output=said)]
    call = item(type="function_call", name=tool, call_id="call_1", arguments=json.dumps(given))
    return [call, item(type="function_call_output", call_id="call_1", output=said)]


def ended(identifier: str) -> dict[str, Any]:
    return event(type="patch_apply_end", call_id=identifier, success=True, changes=CHANGES)


def changed(identifier: str) -> dict[str, Any]:
    inner = {"type": "FileChange", "id": identifier, "changes": CHANGES, "status": "completed", "auto_approved": True}
    return event(type="item_completed", thread_id="t", turn_id="u", item=inner)


HEREDOC = f"apply_patch <<'EOF'\n{PATCH}\nEOF\n"
SHAPES: dict[str, list[dict[str, Any]]] = {
    "a tool of free text": called("apply_patch", PATCH),
    "a tool of free text, and an event": [
        *called("apply_patch", PATCH)[:1],
        ended("call_1"),
        *called("apply_patch", PATCH)[1:],
    ],
    "the event behind the output": [*called("apply_patch", PATCH), ended("call_1")],
    "a function": called("apply_patch", {"input": PATCH}),
    "words of a program": called("shell", {"command": ["apply_patch", PATCH]}),
    "a shell's words": called("shell", {"command": ["bash", "-lc", HEREDOC]}),
    "a shell's line": called("shell_command", {"command": HEREDOC}),
    "a shell of the service's own": [
        item(
            type="local_shell_call",
            call_id="call_1",
            status="completed",
            action={"type": "exec", "command": ["bash", "-lc", HEREDOC]},
        ),
        item(type="function_call_output", call_id="call_1", output="Success."),
    ],
    "a shell's line in another folder": called("exec_command", {"cmd": f"cd /w && {HEREDOC}", "workdir": "/w"}),
    "a script": called("exec", SCRIPT),
    "a script, and an event": [*called("exec", SCRIPT)[:1], ended("exec-7"), *called("exec", SCRIPT)[1:]],
    "a script, and an event behind": [*called("exec", SCRIPT), ended("exec-7")],
    "a script that runs a shell": called("exec", f"await tools.exec_command({{cmd: {json.dumps(HEREDOC)}}})"),
    "a paginated history": [changed("call_1")],
    "a paginated history with the call": [
        *called("apply_patch", PATCH)[:1],
        changed("call_1"),
        *called("apply_patch", PATCH)[1:],
    ],
}


def ingested(tmp_path: Path, *lines: dict[str, Any], mode: str = "legacy", session: str = "c1") -> dict[str, Any]:
    meta = line("session_meta", id=session, cwd="/w", cli_version="0.171.0", model_provider="openai", history_mode=mode)
    context = line("turn_context", model="gpt-x", cwd="/w", effort="high")
    path = tmp_path / "rollout-1.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in (meta, context, *lines)))
    with Log() as log:
        return Ingest(log, Config()).run([str(path)]).as_dict()


def outputs() -> list[tuple[str, str, str]]:
    with Log(read_only=True) as log:
        return sorted((one.record.path, one.record.unit, one.record.model) for one in older(log, 99))


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_each_edit_is_read_once_in_every_shape(tmp_path: Path, shape: list[dict[str, Any]]) -> None:
    found = ingested(tmp_path, *shape)
    assert (found["outputs"], found["skipped"]) == (2, {})
    assert outputs() == [("a.py", "file", "gpt-x"), ("b.py", "fragment", "gpt-x")]


def test_a_plain_count_of_all_shapes_in_one_session_agrees(tmp_path: Path) -> None:
    """Each shape has names of its own, so that a search of the raw lines tells how many files were edited."""
    raw = []
    for number, shape in enumerate(SHAPES.values()):
        names = {
            "a.py": f"a{number}.py",
            "b.py": f"b{number}.py",
            "call_1": f"call_{number}",
            "exec-7": f"exec-{number}",
        }
        for one in shape:
            told = json.dumps(one)
            for name, own in names.items():
                told = told.replace(name, own)
            raw.append(told)
    ingested(tmp_path, *map(json.loads, raw))
    plain = set(re.findall(r"(?:File: (?:/w/)?|\"/w/)([ab]\d+\.py)", "\n".join(raw)))
    assert sorted(path for path, _, _ in outputs()) == sorted(plain)
    assert len(plain) == 2 * len(SHAPES)


def test_an_edit_that_is_made_twice_counts_twice(tmp_path: Path) -> None:
    twice = [*called("exec", SCRIPT), item(type="custom_tool_call", name="exec", call_id="call_2", input=SCRIPT)]
    ingested(tmp_path, *twice, item(type="custom_tool_call_output", call_id="call_2", output="ok"))
    assert len(outputs()) == 4


DELETION = "*** Begin Patch\n*** Delete File: a.py\n*** Update File: b.py\n@@\n x = 1\n-y = 2\n*** End Patch"
DELETED = {
    "/w/a.py": {"type": "delete", "content": "import os\n"},
    "/w/b.py": {"type": "update", "unified_diff": "@@ -1,2 +1 @@\n x = 1\n-y = 2\n", "move_path": None},
}
LOST = {"patch whose text is not stated": 1}


@pytest.mark.parametrize(
    "shape",
    [
        called("exec", f"await tools.apply_patch({json.dumps(DELETION)})", "ok"),
        called("apply_patch", DELETION),
        called("shell_command", {"command": f"apply_patch <<'EOF'\n{DELETION}\nEOF\n"}),
        [event(type="patch_apply_end", call_id="call_1", success=True, changes=DELETED)],
    ],
    ids=["a script", "a tool", "a shell", "an event"],
)
def test_an_update_that_only_takes_lines_away_is_an_edit(tmp_path: Path, shape: list[dict[str, Any]]) -> None:
    found = ingested(tmp_path, *shape)
    assert (outputs(), found["skipped"]) == ([("b.py", "fragment", "gpt-x")], {})


@pytest.mark.parametrize(
    ("shape", "skipped"),
    [
        (called("exec", "await tools.apply_patch(lines.join('\\n'))", "ok"), LOST),
        (called("exec", "await tools.apply_patch(`*** Begin Patch\n*** Add File: ${name}\n+x\n*** End Patch`)", "ok"), LOST),
        (called("shell_command", {"command": f"printf '%s' '{PATCH}' | apply_patch"}), LOST),
        (called("exec", "await tools.apply_patch(made())", "Script failed"), {}),
        (called("exec_command", {"cmd": "rg '^\\*\\*\\* Add File: ' docs"}), {}),
    ],
)  # fmt: skip
def test_a_patch_that_cannot_be_read_is_counted(
    tmp_path: Path, shape: list[dict[str, Any]], skipped: dict[str, int]
) -> None:
    found = ingested(tmp_path, *shape)
    assert (found["outputs"], found["skipped"]) == (0, skipped)


LONG = "call_AbCdEfGhIjKlMnOpQrStUvWx"
PARENT, FORK = "019d7d08-46c9-7f73-affe-4e6ca9852d56", "019d7e2f-0041-7310-951c-94020254dfc9"


def identities(tmp_path: Path, *lines: dict[str, Any], session: str = PARENT) -> list[str]:
    path = tmp_path / "rollout-1.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in (line("session_meta", id=session, cwd="/w"), *lines)))
    return [output.identity for session in Reader(str(path)) for output in session.finish()]


@pytest.mark.parametrize("event_first", [True, False])
def test_a_file_s_edit_has_one_name_whoever_tells_of_it(tmp_path: Path, event_first: bool) -> None:
    """A hook knows the patch alone; an event has whole paths in any order; a copy of the session may lack the event."""
    call, output = (
        {**one, "payload": {**one["payload"], "call_id": LONG}} for one in called("apply_patch", PATCH, "Success.")
    )
    other = {path: CHANGES[path] for path in reversed(CHANGES)}
    told = event(type="patch_apply_end", call_id=LONG, success=True, changes=other)
    by_hook = {identity("codex", f"{LONG}:{at}:{path}") for at, path in enumerate(("a.py", "b.py"))}
    assert set(identities(tmp_path, call, *([told, output] if event_first else [output, told]))) == by_hook


@pytest.mark.parametrize(
    ("paths", "named", "keys"),
    [
        (["/w/x/a.py", "/w/a.py"], ["a.py", "./x/a.py"], ["i:1:./x/a.py", "i:0:a.py"]),
        (["/w/a.py"], ["/w/a.py"], ["i"]),
        (["/w/a.py"], ["a.py", "b.py"], ["i:0:a.py"]),
        (["/w/a.py", "/w/c.py"], ["a.py"], ["i", "i:1:/w/c.py"]),
        (["/w/ba.py"], ["a.py"], ["i"]),
        (["/w/a.py", "/v/a.py"], ["a.py"], ["i", "i:0:/v/a.py"]),
        (["/w/a.py", "/w/b.py"], [], ["i:0:/w/a.py", "i:1:/w/b.py"]),
        (["/" * 100_000], ["a.py"], ["i"]),
    ],
)
def test_keys_go_by_the_names_in_the_patch(paths: list[str], named: list[str], keys: list[str]) -> None:
    assert keys_of("i", paths, named) == keys


def test_a_fork_s_copy_of_its_parent_is_the_parent_s(tmp_path: Path) -> None:
    """Its edits are the parent's, its files are known; its messages, prompts, tokens and turns count in the parent alone."""

    def begins(turn: str) -> dict[str, Any]:
        return event(type="task_started", turn_id=turn)

    def tokens(number: int) -> dict[str, Any]:
        return event(type="token_count", info={"total_token_usage": {"output_tokens": number}})

    new = event(type="patch_apply_end", call_id=LONG, success=True, changes={"/w/a.py": CHANGES["/w/a.py"]})
    diff = "@@ -1,2 +1,2 @@\n import os\n-print(os.sep)\n+print(os.name)\n"
    edit = {"/w/a.py": {"type": "update", "unified_diff": diff}}
    ingested(
        tmp_path,
        line("session_meta", id=PARENT, cwd="/w"),
        begins("019d7d08-f1d2-78a1-ae52-df8e21f9b394"),
        line("turn_context", turn_id="019d7d08-f1d2-78a1-ae52-df8e21f9b394", model="gpt-old", cwd="/w"),
        event(type="user_message", message="go"),
        new,
        tokens(50),
        begins("019d7e2f-006a-78e0-8d88-fc868c230ea4"),
        line("turn_context", turn_id="019d7e2f-006a-78e0-8d88-fc868c230ea4", model="gpt-x", cwd="/w"),
        event(type="user_message", message="review"),
        event(type="patch_apply_end", call_id=f"{LONG}2", success=True, changes=edit),
        tokens(70),
        session=FORK,
    )
    with Log(read_only=True) as log:
        (session,) = log.bodies("kind = 'session'")
        found = sorted((one.record.session, one.record.unit, one.record.model) for one in older(log, 99))
        messages = [(body["session"], body["tokens"]) for body in log.bodies("kind = 'message'")]
    assert found == [(PARENT, "file", "gpt-old"), (FORK, "file", "gpt-x")]
    assert (session["session"], session["context"]["prompts"], messages) == (FORK, 1, [(FORK, 20)])


@pytest.mark.parametrize(
    "shape",
    [
        called("apply_patch", PATCH, "apply_patch verification failed: Failed to find expected lines in b.py"),
        called("exec", SCRIPT, "Script failed\nError: apply_patch verification failed"),
        [event(type="patch_apply_end", call_id="x", success=False, stderr="no", changes={})],
        [
            event(
                type="item_completed", item={"type": "FileChange", "id": "x", "changes": CHANGES, "status": "declined"}
            )
        ],
    ],
    ids=["a tool", "a script", "an event", "an item"],
)
def test_an_edit_that_failed_is_none(tmp_path: Path, shape: list[dict[str, Any]]) -> None:
    found = ingested(tmp_path, *shape)
    assert (found["outputs"], found["failed"]) == (0, {"apply_patch": 1})


def test_a_file_that_a_command_showed_is_known(tmp_path: Path) -> None:
    shown = "Chunk ID: 1\nWall time: 0.0 seconds\nProcess exited with code 0\nOutput:\nx = 1\ny = 2\n"
    ingested(tmp_path, *called("exec_command", {"cmd": "sed -n '1,200p' b.py"}, shown), ended("call_9"))
    assert outputs() == [("a.py", "file", "gpt-x"), ("b.py", "file", "gpt-x")]


def test_hunks_go_where_the_diff_says(tmp_path: Path) -> None:
    """The words of a hunk may stand in several places of a file."""
    before = "def f():\n    pass\n\n\ndef g():\n    pass\n"
    diff = "@@ -5,2 +5,2 @@\n def g():\n-    pass\n+    return 1\n"
    add = event(
        type="patch_apply_end", call_id="1", success=True, changes={"/w/b.py": {"type": "add", "content": before}}
    )
    edit = event(
        type="patch_apply_end", call_id="2", success=True, changes={"/w/b.py": {"type": "update", "unified_diff": diff}}
    )
    path = tmp_path / "rollout-1.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in (line("session_meta", id="c", cwd="/w"), add, edit)))
    reader = Reader(str(path))
    texts = [output.text for session in reader for output in session.finish()]
    assert texts == [before, "def f():\n    pass\n\n\ndef g():\n    return 1\n"]


def test_a_paginated_history_s_words_and_prompts_are_counted_once(tmp_path: Path) -> None:
    said = event(
        type="item_completed",
        item={"type": "AgentMessage", "id": "m1", "content": [{"type": "Text", "text": "```py\nx = 1\n```"}]},
    )
    prompt = event(
        type="item_completed", item={"type": "UserMessage", "id": "u1", "content": [{"type": "text", "text": "go"}]}
    )
    event_too = event(type="user_message", message="go")
    ingested(tmp_path, event_too, prompt, said, mode="paginated")
    with Log(read_only=True) as log:
        (session,) = log.bodies("kind = 'session'")
    assert session["context"] == {"messages": 1, "prompts": 1}
    assert [unit for _, unit, _ in outputs()] == ["reply"]


def test_answers_are_recorded_with_their_usage_and_what_ended_a_turn(tmp_path: Path) -> None:
    def count(**total: int) -> dict[str, Any]:
        return event(type="token_count", info={"total_token_usage": total})

    ingested(
        tmp_path,
        event(type="user_message", message="go"),
        item(type="message", role="assistant", content=[{"text": "hello"}]),
        count(input_tokens=100, cached_input_tokens=60, output_tokens=10, reasoning_output_tokens=4),
        count(input_tokens=100, cached_input_tokens=60, output_tokens=10, reasoning_output_tokens=4),
        line("turn_context", model="gpt-y", cwd="/w", effort="low"),
        count(input_tokens=300, cached_input_tokens=200, output_tokens=30, reasoning_output_tokens=5),
        event(type="turn_aborted", reason="interrupted"),
    )
    with Log(read_only=True) as log:
        messages = list(log.bodies("kind = 'message'"))
        turns = [body["end"] for body in log.bodies("kind = 'turn'")]
        events = [(body["event"], body["model_from"], body["model_to"]) for body in log.bodies("kind = 'event'")]
    names = ("model", "effort", "input_tokens", "cache_read", "tokens", "thinking_tokens", "characters")
    assert [[body.get(name, 0) for name in names] for body in messages] == [
        ["gpt-x", "high", 40, 60, 10, 4, 5], ["gpt-y", "low", 60, 140, 20, 1, 0],
    ]  # fmt: skip
    assert (turns, events) == (["interrupted"], [("model switch", "gpt-x", "gpt-y")])


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (
            {"message": "unexpected status 500: no, url: u, request id: req-1_a", "codex_error_info": {"http_connection_failed": {}}},
            ("api error", "req-1_a", "", "http_connection_failed"),
        ),
        ({"message": "flagged", "codex_error_info": "cyber_policy"}, ("refusal", "", "cyber_policy", "cyber_policy")),
        (
            {"message": "stream disconnected before completion: Incomplete response returned, reason: content_filter"},
            ("refusal", "", "content_filter", "content_filter"),
        ),
        ({"message": "full", "codex_error_info": "context_window_exceeded"}, ("api error", "", "", "context_window_exceeded")),
    ],
)  # fmt: skip
def test_an_error_is_told_once_with_its_kind_and_request(
    tmp_path: Path, error: dict[str, Any], expected: tuple[str, ...]
) -> None:
    ingested(
        tmp_path,
        event(type="user_message", message="go"),
        item(type="message", role="assistant", content=[{"text": "hello"}]),
        event(type="error", **error),
        event(type="task_complete", turn_id="t", duration_ms=1500, error=error),
        event(type="user_message", message="next"),
    )
    with Log(read_only=True) as log:
        (found,) = log.bodies("kind = 'event'")
        (turn,) = log.bodies("kind = 'turn'")
    named = [found.get(name, "") for name in ("event", "request", "category")]
    assert (*named, turn["stop_reason"], turn["milliseconds"]) == (*expected, 1500)


def test_a_reroute_and_the_reason_of_an_abort_are_recorded(tmp_path: Path) -> None:
    ingested(
        tmp_path,
        event(type="model_reroute", from_model="gpt-x", to_model="gpt-small", reason="high_risk_cyber_activity"),
        item(type="message", role="assistant", content=[{"text": "hello"}]),
        event(type="turn_aborted", reason="budget_limited", duration_ms=7),
    )
    with Log(read_only=True) as log:
        (found,) = log.bodies("kind = 'event'")
        (turn,) = log.bodies("kind = 'turn'")
    assert (found["event"], found["model_to"], found["reason"]) == (
        "model switch",
        "gpt-small",
        "high_risk_cyber_activity",
    )
    assert (turn["end"], turn["stop_reason"], turn["milliseconds"], turn["model"]) == (
        "aborted",
        "budget_limited",
        7,
        "gpt-small",
    )


@pytest.mark.parametrize(
    ("script", "given"),
    [
        ("await tools.apply_patch('a\\n\\'b\\'\\u0041\\x42\\u{43}\\\n')", {"": "a\n'b'ABC"}),
        ("tools['apply_patch'](`a\\`b\nc`)", {"": "a`b\nc"}),
        ("tools.apply_patch(String.raw`a\\n`)", {"": "a\\n"}),
        ("tools.apply_patch('a' + (`b` + \"c\"))", {"": "abc"}),
        ("const p = 'x', q = p + 'y'; tools.apply_patch(q)", {"": "xy"}),
        ("const cmd = 'ls'; tools.exec_command({cmd, workdir: '/w', n: 1})", {"cmd": "ls", "workdir": "/w"}),
        ("tools.apply_patch(`a${f()}`)", {}),
        ("tools.apply_patch(f())", {}),
        ("let p = 'x'; { let p = 'y'; tools.apply_patch(p) }", {}),
        ("tools.apply_patch(", {}),
    ],
)
def test_what_a_script_gives_is_what_stands_in_it(script: str, given: dict[str, str]) -> None:
    assert (
        [call.given for call in calls_of(script)] in ([given], [])
        if not given
        else [call.given for call in calls_of(script)] == [given]
    )


@pytest.mark.parametrize(
    ("command", "output", "reading"),
    [
        ("cat a.py", "x\ny\n", Reading("a.py", 1, ["x", "y", ""], 3)),
        ("sed -n '1,2p' a.py", "x\ny\n", Reading("a.py", 1, ["x", "y"], None)),
        ("sed -n '3,9p' a.py", "z\n", Reading("a.py", 3, ["z", ""], 4)),
        ("nl -ba a.py | sed -n '2,3p'", "     2\tx\n     3\t\ty\n", Reading("a.py", 2, ["x", "\ty"], None)),
        ("nl -ba a.py", "     1\tx\n", Reading("a.py", 1, ["x", ""], 2)),
        ("cat a.py b.py", "x\n", None),
        ("cat a.py | grep x", "x\n", None),
        ("cat a.py", "x\n…300 tokens truncated…\ny\n", None),
        ("cat a.py > b.py", "", None),
        ("sed -n '1,2p' a.py; ls", "x\n", None),
        ("nl -ba a.py", "No such file\n", None),
        ("sed -n '5,9p' a.py", "", None),
    ],
)
def test_what_a_command_shows_of_a_file(command: str, output: str, reading: Reading | None) -> None:
    assert reading_of(commands_of(command), output) == reading


def test_a_script_s_patch_and_the_smaller_diff_of_its_event_are_one_edit() -> None:
    marks = [_mark(Change(Edit("src/a.ts", "  });\n\n  });\n")))]
    assert _taken(marks, Change(Edit("/w/src/a.ts", "\n")))
    assert not _taken(marks, Change(Edit("/w/src/a.ts", "\n")))
