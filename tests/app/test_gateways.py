"""What gateways and tracing services keep of models, and what agents export themselves, as inputs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from aicheck_app.capture.gateway import answer_of
from aicheck_app.capture.ingest import Ingest
from aicheck_app.capture.reader import format_of
from aicheck_app.config import Config
from aicheck_app.log.store import Log

if TYPE_CHECKING:
    from pathlib import Path

CUT = "import os\n\n\ndef f(x):\n    return os.fspath(x,\n"


def litellm() -> list[Any]:
    """As LiteLLM 1.80's standard logging payload; a reply, a call of a tool, a failure."""
    known = {
        "call_type": "acompletion",
        "startTime": 1795832932.25,
        "completionStartTime": 1795832932.35,
        "endTime": 1795832933.25,
        "trace_id": "t1",
        "session_id": "",
    }
    call = {
        "id": "call_abc",
        "type": "function",
        "function": {"name": "write_file", "arguments": json.dumps({"path": "a.py", "content": CUT})},
    }
    usage = {
        "prompt_tokens": 10,
        "completion_tokens": 20,
        "prompt_tokens_details": {"cached_tokens": 4},
        "completion_tokens_details": {"reasoning_tokens": 7},
    }
    said = {
        "choices": [{"finish_reason": "stop", "message": {"role": "assistant", "content": f"```python\n{CUT}```"}}],
        "model": "claude-served",
    }
    done = {
        "choices": [{"finish_reason": "tool_calls", "message": {"content": None, "tool_calls": [call]}}],
        "model": "gpt-x",
    }
    return [
        {"id": "r1", "status": "success", "model": "claude-asked", "model_group": "smart", "custom_llm_provider": "anthropic", "prompt_tokens": 10, "completion_tokens": 20, "metadata": {"usage_object": usage}, "response": said, **known},
        {"id": "r2", "status": "success", "model": "gpt-x", "prompt_tokens": 1, "completion_tokens": 2, "metadata": None, "response": done, **known},
        {"id": "r3", "status": "failure", "model": "gpt-x", "error_str": "overloaded", "response": {}, **known},
    ]  # fmt: skip


def langfuse() -> list[Any]:
    """As Langfuse's enriched observations, and one as its API names members."""
    output = {
        "role": "assistant",
        "content": [
            {"type": "thinking", "thinking": "hm"},
            {"type": "tool_use", "id": "toolu_1", "name": "Write", "input": {"file_path": "a.py", "content": CUT}},
        ],
        "stop_reason": "tool_use",
    }
    return [
        {"id": "o1", "trace_id": "t1", "session_id": "s1", "type": "GENERATION", "start_time": "2026-05-29 13:46:19.963000", "completion_start_time": "2026-05-29 13:46:20.163000", "provided_model_name": "m1", "output": json.dumps(output), "usage_details": {"input": 5, "output": 42, "input_cached_tokens": 3}},
        {"id": "o2", "traceId": "t2", "type": "generation", "startTime": "2026-05-29T14:00:00Z", "model": "m2", "output": {"content": f"```python\n{CUT}```"}, "usageDetails": {"input": 1, "output": 2}},
        {"id": "o3", "trace_id": "t1", "type": "SPAN", "usage_details": {}, "start_time": "2026-05-29 13:46:19.963000"},
        {"id": "o4", "trace_id": "t1", "type": "GENERATION", "level": "ERROR", "status_message": "429", "start_time": "2026-05-29 13:47:00.000000", "usage_details": {}},
    ]  # fmt: skip


def otlp() -> list[Any]:
    """As Claude Code 2.1.197 exports its events."""

    def event(name: str, at: int, **told: Any) -> dict[str, Any]:
        known = {
            "session.id": "s1",
            "event.name": name,
            "event.timestamp": f"2026-11-28T02:30:50.{at:03}Z",
            "event.sequence": at,
            **told,
        }
        kinds = {str: "stringValue", int: "intValue"}
        attributes = [{"key": key, "value": {kinds[type(value)]: value}} for key, value in known.items()]
        return {
            "timeUnixNano": "1795833050356000000",
            "body": {"stringValue": f"claude_code.{name}"},
            "attributes": attributes,
        }

    events = [
        event("user_prompt", 0, prompt="<REDACTED>"),
        event(
            "api_request",
            1,
            model="m1",
            input_tokens=5,
            output_tokens=42,
            cache_read_tokens=3,
            duration_ms="1200",
            request_id="req_1",
            effort="high",
        ),
        event("tool_result", 2, tool_name="Bash", success="false"),
        event("tool_result", 3, tool_name="Bash", success="true"),
        event("tool_decision", 4, decision="reject", tool_name="Write"),
        event("api_error", 5, error="overloaded", request_id="req_2"),
        event("api_refusal", 6, request_id="req_3"),
        event("assistant_response", 7, response=f"```python\n{CUT}```"),
    ]
    resource = {"attributes": [{"key": "service.version", "value": {"stringValue": "2.1.197"}}]}
    return [{"resourceLogs": [{"resource": resource, "scopeLogs": [{"logRecords": events}]}]}]


