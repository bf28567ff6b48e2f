"""``aicheck hook``: every agent's payloads, what is told of them, and that no fault of ours is ever seen."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aicheck_app.capture.ingest import Ingest
from aicheck_app.changes import changed_targets
from aicheck_app.checking import check_targets
from aicheck_app.config import Config
from aicheck_app.hook.event import parse
from aicheck_app.hook.handle import handle
from aicheck_app.log.listing import older
from aicheck_app.log.store import Log
from tests.app import transcripts

if TYPE_CHECKING:
    from pathlib import Path

GOOD = "import os\n\n\ndef f(x):\n    return os.fspath(x)\n"
CUT = GOOD + "\n\ndef g(x):\n    return f(x,\n"
FACT = "aicheck: a.py:9 TRU001 cut off: the text ends inside '(' opened on line 9; the rest is missing"
PATCH = (
    f"*** Begin Patch\n*** Add File: a.py\n{''.join(f'+{line}' + chr(10) for line in CUT.splitlines())}*** End Patch"
)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "a.py").write_text(CUT)
    return folder


def hook(payload: dict[str, Any] | bytes, hint: str = "") -> Any:
    data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    answer = handle(data, "/", hint)
    return json.loads(answer) if answer else None


def records(kind: str = "output") -> list[dict[str, Any]]:
    with Log(read_only=True) as log:
        return list(log.bodies("kind = ?", (kind,)))


def write(work: Path, content: str = CUT, use: str = "toolu_1", **response: Any) -> dict[str, Any]:
    path = str(work / "a.py")
    told: dict[str, Any] = {
        "type": "create",
        "filePath": path,
        "content": content,
        "structuredPatch": [],
        "originalFile": None,
    }
    return {
        "session_id": "s1", "transcript_path": f"{work}/.claude/projects/p/s1.jsonl", "cwd": str(work),
        "hook_event_name": "PostToolUse", "tool_name": "Write", "tool_use_id": use,
        "tool_input": {"file_path": path, "content": content}, "tool_response": {**told, **response},
    }  # fmt: skip


def payloads(work: Path) -> dict[str, tuple[dict[str, Any], Any]]:
    """A payload that tells of the cut file, by agent, and the answer in its dialect."""
    path, cwd = str(work / "a.py"), str(work)
    context = {"hookSpecificOutput": {"hookEventName": "PostToolUse", "additionalContext": FACT}}
    gemini = {"hookSpecificOutput": {"hookEventName": "AfterTool", "additionalContext": FACT}}
    return {
        "claude-code": (write(work), context),
        "codex": ({
            "session_id": "s", "turn_id": "3", "transcript_path": None, "cwd": cwd, "model": "m", "hook_event_name": "PostToolUse",
            "tool_name": "apply_patch", "tool_input": {"command": PATCH}, "tool_use_id": "c1",
        }, context),
        "gemini": ({
            "session_id": "s", "transcript_path": f"{cwd}/.gemini/tmp/x.json", "cwd": cwd, "hook_event_name": "AfterTool",
            "timestamp": "t", "tool_name": "write_file", "tool_input": {"file_path": "a.py", "content": CUT},
            "tool_response": {"llmContent": "ok"},
        }, gemini),
        "cursor": ({
            "conversation_id": "c", "generation_id": "g", "model": "m", "hook_event_name": "postToolUse", "cursor_version": "2.1",
            "workspace_roots": [cwd], "tool_name": "Write", "tool_input": {"file_path": path, "content": CUT},
        }, {"additional_context": FACT}),
        "vscode": ({
            "sessionId": "s", "hookEventName": "PostToolUse", "cwd": cwd, "timestamp": "t", "tool_name": "create_file",
            "tool_input": {"filePath": path, "content": CUT}, "tool_use_id": "t", "tool_response": "ok",
        }, context),
        "copilot-cli": ({
            "sessionId": "s", "timestamp": 1_790_000_000_000, "cwd": cwd, "hookEventName": "", "toolName": "create",
            "toolArgs": json.dumps({"path": "a.py", "file_text": CUT}),
            "toolResult": {"resultType": "success", "textResultForLlm": "ok"},
        }, None),
        "cline": ({
            "clineVersion": "3.40", "hookName": "PostToolUse", "taskId": "t", "workspaceRoots": [cwd],
            "model": {"provider": "p", "slug": "m"},
            "postToolUse": {"toolName": "write_to_file", "parameters": {"path": "a.py", "content": CUT}, "success": True},
        }, {"cancel": False, "contextModification": FACT}),
        "windsurf": ({
            "agent_action_name": "post_write_code", "trajectory_id": "t", "execution_id": "e",
            "tool_info": {"file_path": path, "edits": [{"old_string": "", "new_string": CUT}]},
        }, None),
    }  # fmt: skip


@pytest.mark.parametrize(
    "agent", ["claude-code", "codex", "gemini", "cursor", "vscode", "copilot-cli", "cline", "windsurf"]
)
def test_each_agent_is_known_and_answered_in_its_own_dialect(work: Path, agent: str) -> None:
    payload, expected = payloads(work)[agent]
    if agent == "copilot-cli":
        del payload["hookEventName"]
        expected = {"additionalContext": FACT}  # @github/copilot-sdk, PostToolUseHookOutput
    assert hook(payload, "claude-code") == expected
    (record,) = records()
    assert (record["agent"], record["verdict"], record["attribution"]) == (agent, "suspect", "hook")
    assert record["path"].endswith("a.py")
    assert hook(payload) is None  # the same again: a plugin's hook and the settings' both run
    assert len(records()) == 1


def test_clean_edits_are_answered_with_silence_and_logged(work: Path) -> None:
    (work / "a.py").write_text(GOOD)
    assert hook(write(work, GOOD)) is None
    (record,) = records()
    assert (record["verdict"], record["session"], record["tool_use"]) == ("clean", "s1", "toolu_1")


def test_the_transcript_tells_model_version_and_message(work: Path) -> None:
    transcript = work / ".claude/projects/p/s1.jsonl"
    transcript.parent.mkdir(parents=True)
    lines = [
        {"type": "assistant", "version": "2.1.9", "requestId": f"req_{n}",
         "message": {"id": f"msg_{n}", "model": f"model-{n}", "content": [{"type": "tool_use", "id": f"toolu_{n}"}]}}
        for n in (1, 2)
    ]  # fmt: skip
    transcript.write_text("".join(json.dumps(line) + "\n" for line in lines) + '{"type":"assi')
    hook(write(work))
    hook(write(work, CUT + "\n", "toolu_3"))
    first, second = records()
    assert (first["model"], first["agent_version"], first["message"], first["request"]) == (
        "model-1",
        "2.1.9",
        "msg_1",
        "req_1",
    )
    assert (second["model"], second.get("message")) == ("model-2", None)  # the transcript lags behind: the newest model


def test_an_edit_is_judged_against_the_file_before(work: Path) -> None:
    """Damage that was there before is not told; the text before comes from the payload, or from the edit turned round."""
    edited = CUT.replace("def f", "def h")
    (work / "a.py").write_text(edited)
    base = write(work)
    edit = {
        **base,
        "tool_name": "Edit",
        "tool_input": {"file_path": "a.py", "old_string": "def f", "new_string": "def h"},
    }
    assert hook({**edit, "tool_response": {"originalFile": CUT, "filePath": str(work / "a.py")}}) is None
    assert (
        hook({**edit, "tool_use_id": "t2", "tool_response": {"filePath": str(work / "a.py"), "originalFile": None}})
        is None
    )
    assert [record["unit"] for record in records()] == ["file", "file"]


def test_the_same_cause_is_not_told_twice_in_a_row(work: Path) -> None:
    assert hook(write(work)) is not None
    longer = CUT.replace("import os", "import os  # more")
    (work / "a.py").write_text(longer)
    assert hook(write(work, longer, "toolu_2")) is None
    (work / "a.py").write_text(GOOD)
    assert hook(write(work, GOOD, "toolu_3")) is None
    (work / "a.py").write_text(CUT)
    assert hook(write(work, CUT, "toolu_4")) is not None


def test_the_same_cause_is_not_told_twice_while_others_are_at_work(work: Path) -> None:
    """Other sessions, or an ingest, log more meanwhile than is looked through; and a session's id may look like a home."""
    odd = {"session_id": "/home/alice/session"}
    assert hook({**write(work), **odd}) is not None
    with Log() as log:
        log.take([{"id": f"o{n}", "kind": "output", "session": "other", "verdict": "clean"} for n in range(500)])
    longer = CUT.replace("import os", "import os  # more")
    (work / "a.py").write_text(longer)
    assert hook({**write(work, longer, "toolu_2"), **odd}) is None


