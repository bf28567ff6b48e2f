"""Events of agents that are no edit: each a record with its models and reason; and what a command would lose, where it is asked."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from aicheck_app.config import load
from aicheck_app.errors import AicheckError
from aicheck_app.hook.handle import handle
from aicheck_app.log.store import Log

if TYPE_CHECKING:
    from pathlib import Path

CUT = "def f(x):\n    return f(x,\n"


def hook(payload: dict[str, Any], hint: str = "") -> Any:
    answer = handle(json.dumps(payload).encode(), "/", hint)
    return json.loads(answer) if answer else None


def logged(kind: str) -> list[dict[str, Any]]:
    with Log(read_only=True) as log:
        return list(log.bodies("kind = ?", (kind,)))


CLAUDE = {"session_id": "s", "transcript_path": "/h/.claude/projects/p/s.jsonl", "cwd": "/"}
COPILOT = {"sessionId": "s", "timestamp": 1_790_000_000_000, "cwd": "/"}
EVENTS: list[tuple[dict[str, Any], tuple[str, str, str, str, str]]] = [
    ({**CLAUDE, "hook_event_name": "PostToolUseFailure", "tool_name": "Edit", "tool_use_id": "t", "tool_input": {"file_path": "/a.py", "new_string": CUT}, "error": "String to replace not found"}, ("claude-code", "tool failure", "String to replace not found", "", "")),
    ({**CLAUDE, "hook_event_name": "PostToolUseFailure", "tool_name": "Edit", "tool_use_id": "t", "error": "x", "is_interrupt": True}, ("claude-code", "tool failure", "interrupted", "", "")),
    ({**CLAUDE, "hook_event_name": "PostModelSwitch", "from_model": "claude-a", "to_model": "claude-b", "source": "fallback"}, ("claude-code", "switched model", "fallback", "claude-a", "claude-b")),
    ({**CLAUDE, "hook_event_name": "PostCompact", "trigger": "auto", "compact_summary": "long"}, ("claude-code", "compaction", "auto", "", "")),
    ({**CLAUDE, "hook_event_name": "SessionEnd", "reason": "logout"}, ("claude-code", "session end", "logout", "", "")),
    ({**CLAUDE, "hook_event_name": "StopFailure", "error": "overloaded"}, ("claude-code", "stop failure", "overloaded", "", "")),
    ({**COPILOT, "error": {"message": "boom", "name": "Error"}, "errorContext": "model_call", "recoverable": False}, ("copilot-cli", "client error", "boom", "", "")),
    ({**COPILOT, "toolName": "edit", "toolArgs": {"path": "a.py"}, "error": "no match"}, ("copilot-cli", "tool failure", "no match", "", "")),
]  # fmt: skip


@pytest.mark.parametrize(("payload", "expected"), EVENTS)
def test_what_is_no_edit_becomes_an_event(payload: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert hook(payload) is None
    (found,) = logged("event")
    assert tuple(found.get(name, "") for name in ("agent", "event", "reason", "model_from", "model_to")) == expected
    assert logged("output") == []


def test_cline_s_newer_names_are_known_and_an_agent_of_its_own_is_no_side_chain(tmp_path: Path) -> None:
    about = {
        "clineVersion": "3.0.65",
        "taskId": "t",
        "workspaceRoots": [str(tmp_path)],
        "agent_id": "a",
        "parent_agent_id": None,
    }
    call = {"toolName": "write_to_file", "parameters": {"path": "a.py", "content": CUT}, "success": True}
    told = hook({**about, "hookName": "tool_result", "postToolUse": call, "tool_result": {"id": "c", "output": "ok"}})
    assert "TRU001" in told["contextModification"]
    hook({**about, "hookName": "agent_error", "error": {"name": "E", "message": "boom"}})
    (output,), (event,) = logged("output"), logged("event")
    assert (output["agent"], output.get("side_chain", False), event["event"], event["reason"]) == (
        "cline",
        False,
        "client error",
        "boom",
    )


def test_a_switch_to_the_same_model_is_none() -> None:
    hook({**CLAUDE, "hook_event_name": "PostModelSwitch", "from_model": "a", "to_model": "a"})
    hook({**CLAUDE, "hook_event_name": "SessionEnd", "reason": "other"})
    assert [one["event"] for one in logged("event")] == ["session end"]


@pytest.mark.parametrize(
    ("more", "stops"),
    [({"prompt": "go"}, False), ({"stopReason": "end_turn"}, True), ({"stopReason": "end_turn", "agentName": "a"}, True)],
)  # fmt: skip
def test_copilot_s_events_are_told_by_their_fields(more: dict[str, Any], stops: bool) -> None:
    from aicheck_app.hook.event import parse

    found = parse(json.dumps({**COPILOT, **more}).encode(), "/")
    assert found is not None
    assert (found.agent, found.name) == (
        "copilot-cli",
        "prompt" if not stops else "subagent stop" if "agentName" in more else "stop",
    )


def test_cursor_s_answers_and_completions_are_outputs(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(CUT)
    about = {
        "conversation_id": "c",
        "generation_id": "g",
        "cursor_version": "2.1",
        "model": "m",
        "workspace_roots": [str(tmp_path)],
    }
    edits = [{"old_string": "", "new_string": CUT}]
    answer = {**about, "hook_event_name": "afterAgentResponse", "text": "So:\n```python\nx = 1\n```\n"}
    assert (
        hook({**about, "hook_event_name": "afterTabFileEdit", "file_path": str(tmp_path / "a.py"), "edits": edits})
        is None
    )
    assert hook(answer) is None
    assert hook(answer) is None  # told of again
    assert [(one["tool"], one["agent"], one["verdict"]) for one in logged("output")] == [
        ("afterTabFileEdit", "cursor", "suspect"),
        ("reply", "cursor", "clean"),
    ]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    def git(*words: str) -> None:
        subprocess.run(
            ["git", "-c", "user.name=x", "-c", "user.email=x@x", *words], cwd=tmp_path, check=True, capture_output=True
        )

    git("init", "-q")
    (tmp_path / "sub").mkdir()
    for name in ("a.py", "sub/b.py", "same.py"):
        (tmp_path / name).write_text("x = 1\n")
    git("add", ".")
    git("commit", "-qm", "x")
    (tmp_path / "a.py").write_text("x = 2\n")
    git("stash", "push", "-q")
    for name in ("a.py", "sub/b.py"):
        (tmp_path / name).write_text("x = 3\n")
    (tmp_path / "new.py").write_text("y = 1\n")
    return tmp_path


def before(tree: Path, command: str) -> Any:
    return hook({**CLAUDE, "cwd": str(tree), "hook_event_name": "PreToolUse", "tool_name": "Bash", "tool_use_id": "t", "tool_input": {"command": command}})  # fmt: skip


def guarded(home: Path, value: str) -> None:
    home.mkdir(parents=True, exist_ok=True)
    (home / "aicheck.toml").write_text(f"[hook]\nguard = {value}\n")


LOST = [
    ("git checkout -- a.py", "a.py"), ("git checkout .", "2 files"), ("cd sub && git restore b.py", "sub/b.py"),
    ("git reset --hard HEAD~1", "2 files"), ("git clean -fd", "new.py"), ("git stash drop", "1 of 1 stashes"),
    ("git push origin main --force", "remote branch"), ("git push -f", "remote branch"), ("rm -rf sub", "sub/b.py"), ("echo x > a.py", "a.py"),
    ("git restore -SW a.py", "a.py"), ("git checkout -qf", "2 files"), ("git -c a.b=c -C sub checkout -f", "sub/b.py"),
    ("git push origin +main", "remote branch"), ("git push --force --force-with-lease", "remote branch"),
    ("make && sudo rm -r ./sub", "sub/b.py"), ("git -C sub checkout -f", "sub/b.py"), ("git stash clear", "1 of 1 stashes"),
]  # fmt: skip
KEPT = [
    "git checkout main", "git checkout -bfix", "git checkout main --", "git checkout -- same.py", "git restore --staged a.py", "git reset a.py", "git clean -nfd", "git stash pop",
    "git push --force-with-lease", "rm -r other", "echo x >> a.py", "echo x > same.py", "echo x > new2.py", "cat a.py", "echo 'git reset --hard'",
    "rm $FILE", "git log --grep='reset --hard'",
]  # fmt: skip


@pytest.mark.parametrize(("command", "named"), LOST)
def test_what_a_command_would_lose_is_told_before_it_runs(tree: Path, home: Path, command: str, named: str) -> None:
    guarded(home, "true")
    told = before(tree, command)["hookSpecificOutput"]
    assert set(told) == {"hookEventName", "additionalContext"}  # nothing is stopped
    assert named in told["additionalContext"]


@pytest.mark.parametrize("command", KEPT)
def test_commands_that_lose_nothing_are_met_with_silence(tree: Path, home: Path, command: str) -> None:
    guarded(home, "true")
    assert before(tree, command) is None


def test_nothing_is_said_unasked_and_stopped_only_if_the_user_says_so(tree: Path, home: Path) -> None:
    (tree / "aicheck.toml").write_text('[hook]\nguard = "block"\n')
    assert before(tree, "git reset --hard") is None  # a repository does not decide that
    guarded(home, '"block"')
    assert before(tree, "git reset --hard")["hookSpecificOutput"]["permissionDecision"] == "deny"


@pytest.mark.parametrize("table", ["guard = 3", "gard = true", "answer = 'loud'"])
def test_a_wrong_setting_is_named(home: Path, table: str) -> None:
    home.mkdir(parents=True, exist_ok=True)
    (home / "aicheck.toml").write_text(f"[hook]\n{table}\n")
    with pytest.raises(AicheckError):
        load(str(home))
