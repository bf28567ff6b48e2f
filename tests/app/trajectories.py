"""Conversations of OpenHands and trajectories of SWE-agent, made by their published types and by what mini-swe-agent 2.4 wrote."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

GOOD = "import os\n\nprint(os.sep)\n"
LATER = GOOD.replace("os.sep", "os.linesep")
T = "2026-10-01T10:00:0"


def openhands(folder: Path) -> Path:
    """A conversation of today: a new file, an insertion, an edit that failed, a command that did, one that was refused."""

    def said(words: str) -> list[dict[str, str]]:
        return [{"type": "text", "text": words}]

    def act(number: int, tool: str, response: str = "r1", **action: Any) -> dict[str, Any]:
        return {
            "kind": "ActionEvent", "id": f"a{number}", "timestamp": f"{T}{number}.000000", "source": "agent", "thought": said("now"),
            "action": action, "tool_name": tool, "tool_call_id": f"c{number}", "llm_response_id": response,
        }  # fmt: skip

    def seen(number: int, tool: str, words: str, kind: str = "ObservationEvent", **found: Any) -> dict[str, Any]:
        event = {
            "kind": kind,
            "id": f"o{number}",
            "timestamp": f"{T}{number}.500000",
            "source": "environment",
            "tool_name": tool,
            "tool_call_id": f"c{number}",
        }
        if kind == "ObservationEvent":
            return {**event, "action_id": f"a{number}", "observation": {"content": said(words), **found}}
        return {**event, "error" if kind == "AgentErrorEvent" else "rejection_reason": words}

    editor = "file_editor"
    events = [
        {"kind": "MessageEvent", "id": "u1", "timestamp": f"{T}0.0", "source": "user", "llm_message": {"role": "user", "content": said("go")}},
        act(1, editor, command="view", path="/w"),
        seen(1, editor, "a listing", command="view", path="/w"),
        act(2, editor, command="create", path="/w/a.py", file_text=GOOD),
        seen(2, editor, "created", command="create", path="/w/a.py", prev_exist=False, new_content=GOOD),
        act(3, editor, command="insert", path="/w/a.py", insert_line=1, new_str="import re"),
        seen(3, editor, "done", command="insert", path="/w/a.py", old_content=GOOD, new_content=GOOD.replace("os\n", "os\nimport re\n", 1)),
        act(4, editor, command="str_replace", path="/w/a.py", old_str="no", new_str="x"),
        seen(4, editor, "No replacement was performed, old_str `no` did not appear", is_error=True, command="str_replace"),
        act(5, "terminal", "r2", command="pytest"),
        seen(5, "terminal", "1 failed", command="pytest", exit_code=1),
        act(6, "terminal", "r2", command="rm -rf /w"),
        seen(6, "terminal", "no", "UserRejectObservation"),
        {"kind": "Condensation", "id": "k1", "timestamp": f"{T}7.0", "source": "environment"},
        act(8, "finish", "r3", kind="FinishAction", message="All tests pass."),
        seen(8, "finish", "All tests pass."),
    ]  # fmt: skip
    used = {
        "model": "m-served",
        "prompt_tokens": 9,
        "completion_tokens": 4,
        "cache_read_tokens": 7,
        "reasoning_tokens": 1,
        "response_id": "r1",
    }
    state = {
        "id": "conv-1", "agent": {"llm": {"model": "p/m-asked"}}, "workspace": {"working_dir": "/w"},
        "stats": {"usage_to_metrics": {"default": {"token_usages": [used]}}},
    }  # fmt: skip
    (folder / "events").mkdir(parents=True)
    for number, event in enumerate(events):
        (folder / "events" / f"event-{number:05}-{event['id']}.json").write_text(json.dumps(event))
    (folder / "base_state.json").write_text(json.dumps(state))
    return folder / "base_state.json"


def openhands_list(folder: Path) -> Path:
    """The same kinds of steps as older versions kept them: one list of actions and observations."""

    def act(number: int, action: str, **args: Any) -> dict[str, Any]:
        return {
            "id": number, "timestamp": f"{T}{number}.0", "source": "agent", "action": action, "args": args,
            "tool_call_metadata": {"model_response": {"id": f"r{number}", "model": "m-1", "usage": {"completion_tokens": 3}}},
        }  # fmt: skip

    def seen(cause: int, observation: str, content: str, **extras: Any) -> dict[str, Any]:
        return {
            "id": cause + 10,
            "timestamp": f"{T}{cause}.5",
            "source": "agent",
            "observation": observation,
            "content": content,
            "cause": cause,
            "extras": extras,
        }

    events = [
        {"id": 0, "timestamp": f"{T}0.0", "source": "user", "action": "message", "args": {"content": "go"}},
        act(1, "edit", command="create", path="/w/a.py", file_text=GOOD, thought="now"),
        seen(1, "edit", "created", path="/w/a.py", prev_exist=False, new_content=GOOD),
        act(2, "edit", command="str_replace", path="/w/a.py", old_str="os.sep", new_str="os.linesep"),
        seen(2, "edit", "done", path="/w/a.py", prev_exist=True, old_content=GOOD, new_content=LATER),
        act(3, "run", command="pytest"),
        seen(3, "run", "1 failed", metadata={"exit_code": 1}),
        act(4, "message", content="```py\nx = 1\n```"),
    ]  # fmt: skip
    path = folder / "trajectory.json"
    path.write_text(json.dumps(events))
    return path


def mini(folder: Path) -> Path:
    """A run of mini-swe-agent: a file by a heredoc, a command that failed."""

    def answer(number: int, command: str) -> dict[str, Any]:
        usage = {
            "prompt_tokens": 12,
            "completion_tokens": 4,
            "prompt_tokens_details": {"cached_tokens": 10},
            "completion_tokens_details": {"reasoning_tokens": 1},
        }
        response = {
            "id": f"r{number}",
            "model": "m-served",
            "choices": [{"finish_reason": "tool_calls"}],
            "usage": usage,
        }
        call = {
            "id": f"c{number}",
            "type": "function",
            "function": {"name": "bash", "arguments": json.dumps({"command": command})},
        }
        return {
            "role": "assistant",
            "content": "now",
            "tool_calls": [call],
            "extra": {"actions": [{"command": command}], "response": response, "timestamp": 1_790_000_000.5},
        }

    def result(number: int, code: int, output: str) -> dict[str, Any]:
        extra = {"raw_output": output, "returncode": code, "exception_info": ""}
        return {
            "role": "tool",
            "tool_call_id": f"c{number}",
            "content": json.dumps({"returncode": code, "output": output}),
            "extra": extra,
        }

    info = {
        "mini_version": "2.4.6",
        "exit_status": "LimitsExceeded",
        "config": {"model": {"model_name": "p/m-asked"}, "environment": {"cwd": "/w"}},
    }
    messages = [
        {"role": "system", "content": "s"}, {"role": "user", "content": "go"},
        answer(1, f"cat > a.py <<'EOF'\n{GOOD}EOF"), result(1, 0, ""), answer(2, "python3 -m pytest"), result(2, 1, "1 failed"),
    ]  # fmt: skip
    path = folder / "task-1.traj.json"
    path.write_text(json.dumps({"info": info, "messages": messages, "trajectory_format": "mini-swe-agent-1.1"}))
    return path


def swe_agent(folder: Path) -> Path:
    """A run of SWE-agent: its editor as a command line, an edit that failed, and one as a call; a shown example is none of it."""

    def answer(action: str, **more: Any) -> dict[str, Any]:
        return {
            "role": "assistant",
            "content": "now",
            "thought": "now",
            "action": action,
            "agent": "main",
            "message_type": "action",
            **more,
        }

    def seen(content: str) -> dict[str, Any]:
        return {"role": "user", "content": content, "agent": "main", "message_type": "observation"}

    call = {
        "function": {
            "name": "str_replace_editor",
            "arguments": json.dumps({"command": "create", "path": "/w/b.py", "file_text": GOOD}),
        }
    }
    history = [
        {"role": "user", "content": "go", "agent": "main"},
        answer("str_replace_editor create /w/demo.py --file_text 'x = 1'", is_demo=True), seen("created"),
        answer(f"str_replace_editor create /w/a.py --file_text '{GOOD}'"), seen("File created successfully at: /w/a.py"),
        answer("str_replace_editor str_replace /w/a.py --old_str 'os.sep' --new_str 'os.linesep'"), seen("The file /w/a.py has been edited."),
        answer("str_replace_editor str_replace /w/a.py --old_str 'no' --new_str 'x'"), seen("No replacement was performed, old_str `no` did not appear"),
        answer("str_replace_editor view /w/a.py"), seen("1 import os"),
        answer("", tool_calls=[call]), seen("File created successfully at: /w/b.py"),
        answer("open c.py"), seen("[File: /w/c.py (9 lines total)]\n1:x"),
        answer("edit 1:1\nx = 2\nend_of_edit"), seen("[File: /w/c.py (9 lines total)]\n1:x = 2"),
    ]  # fmt: skip
    path = folder / "task-2.traj"
    path.write_text(
        json.dumps(
            {"history": history, "trajectory": [], "info": {"exit_status": "submitted", "swe_agent_version": "1.1.0"}}
        )
    )
    return path