@pytest.mark.parametrize("chosen", ["", 'paths = "hash"', 'excerpt = "none"'])
def test_a_cause_that_quotes_a_secret_is_not_told_twice_either(work: Path, home: Path, chosen: str) -> None:
    """What was said is compared as it is kept: without secrets, under whatever settings."""
    home.mkdir(mode=0o700, exist_ok=True)
    (home / "aicheck.toml").write_text(chosen)
    token = "ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    code = f"import os\n\n\ndef f() -> str:\n    return {token}\n\n\nprint(os.sep, f())\n"
    (work / "a.py").write_text(code)
    first = hook(write(work, code))
    assert first is not None
    assert token not in json.dumps(first)
    longer = f"{code}print(f())\n"
    (work / "a.py").write_text(longer)
    assert hook(write(work, longer, "toolu_2")) is None


@pytest.mark.parametrize("response", [{"staged": True}, {"userModified": True}, {"error": "no"}])
def test_what_was_not_written_or_not_by_the_model_is_no_output(work: Path, response: dict[str, Any]) -> None:
    assert hook(write(work, **response)) is None
    with pytest.raises(Exception, match="the log is empty"):
        records()


def test_a_batch_tells_of_several_calls(work: Path) -> None:
    call = write(work)
    calls = [
        {"tool_name": "Write", "tool_input": call["tool_input"], "tool_use_id": f"b{n}", "tool_response": "ok"}
        for n in (1, 2)
    ]
    batch = {**call, "hook_event_name": "PostToolBatch", "tool_calls": [*calls, 5]}
    assert hook(batch)["hookSpecificOutput"]["hookEventName"] == "PostToolBatch"
    assert [record["tool_use"] for record in records()] == ["b1", "b2"]


