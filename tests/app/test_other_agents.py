"""Sessions of agents beside the three largest: each under its own name, with its edits, models, usage and ends."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from aicheck_app.capture.ingest import Ingest
from aicheck_app.capture.session import Session
from aicheck_app.capture.tool_calls import MAX_OPEN, ToolCall, edits_by, take
from aicheck_app.config import Config
from aicheck_app.log.listing import older
from aicheck_app.log.store import Log
from tests.app import transcripts

GOOD = "import os\nprint(os.sep)\n"
T = "2026-10-01T10:00:00.000Z"


def pi() -> list[dict[str, Any]]:
    def entry(number: int, **message: Any) -> dict[str, Any]:
        return {"type": "message", "id": f"e{number}", "parentId": None, "timestamp": T, "message": message}

    def call(identifier: str, name: str, **given: Any) -> dict[str, Any]:
        return {"type": "toolCall", "id": identifier, "name": name, "arguments": given}

    usage = {"input": 5, "output": 7, "cacheRead": 3, "cacheWrite": 1, "totalTokens": 16}
    about = {"role": "assistant", "provider": "zai", "model": "glm-x", "usage": usage}
    calls = [
        call("c1", "write", path="a.py", content=GOOD),
        call("c2", "edit", path="a.py", oldText="import os\n", newText="import os\nimport re\n"),
        call("c3", "edit", path="b.py", oldText="x", newText="y"),
        call("c4", "bash", command="cat > c.py <<'EOF'\ny = 1\nEOF"),
    ]
    results = [
        entry(
            10 + n,
            role="toolResult",
            toolCallId=f"c{n}",
            toolName="t",
            content=[{"type": "text", "text": "ok"}],
            isError=n == 3,
        )
        for n in range(1, 5)
    ]
    return [
        {"type": "session", "version": 3, "id": "p1", "timestamp": T, "cwd": "/w"},
        entry(1, role="user", content="go"),
        entry(
            2,
            content=[{"type": "thinking", "thinking": ""}, {"type": "text", "text": "ok"}, *calls],
            stopReason="toolUse",
            **about,
        ),
        *results,
        entry(3, content=[{"type": "text", "text": "cut"}], stopReason="length", **about),
    ]


def copilot() -> list[dict[str, Any]]:
    def event(kind: str, **data: Any) -> dict[str, Any]:
        return {"type": kind, "data": data, "id": f"i-{kind}-{len(str(data))}", "timestamp": T, "parentId": None}

    def call(identifier: str, tool: str, *, success: bool = True, **given: Any) -> list[dict[str, Any]]:
        began = event(
            "tool.execution_start", toolCallId=identifier, toolName=tool, arguments=given, model="claude-x", turnId="0"
        )
        return [
            began,
            event(
                "tool.execution_complete",
                toolCallId=identifier,
                success=success,
                result={"content": "done"},
                model="claude-x",
            ),
        ]

    usage = {"model": "claude-x", "inputTokens": 50, "outputTokens": 9, "cacheReadTokens": 40, "reasoningTokens": 2}
    return [
        event(
            "session.start", sessionId="g1", copilotVersion="1.0.68", selectedModel="claude-x", context={"cwd": "/w"}
        ),
        event("user.message", content="go"),
        event(
            "assistant.message", messageId="m1", content="```py\nx = 1\n```", serviceRequestId="req-1", outputTokens=9
        ),
        event(
            "assistant.usage",
            **usage,
            finishReason="tool_use",
            serviceRequestId="req-1",
            timeToFirstTokenMs=120,
            duration=900,
        ),
        *call("c1", "create", path="/w/a.py", file_text=GOOD),
        *call("c2", "edit", path="/w/a.py", old_str="import os\n", new_str="import os\nimport re\n"),
        *call("c3", "edit", success=False, path="/w/a.py", old_str="nothing", new_str="z"),
        event("session.model_change", previousModel="claude-x", newModel="gpt-x"),
        event(
            "assistant.usage", **{**usage, "model": "gpt-x"}, finishReason="content_filter", contentFilterTriggered=True
        ),
        event("abort", reason="user_initiated"),
    ]


def qwen() -> list[dict[str, Any]]:
    def entry(kind: str, uuid: str, **more: Any) -> dict[str, Any]:
        return {
            "uuid": uuid,
            "parentUuid": None,
            "sessionId": "q1",
            "timestamp": T,
            "type": kind,
            "cwd": "/w",
            "version": "0.15.10",
            **more,
        }

    def called(identifier: str, name: str, **args: Any) -> dict[str, Any]:
        return {"functionCall": {"id": identifier, "name": name, "args": args}}

    def ended(identifier: str, status: str, display: Any = None) -> dict[str, Any]:
        answer = {"functionResponse": {"id": identifier, "name": "t", "response": {"output": "ok"}}}
        return entry(
            "tool_result", f"r-{identifier}", message={"role": "user", "parts": [answer]},
            toolCallResult={"callId": identifier, "status": status, "resultDisplay": display},
        )  # fmt: skip

    calls = [
        called("c1", "write_file", file_path="/w/a.py", content=GOOD),
        called("c2", "edit", file_path="/w/b.py", old_string="x = 1", new_string="x = 2"),
        called("c3", "edit", file_path="/w/b.py", old_string="x", new_string="y"),
    ]
    tokens = {"promptTokenCount": 30, "candidatesTokenCount": 6, "thoughtsTokenCount": 2, "cachedContentTokenCount": 20}
    return [
        entry("user", "u1", message={"role": "user", "parts": [{"text": "go"}]}),
        entry(
            "assistant",
            "a1",
            model="qwen-x",
            message={"role": "model", "parts": [{"text": "t", "thought": True}, *calls]},
            usageMetadata=tokens,
        ),
        ended("c1", "success"),
        ended("c2", "success", {"fileName": "b.py", "originalContent": "x = 1\n", "newContent": "x = 2\n"}),
        ended("c3", "cancelled"),
    ]


def cline() -> list[dict[str, Any]]:
    diff = "------- SEARCH\nx = 1\n=======\nx = 2\n+++++++ REPLACE\n"
    tagged = f"<replace_in_file>\n<path>b.py</path>\n<diff>\n{diff}</diff>\n</replace_in_file>"
    write = {"type": "tool_use", "id": "toolu_1", "name": "write_to_file", "input": {"path": "a.py", "content": GOOD}}
    done = {
        "type": "tool_result",
        "tool_use_id": "toolu_1",
        "content": [{"type": "text", "text": "The content was saved."}],
    }
    return [
        {"role": "user", "content": [{"type": "text", "text": "<task>\ngo\n</task>"}]},
        {
            "role": "assistant",
            "content": [{"type": "text", "text": "ok"}, write],
            "modelInfo": {"modelId": "m-x", "providerId": "p-x"},
            "ts": 1_790_000_000_000,
        },
        {"role": "user", "content": [done]},
        {"role": "assistant", "content": [{"type": "text", "text": f"now\n{tagged}"}]},
        {"role": "user", "content": [{"type": "text", "text": "[replace_in_file for 'b.py'] Result: done"}]},
        {"role": "assistant", "content": [{"type": "text", "text": tagged}]},
        {"role": "user", "content": [{"type": "text", "text": "The user denied this operation."}]},
    ]


CLAUDE = [
    transcripts.assistant("m1", transcripts.use("t1", "Write", file_path="/w/a.py", content=GOOD)),
    transcripts.result("t1", {"type": "create", "filePath": "/w/a.py", "originalFile": None}),
]
JSON = "api_conversation_history.json"
SESSIONS: dict[str, tuple[str, Any, str, list[tuple[str, str, str]]]] = {
    "pi": ("s/pi.jsonl", pi(), "pi", [("bash", "file", "c.py"), ("edit", "file", "a.py"), ("write", "file", "a.py")]),
    "oh-my-pi": (".omp/agent/sessions/s.jsonl", pi(), "oh-my-pi", [("bash", "file", "c.py"), ("edit", "file", "a.py"), ("write", "file", "a.py")]),
    "copilot": ("g1/events.jsonl", copilot(), "copilot-cli", [("create", "file", "a.py"), ("edit", "file", "a.py"), ("reply", "reply", "")]),
    "qwen": (".qwen/projects/p/chats/q.jsonl", qwen(), "qwen-code", [("edit", "file", "b.py"), ("write_file", "file", "a.py")]),
    "cline": (f"tasks/1/{JSON}", cline(), "cline", [("replace_in_file", "fragment", "b.py"), ("write_to_file", "file", "a.py")]),
    "roo": (f"rooveterinaryinc.roo-cline/tasks/1/{JSON}", cline(), "roo-code", [("replace_in_file", "fragment", "b.py"), ("write_to_file", "file", "a.py")]),
    "claude": (".claude/projects/p/s.jsonl", CLAUDE, "claude-code", [("Write", "file", "a.py")]),
    "iflow": (".iflow/projects/p/s.jsonl", CLAUDE, "iflow", [("Write", "file", "a.py")]),
    "droid": (".factory/sessions/s.jsonl", CLAUDE, "droid", [("Write", "file", "a.py")]),
}  # fmt: skip


@pytest.mark.parametrize("name", SESSIONS)
def test_each_agent_keeps_its_own_name(tmp_path: Path, name: str) -> None:
    place, lines, agent, expected = SESSIONS[name]
    path = tmp_path / place
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(lines) if place.endswith(".json") else "".join(json.dumps(one) + "\n" for one in lines))
    with Log() as log:
        totals = Ingest(log, Config()).run([str(path)]).as_dict()
        found = [one.record for one in older(log, 99)[::-1]]
    assert totals["skipped"] == {}
    assert {one.agent for one in found} == {agent}
    assert sorted((one.tool, one.unit, one.path.removeprefix("/w/")) for one in found) == expected


def test_usage_ids_ends_and_changes_are_recorded(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in copilot()))
    with Log() as log:
        totals = Ingest(log, Config()).run([str(path)]).as_dict()
        (first, _) = log.bodies("kind = 'message'")
        (turn,) = log.bodies("kind = 'turn'")
    names = (
        "request",
        "model",
        "input_tokens",
        "tokens",
        "cache_read",
        "thinking_tokens",
        "first_token",
        "milliseconds",
        "stop_reason",
    )
    assert [first[name] for name in names] == ["req-1", "claude-x", 50, 9, 40, 2, 120, 900, "tool_use"]
    assert (turn["end"], turn["edits"], totals["failed"]) == ("interrupted", 3, {"edit": 1})
    assert totals["events"] == {"model switch": 1, "refusal": 1}


def test_a_message_of_copilot_is_recorded_where_no_usage_is_kept_and_so_is_whose_it_is(tmp_path: Path) -> None:
    def event(kind: str, number: int, agent: str = "", **data: Any) -> dict[str, Any]:
        whose = {"agentId": agent} if agent else {}
        return {"type": kind, "data": data, "id": f"i{number}", "timestamp": T, "parentId": None, **whose}

    lines = [
        event("session.start", 0, sessionId="g1", copilotVersion="1.0.68", context={"cwd": "/w"}),
        event("user.message", 1, content="go"),
        event("user.message", 2, content="a notice", source="system"),
        event("assistant.message", 3, messageId="m1", apiCallId="msg_1", model="x", content="Hi.", outputTokens=9),
        event("user.message", 4, "helper", content="do", source="agent-g1"),
        event("assistant.message", 5, "helper", messageId="m2", model="x", content="Done.", outputTokens=4),
    ]
    path = tmp_path / "events.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in lines))
    os.utime(path, (0, 0))
    with Log() as log:
        Ingest(log, Config()).run([str(path)])
        (session,) = log.bodies("kind = 'session'")
        messages = [
            (one["message"], one["tokens"], one.get("side_chain", False)) for one in log.bodies("kind = 'message'")
        ]
    assert messages == [("msg_1", 9, False), ("m2", 4, True)]
    assert (session["tokens"], session["context"]["prompts"]) == (13, 1)


@pytest.mark.parametrize(
    ("call", "counted"),
    [
        (ToolCall("c", "apply_patch", {}, "failed", "Tool execution aborted"), ("failed", {"apply_patch": 1})),
        (ToolCall("c", "write", {}, "rejected"), ("rejected", {"write": 1})),
        (
            ToolCall("c", "apply_patch", {"patchText": "*** Begin Patch\n*** Delete File: a\n*** End Patch"}, "ok"),
            ("events", {"apply_patch without text": 1}),
        ),
        (ToolCall("c", "write", {}, "ok"), ("skipped", {"edit without a text that can be read": 1})),
    ],
)
def test_a_call_of_a_tool_that_edits_is_told_of_though_it_holds_no_text(
    call: ToolCall, counted: tuple[str, dict[str, int]]
) -> None:
    session = Session("x")
    take(session, call, session.origin)
    assert {name: dict(+getattr(session, name)) for name in ("applied", "failed", "rejected", "events", "skipped")} == {
        "applied": {}, "failed": {}, "rejected": {}, "events": {}, "skipped": {}, counted[0]: counted[1],
    }  # fmt: skip


def test_an_id_of_pi_s_call_is_that_of_the_call_alone_and_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "pi.jsonl"
    path.write_text("".join(json.dumps(one).replace('"c1"', '"call_uLhA94|fc_secret=aXk3"') + "\n" for one in pi()))
    with Log() as log:
        Ingest(log, Config()).run([str(path)])
        assert "call_uLhA94" in [one.record.tool_use for one in older(log, 99)]


def test_a_message_that_was_cut_by_its_length_says_so(tmp_path: Path) -> None:
    path = tmp_path / "pi.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in pi()))
    with Log() as log:
        Ingest(log, Config()).run([str(path)])
        stops = [body["stop_reason"] for body in log.bodies("kind = 'message'")]
    assert stops == ["tool_use", "max_tokens"]


@pytest.mark.parametrize(
    ("tool", "given", "paths"),
    [
        ("mcp__filesystem__write_file", {"path": "/w/a.py", "content": "x"}, ["/w/a.py"]),
        ("mcp__serena__replace_symbol_body", {"relative_path": "a.py", "old_text": "", "newText": "x"}, ["a.py"]),
        ("mcp__fs__edit_file", {"path": "a", "edits": [{"oldText": "a", "newText": "b"}]}, ["a"]),
        ("filesystem.create_file", {"path": "a", "content": "x"}, ["a"]),
        ("mcp__filesystem__read_file", {"path": "/w/a.py", "content": "x"}, []),
        ("mcp__github__search_code", {"path": "a", "content": "x"}, []),
        ("mcp__notes__create_note", {"content": "x"}, []),
        ("Task", {"path": "a", "content": "x"}, []),
    ],
)
def test_a_server_s_tool_that_is_given_a_path_and_a_text_is_an_edit(
    tool: str, given: dict[str, Any], paths: list[str]
) -> None:
    assert [edit.path for edit in edits_by(tool, given)] == paths


@pytest.mark.parametrize("name", ["pi", "copilot", "qwen"])
def test_calls_that_never_end_are_bounded_and_told_and_so_are_results_of_no_call(tmp_path: Path, name: str) -> None:
    def copies(line: dict[str, Any], number: int) -> list[str]:
        whole = json.dumps(line)
        return [whole.replace('"c1"', f'"{name}-{at}"') for at in range(number)]

    place, lines, _, _ = SESSIONS[name]
    started, ended = (at for at, line in enumerate(lines) if '"c1"' in json.dumps(line))
    calls = copies(lines[started], MAX_OPEN + 2)
    path = tmp_path / Path(place).name
    path.write_text("\n".join([*map(json.dumps, lines[:started]), *calls, copies(lines[ended], 1)[0]]) + "\n")
    with Log() as log:
        skipped = Ingest(log, Config()).run([str(path)]).as_dict()["skipped"]
    assert skipped["call without a result"] >= 2
    assert skipped["result without a call"] == 1


def test_the_first_message_after_a_long_pause_is_counted_apart_with_its_turn(tmp_path: Path) -> None:
    lines = pi()
    lines[-1] = {**lines[-1], "timestamp": T.replace("T10", "T12")}
    path = tmp_path / "pi.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in lines))
    with Log() as log:
        Ingest(log, Config()).run([str(path)])
        (body,) = log.bodies("kind = 'session'")
    assert (body["context"]["messages"], body["segments"]["idle/messages"]) == (2, 1)
