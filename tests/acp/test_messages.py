"""What is made of the messages of a connection."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicheck_app.capture.acp_traffic import MAX_SESSIONS, Traffic
from tests.acp.messages import CALL, Connection, diff

BEFORE = "import os\n\n\ndef f(x):\n    return os.fspath(x)\n"
AFTER = "import os\n\n\ndef f(x):\n    return json.dumps(x)\n"
ALLOW = [{"optionId": "yes", "kind": "allow_once"}, {"optionId": "no", "kind": "reject_once"}]


def permission(connection: Connection, number: int, outcome: dict[str, Any], error: Any = None) -> None:
    call = {"toolCallId": f"{CALL}{number:02}"}
    connection.answer("session/request_permission", {"toolCall": call, "options": ALLOW}, {"outcome": outcome}, error)


def test_a_written_file_has_its_origin() -> None:
    connection = Connection(options=[{"id": "model", "category": "model", "currentValue": "some-model"}])
    connection.editor(id=9, method="session/prompt", params={"sessionId": "s1", "prompt": []})
    connection.call(1, content=[diff("/work/a.py", None, AFTER)])
    (output,) = connection.outputs()
    origin = output.origin
    assert (output.key, output.tool, output.kind, output.path) == (f"{CALL}01", "Edit", "file", "/work/a.py")
    assert (output.written, output.text, output.previous, output.partial) == (AFTER, AFTER, None, False)
    assert (origin.agent, origin.agent_version, origin.provider) == (
        "claude-code",
        "claude-agent-acp 0.49.0",
        "anthropic",
    )
    assert (origin.session, origin.tool_use, origin.model, origin.turn) == ("s1", f"{CALL}01", "some-model", 1)
    assert (origin.cwd, origin.attribution) == ("/work", "hook")


@pytest.mark.parametrize(
    ("name", "known"),
    [("OpenCode", ("opencode", "2.0")), ("gemini-cli", ("gemini", "2.0")), ("codex-acp", ("codex", "codex-acp 2.0"))],
)
def test_agents_have_the_names_of_their_sessions(name: str, known: tuple[str, str]) -> None:
    connection = Connection({"name": name, "version": "2.0"})
    connection.call(1, content=[diff("/work/a.py", None, AFTER)])
    (output,) = connection.outputs()
    assert (output.origin.agent, output.origin.agent_version) == known


def test_a_diff_of_whole_texts_is_an_edit_of_what_changed() -> None:
    connection = Connection()
    connection.disk["/work/a.py"] = AFTER
    connection.call(1, content=[diff("/work/a.py", BEFORE, AFTER)])
    (output,) = connection.outputs()
    assert (output.kind, output.written) == ("file", "    return json.dumps(x)")
    assert (output.text, output.previous, output.partial) == (AFTER, BEFORE, True)


def test_a_diff_of_a_part_is_put_into_its_file() -> None:
    connection = Connection()
    connection.disk["/work/a.py"] = AFTER
    part = "def f(x):\n    return os.fspath(x)", "def f(x):\n    return json.dumps(x)"
    connection.call(1, content=[diff("/work/a.py", *part)])
    (output,) = connection.outputs()
    assert (output.written, output.text, output.previous) == ("    return json.dumps(x)", AFTER, BEFORE)


def test_a_part_of_a_file_that_has_changed_since_is_a_fragment() -> None:
    connection = Connection()
    connection.disk["/work/a.py"] = "something else\n"
    connection.call(1, content=[diff("/work/a.py", "x = 1", "x = 2")])
    (output,) = connection.outputs()
    assert (output.kind, output.written, output.text, output.previous) == ("fragment", "x = 2", "x = 2", None)


def test_the_input_says_more_than_the_diff() -> None:
    connection = Connection()
    given = {
        "file_path": "/work/a.py",
        "old_string": "    return os.fspath(x)",
        "new_string": "    return json.dumps(x)",
    }
    response = {"filePath": "/work/a.py", "originalFile": BEFORE, "userModified": False}
    connection.update("tool_call", toolCallId=f"{CALL}01", title="Edit", kind="edit", rawInput={}, content=[])
    connection.update("tool_call_update", toolCallId=f"{CALL}01", rawInput=given, title="Edit a.py")
    meta = {"claudeCode": {"toolName": "Edit", "toolResponse": response, "parentToolUseId": "toolu_parent"}}
    shown = diff("/work/a.py", "\n\ndef f(x):\n    return os.fspath(x)", "\n\ndef f(x):\n    return json.dumps(x)")
    connection.update("tool_call_update", toolCallId=f"{CALL}01", _meta=meta, content=[shown])
    connection.update("tool_call_update", toolCallId=f"{CALL}01", status="completed")
    (output,) = connection.outputs()
    assert (output.tool, output.written, output.text, output.previous) == (
        "Edit",
        "    return json.dumps(x)",
        AFTER,
        BEFORE,
    )
    assert output.origin.side_chain


def test_each_file_of_a_call_is_an_output() -> None:
    connection = Connection()
    shown = [
        diff("/work/a.py", None, "x = 1\n"),
        diff("/work/b.py", None, "y = 1\n"),
        diff("/work/c.py", "z = 1\n", ""),
    ]
    connection.call(1, content=shown)
    keys = [(output.key, output.path) for output in connection.outputs()]
    assert keys == [(f"{CALL}01:0:/work/a.py", "/work/a.py"), (f"{CALL}01:1:/work/b.py", "/work/b.py")]


@pytest.mark.parametrize("status", ["failed", "pending", "in_progress"])
def test_a_call_that_was_not_made_is_no_output(status: str) -> None:
    connection = Connection()
    connection.call(1, status, content=[diff("/work/a.py", None, AFTER)])
    connection.ask("session/prompt", {"sessionId": "s1", "prompt": []}, {"stopReason": "cancelled"})
    assert connection.outputs() == []


@pytest.mark.parametrize(
    ("outcome", "error", "made"),
    [
        ({"outcome": "selected", "optionId": "yes"}, None, 1),
        ({"outcome": "selected", "optionId": "no"}, None, 0),
        ({"outcome": "cancelled"}, None, 0),
        ({}, {"code": -32000, "message": "gone"}, 0),
    ],
)
def test_what_the_person_refused_is_no_output(outcome: dict[str, Any], error: Any, made: int) -> None:
    """Also where the agent then calls it completed, as some do."""
    connection = Connection()
    content = [diff("/work/a.py", None, AFTER)]
    connection.update("tool_call", toolCallId=f"{CALL}01", title="Edit", kind="edit", content=content)
    permission(connection, 1, outcome, error)
    connection.update("tool_call_update", toolCallId=f"{CALL}01", status="completed")
    assert len(connection.outputs()) == made
    rejected = connection.traffic.sessions["s1"].rejected
    assert rejected.total() == 1 - made


@pytest.mark.parametrize("end", ["failed", "completed"])
def test_a_call_stays_refused_though_its_end_is_told_again(end: str) -> None:
    connection = Connection()
    permission(connection, 1, {"outcome": "selected", "optionId": "no"})
    for status in (end, "completed"):
        connection.call(1, status, content=[diff("/work/a.py", None, AFTER)])
    assert connection.outputs() == []
    assert connection.traffic.sessions["s1"].rejected.total() == 1


def test_a_file_that_the_editor_writes_is_one_output_with_its_call() -> None:
    connection = Connection({"name": "gemini-cli", "version": "1"})
    content = [diff("/work/a.py", BEFORE, AFTER)]
    connection.update("tool_call", toolCallId=f"{CALL}01", title="Replace in a.py", kind="edit", content=content)
    connection.answer("fs/write_text_file", {"path": "/work/a.py", "content": AFTER}, None)
    connection.update("tool_call_update", toolCallId=f"{CALL}01", status="completed")
    connection.answer("fs/write_text_file", {"path": "/work/refused.py", "content": AFTER}, None, {"code": -32603})
    connection.answer("fs/write_text_file", {"path": "/work/b.py", "content": "y = 1\n"}, {})
    connection.ask("session/prompt", {"sessionId": "s1", "prompt": []}, {"stopReason": "end_turn"})
    found = [(output.tool, output.path, output.text, output.previous) for output in connection.outputs()]
    assert found == [("edit", "/work/a.py", AFTER, BEFORE), ("write_text_file", "/work/b.py", "y = 1\n", None)]


def test_what_is_told_again_of_a_session_that_is_loaded_is_no_output() -> None:
    connection = Connection()
    connection.editor(id=7, method="session/load", params={"sessionId": "old", "cwd": "/work", "mcpServers": []})
    content = [diff("/work/a.py", None, AFTER)]
    told = {"toolCallId": f"{CALL}01", "title": "Edit", "kind": "edit", "content": content, "status": "completed"}
    connection.update("tool_call", "old", **told)
    connection.agent(id=7, result={})
    connection.update("tool_call", "old", **{**told, "toolCallId": f"{CALL}02"})
    assert [(output.key, output.origin.session) for output in connection.outputs()] == [(f"{CALL}02", "old")]


def test_an_import_that_is_missing_at_the_end_of_the_turn_is_looked_for_then() -> None:
    connection = Connection()
    connection.disk["/work/a.py"] = AFTER
    connection.call(1, content=[diff("/work/a.py", BEFORE, AFTER)])
    session = connection.traffic.sessions["s1"]
    assert session.looks() == []
    connection.ask("session/prompt", {"sessionId": "s1", "prompt": []}, {"stopReason": "end_turn"})
    (look,) = session.looks()
    assert (look.when, look.file.text, [edit.key for edit in look.edits]) == ("turn", AFTER, [f"{CALL}01"])


def test_the_model_is_the_one_that_the_session_is_set_to() -> None:
    def options(value: str) -> dict[str, Any]:
        return {"configOptions": [{"id": "model", "category": "model", "currentValue": value}]}

    connection = Connection(options=options("default")["configOptions"])
    models = []
    for number in range(4):
        connection.call(number, content=[diff(f"/work/{number}.py", None, AFTER)])
        models += [output.origin.model for output in connection.outputs()]
        if number == 0:
            connection.ask("session/set_config_option", {"sessionId": "s1"}, options("first"))
        elif number == 1:
            connection.update("config_option_update", **options("second"))
        else:
            connection.ask("session/set_model", {"sessionId": "s1", "modelId": "third"}, {})
    assert models == ["", "first", "second", "third"]


def test_commands_that_write_files_are_outputs() -> None:
    connection = Connection()
    line = "cat > b.py <<'EOF'\nx = 1\nEOF"
    connection.call(1, kind="execute", title="bash", rawInput={"command": line})
    assert [(output.tool, output.path, output.text) for output in connection.outputs()] == [("bash", "b.py", "x = 1\n")]


def test_sessions_and_calls_that_never_end_are_bounded() -> None:
    connection = Connection()
    for number in range(1_000):
        connection.update("tool_call", toolCallId=str(number), title="Edit", kind="edit")
        connection.update("tool_call", f"s{number}", toolCallId="1", title="Edit", kind="edit")
        connection.editor(id=number, method="session/prompt", params={"sessionId": "s1"})
    assert len(connection.traffic.sessions) <= MAX_SESSIONS


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "sessionId sessionUpdate update toolCallId content rawInput options agentInfo outcome path".split()
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)
METHODS = (
    "initialize session/new session/load session/prompt session/update session/request_permission fs/write_text_file"
)


@given(st.lists(st.tuples(st.booleans(), st.sampled_from([*METHODS.split(), None]), values, values), max_size=12))
def test_no_message_is_too_odd(messages: list[tuple[bool, str | None, Any, Any]]) -> None:
    traffic = Traffic(lambda _: None)
    for by_agent, method, params, result in messages:
        message = {"id": 1, "params": params, "result": result, **({"method": method} if method else {})}
        traffic.read(json.dumps(message).encode(), by_agent=by_agent)
        traffic.read(json.dumps([message, params]).encode()[:-1], by_agent=by_agent)
    traffic.close()