@pytest.mark.parametrize(
    ("manner", "answer"),
    [("silent", None), ("block", {"decision": "block", "reason": FACT})],
)
def test_the_user_s_settings_say_how_it_is_told(work: Path, home: Path, manner: str, answer: Any) -> None:
    home.mkdir(exist_ok=True)
    (home / "aicheck.toml").write_text(f'hook = "{manner}"\n')
    assert hook(write(work)) == answer


@pytest.mark.parametrize("manner", ["silent", "block"])
def test_a_repository_does_not_say_who_is_told(work: Path, manner: str) -> None:
    (work / "aicheck.toml").write_text(f'hook = "{manner}"\n')
    told = hook(write(work))
    assert told is not None
    assert told["hookSpecificOutput"]["additionalContext"] == FACT


def test_a_turn_that_failed_is_an_event(work: Path) -> None:
    assert hook({**write(work), "hook_event_name": "StopFailure", "error": "overloaded"}) is None
    (event,) = records("event")
    assert (event["event"], event["reason"], event["session"]) == ("stop failure", "overloaded", "s1")


def git(work: Path, *arguments: str) -> None:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    subprocess.run(["git", *who, *arguments], cwd=work, check=True, capture_output=True)


@pytest.mark.e2e
def test_what_commands_changed_is_found_at_the_end_of_the_turn(work: Path) -> None:
    git(work, "init", "-q")
    (work / "mine.py").write_text("x = 1\n")
    git(work, "add", ".")
    git(work, "commit", "-qm", "a")
    (work / "mine.py").write_text("x = 2\n")
    transcript = work.parent / ".claude/projects/p/s1.jsonl"
    transcript.parent.mkdir(parents=True)
    transcript.write_text("{}\n")
    base = {"session_id": "s1", "cwd": str(work), "transcript_path": str(transcript)}
    assert hook({**base, "hook_event_name": "UserPromptSubmit", "prompt": "go"}) is None
    (work / "made.py").write_text(CUT)
    (work / "logged.py").write_text(GOOD)
    logged = {**base, "hook_event_name": "PostToolUse", "tool_name": "Write", "tool_use_id": "t"}
    assert hook({**logged, "tool_input": {"file_path": "logged.py", "content": GOOD}}) is None
    stop = {**base, "hook_event_name": "Stop", "stop_hook_active": False}
    assert hook(stop) is None  # no command ran in this turn
    transcript.write_text(
        '{}\n{"type":"assistant","message":{"model":"m","content":[{"type":"tool_use","name":"Bash"}]}}\n'
    )
    assert hook(stop) == {"systemMessage": FACT.replace("a.py", "made.py")}
    swept = records()[-1]
    assert (swept["path"], swept["tool"], swept["attribution"]) == ("made.py", "Bash", "heuristic")
    assert hook(stop) is None
    assert len(records()) == 2