def taken(folder: Path, name: str, rows: list[Any]) -> list[dict[str, Any]]:
    """The records of a file, which is read twice."""
    file = folder / f"{name}.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    found = format_of(str(file))
    assert found is not None
    assert found.agent == name
    with Log() as log:
        for _ in range(2):
            Ingest(log, Config()).run([str(file)])
            log.db.execute("DELETE FROM captured")
        return [
            {key: value for key, value in body.items() if key not in ("id", "ruleset", "line_hashes", "sha256", "file")}
            for body in log.bodies()
        ]


def test_litellm(tmp_path: Path) -> None:
    outputs, messages, events = sorted_by_kind(taken(tmp_path, "litellm", litellm()))
    assert [(one["verdict"], one["tool"], one["model"], one["session"]) for one in outputs] == [
        ("clean", "reply", "claude-served", "t1"), ("suspect", "write_file", "gpt-x", "t1"),
    ]  # fmt: skip
    first = {
        name: messages[0][name]
        for name in (
            "model",
            "asked",
            "provider",
            "input_tokens",
            "cache_read",
            "tokens",
            "thinking_tokens",
            "first_token",
            "milliseconds",
            "stop_reason",
        )
    }
    assert first == {
        "model": "claude-served", "asked": "smart", "provider": "anthropic", "input_tokens": 6, "cache_read": 4, "tokens": 20,
        "thinking_tokens": 7, "first_token": 100, "milliseconds": 1000, "stop_reason": "end_turn",
    }  # fmt: skip
    assert [(one["event"], one["reason"]) for one in events] == [("api error", "overloaded")]


def test_langfuse(tmp_path: Path) -> None:
    outputs, messages, events = sorted_by_kind(taken(tmp_path, "langfuse", langfuse()))
    assert [(one["verdict"], one["tool"], one["session"]) for one in outputs] == [
        ("suspect", "Write", "s1"),
        ("clean", "reply", "t2"),
    ]
    assert [
        (one["tokens"], one.get("cache_read", 0), one.get("first_token", 0), one.get("thinking_blocks", 0))
        for one in messages
    ] == [(42, 3, 200, 1), (2, 0, 0, 0)]
    assert [one["reason"] for one in events] == ["429"]


def test_what_agents_export_themselves(tmp_path: Path) -> None:
    found = taken(tmp_path, "otlp", otlp())
    outputs, messages, events = sorted_by_kind(found)
    (session,) = [one for one in found if one["kind"] == "session"]
    assert [(one["agent"], one["agent_version"], one["tool"]) for one in outputs] == [
        ("claude-code", "2.1.197", "reply")
    ]
    assert [
        (one["tokens"], one["input_tokens"], one["cache_read"], one["milliseconds"], one["request"], one["effort"])
        for one in messages
    ] == [(42, 5, 3, 1200, "req_1", "high")]
    assert [(one["event"], one["request"]) for one in events] == [("api error", "req_2"), ("refusal", "req_3")]
    assert session["context"] == {"prompts": 1, "commands": 2, "commands_failed": 1, "rejected": 1}


def sorted_by_kind(found: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], ...]:
    return tuple([one for one in found if one["kind"] == kind] for kind in ("output", "message", "event"))


@pytest.mark.parametrize(
    "odd",
    [
        None,
        5,
        [],
        [1, "x"],
        {},
        {"choices": []},
        {"choices": [5]},
        {"message": {"message": {"message": {"message": {}}}}},
        '{"a"',
        '["x"]',
        {"content": 7, "tool_calls": [3, {}]},
    ],
)
def test_an_answer_of_no_known_shape_is_empty_or_its_words(odd: Any) -> None:
    found = answer_of(odd)
    assert all(call.name == "" for call in found.calls)
    assert isinstance(found.said, str)