@pytest.mark.e2e
def test_what_a_command_did_to_text_in_another_encoding(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the command line does: Windows' letters of the version before are known, and so are UTF-16 and declarations."""
    git(work, "init", "-q")
    before, cut = "# \xa9 2008\n", "# coding: gbk\n# \u4e2d\n" + CUT
    (work / "old.py").write_bytes(before.encode("cp1252"))
    git(work, "add", ".")
    git(work, "commit", "-qm", "a")
    transcript = work.parent / "s1.jsonl"
    transcript.write_text("{}\n")
    base = {"session_id": "s1", "cwd": str(work), "transcript_path": str(transcript)}
    assert hook({**base, "hook_event_name": "UserPromptSubmit", "prompt": "go"}) is None
    (work / "old.py").write_text("# \ufffd 2009\n", encoding="utf-8")
    (work / "wide.py").write_text(CUT, encoding="utf-16")
    (work / "wider.py").write_bytes(b"\xff\xfe\0\0" + CUT.encode("utf-32-le"))
    (work / "told.py").write_text(cut, encoding="gbk")
    (work / "refused.py").write_bytes(b"# coding: unicode_escape\n# \xe9\n")
    transcript.write_text(
        '{}\n{"type":"assistant","message":{"model":"m","content":[{"type":"tool_use","name":"Bash"}]}}\n'
    )
    hook({**base, "hook_event_name": "Stop"})
    swept = {one["path"]: [f["code"] for f in one.get("findings", ())] for one in records()}
    assert swept == {"old.py": ["COR009"], "wide.py": ["TRU001"], "wider.py": ["TRU001"], "told.py": ["TRU001"]}
    git(work, "add", ".")
    monkeypatch.chdir(work)
    report = check_targets(changed_targets((), "HEAD"), Config().checks)
    assert {f.path: [f.finding.code] for f in report.findings} == swept
    assert [path for path, _ in report.unchecked] == ["refused.py"]


@pytest.mark.e2e
def test_what_a_subagent_did_is_judged_when_it_ends(work: Path) -> None:
    git(work, "init", "-q")
    transcript = work.parent / ".claude/projects/p/s1.jsonl"
    inner = work.parent / ".claude/projects/p/s1/subagents/agent-1.jsonl"
    inner.parent.mkdir(parents=True)
    transcript.write_text("{}\n")
    base = {"session_id": "s1", "cwd": str(work), "transcript_path": str(transcript)}
    assert hook({**base, "hook_event_name": "UserPromptSubmit", "prompt": "go"}) is None
    (work / "made.py").write_text(CUT)
    inner.write_text('{"type":"assistant","message":{"model":"m","content":[{"type":"tool_use","name":"Bash"}]}}\n')
    stop = {**base, "hook_event_name": "SubagentStop", "agent_id": "1", "agent_transcript_path": str(inner)}
    assert hook(stop) == {"systemMessage": FACT.replace("a.py", "made.py")}
    assert records()[-1]["side_chain"] is True
    assert hook({**base, "hook_event_name": "Stop"}) is None


def test_without_a_log_what_was_found_is_said_all_the_same(work: Path, home: Path) -> None:
    home.write_text("in the way")
    assert b"TRU001" in handle(json.dumps(write(work)).encode(), "/")


def test_a_locked_log_is_not_waited_for_long(work: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aicheck_app.hook.handle.PATIENCE", 0.2)
    hook(write(work, GOOD))
    holder = sqlite3.connect(home / "log.sqlite3", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    assert b"TRU001" in handle(json.dumps(write(work, use="toolu_2")).encode(), "/")
    holder.close()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root writes everywhere, and Windows has no modes")
def test_a_read_only_home_is_no_fault(work: Path, home: Path) -> None:
    home.mkdir()
    home.chmod(stat.S_IRUSR | stat.S_IXUSR)
    assert b"TRU001" in handle(json.dumps(write(work)).encode(), "/")


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"null",
        b"[1]",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"tool_name": 5, "tool_input": [1]}',
        b'{"hook_event_name": {}}',
    ],
)
def test_what_is_no_payload_is_answered_with_nothing(payload: bytes) -> None:
    assert handle(payload, "/") == b""


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["claude-code", "codex", "cursor", "cline"]), st.data())
def test_any_value_in_any_place_is_survived(tmp_path: Path, agent: str, data: st.DataObject) -> None:
    payload = payloads(tmp_path)[agent][0]
    for key in data.draw(st.lists(st.sampled_from(sorted(payload)), max_size=3)):
        payload[key] = data.draw(JSON)
    event = parse(json.dumps(payload).encode(), "/")
    assert event is not None
    assert all(isinstance(text, str) for text in (event.agent, event.session, event.tool, event.cwd, event.transcript))


def test_windsurf_leaves_control_characters_in_its_json(work: Path) -> None:
    payload = json.dumps(payloads(work)["windsurf"][0]).replace("\\n", "\n").encode()
    assert handle(payload, "/") == b""
    assert records()[0]["agent"] == "windsurf"


def test_imports_are_judged_when_the_turn_is_over(work: Path) -> None:
    """The next edit may bring what this one uses; what is still missing at the end is told."""
    transcript = work / ".claude/projects/p/s1.jsonl"
    used = GOOD.replace("os.fspath", "json.dumps")
    (work / "a.py").write_text(used)
    payload = {**write(work), "tool_name": "Edit"}
    payload["tool_input"] = {"file_path": str(work / "a.py"), "old_string": "os.fspath", "new_string": "json.dumps"}
    payload["tool_response"] = {"filePath": str(work / "a.py"), "originalFile": GOOD}
    prompt = {**payload, "hook_event_name": "UserPromptSubmit"}
    hook(prompt)
    assert hook(payload) is None
    given = {"toolu_1": payload["tool_input"]}
    lines = [
        transcripts.assistant("m1", *(transcripts.use(use, "Edit", **args) for use, args in given.items())),
        transcripts.result("toolu_1", payload["tool_response"]),
    ]
    transcripts.write(transcript, *lines)
    stop = {**payload, "hook_event_name": "Stop"}
    assert hook(stop)["systemMessage"].startswith("aicheck: a.py:5 IMP001 'json' is used but never imported")
    assert hook(stop) is None
    assert [(r["tool"], r["verdict"], r["attribution"]) for r in records()] == [
        ("Edit", "clean", "hook"),
    ]
    with Log() as log:
        assert [one.body["verdict"] for one in older(log, 10)] == ["suspect"]
        totals = Ingest(log, Config()).run([str(transcript)])
        assert [body["when"] for body in log.bodies("kind = 'later'")] == ["turn"]
    assert (totals.outputs, totals.known) == (0, 1)
