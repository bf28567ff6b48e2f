"""A real agent behind the proxy: Claude Code by its adapter, which talks to a local server in place of the model."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from aicheck_app import faults
from aicheck_app.cli.group import aicheck
from tests.acp.client import Editor, asked
from tests.acp.processes import logged
from tests.app.anthropic_server import CODE, CUT, serving
from tests.e2e.test_claude_code import CLIENT

ROOT = Path(__file__).parents[2]
INSTALLED = ROOT / ".editors/claude-acp/node_modules/@agentclientprotocol/claude-agent-acp/dist/index.js"
ADAPTER = Path(os.environ.get("AICHECK_CLAUDE_ACP", INSTALLED))
NODE = shutil.which("node")

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(
        CLIENT is None or NODE is None or not ADAPTER.exists(),
        reason="Claude Code and its adapter are not installed: python3 scripts/setup_editors.py claude-code claude-acp",
    ),
]
CALL = "toolu_01ABCDEFGHIJKLMNOPQR"


class Model:
    """Makes the calls that it is given, one after the other, and says that it is done."""

    def __init__(self, *calls: tuple[str, dict[str, Any]]) -> None:
        self.calls = calls

    def __call__(self, body: dict[str, Any]) -> dict[str, Any]:
        done = json.dumps(body["messages"]).count('"tool_result"')
        content: dict[str, Any] = {"type": "text", "text": "done"}
        if body.get("tools") and done < len(self.calls):
            name, given = self.calls[done]
            content = {"type": "tool_use", "id": f"{CALL}{done:02}", "name": name, "input": given}
        return {
            "id": f"msg_{done}", "type": "message", "role": "assistant", "model": body["model"], "content": [content],
            "stop_reason": "tool_use" if content["type"] == "tool_use" else "end_turn", "stop_sequence": None,
            "usage": {"input_tokens": 5, "output_tokens": 42},
        }  # fmt: skip


def test_each_edit_is_one_output_also_when_its_transcript_is_read(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / "b.py").write_text(CODE)
    new = {"old_string": "    return os.fspath(x)", "new_string": "    return json.dumps(x)"}
    model = Model(
        ("Write", {"file_path": str(work / "a.py"), "content": CUT}),
        ("Read", {"file_path": str(work / "b.py")}),
        ("Edit", {"file_path": str(work / "b.py"), **new}),
        ("Edit", {"file_path": str(work / "b.py"), "old_string": "nothing like it", "new_string": "x"}),
        ("Write", {"file_path": str(work / "refused.py"), "content": CUT}),
    )
    editor = Editor(refused="refused")
    with serving(model) as address:
        environment = {
            "HOME": str(tmp_path), "ANTHROPIC_BASE_URL": address, "ANTHROPIC_API_KEY": "k", "IS_SANDBOX": "1",
            "CLAUDE_CODE_EXECUTABLE": str(CLIENT), "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1", "DISABLE_AUTOUPDATER": "1",
        }  # fmt: skip
        session, ended = asyncio.run(asked(editor, work, "write", [str(NODE), str(ADAPTER)], environment))
    assert ended in ("end_turn", "cancelled")
    records = logged(3)
    outputs = [record for record in records if record["kind"] == "output"]
    told = [(one["tool"], one["path"], one["verdict"], one["tool_use"][-2:], one["message"]) for one in outputs]
    assert told == [("Write", "a.py", "suspect", "00", "msg_0"), ("Edit", "b.py", "clean", "02", "msg_2")]
    assert {(one["agent"], one["session"], one["attribution"]) for one in outputs} == {("claude-code", session, "hook")}
    assert all(one["model"].startswith("claude-") for one in outputs)  # as its transcript tells
    (later,) = [record for record in records if record["kind"] == "later"]
    assert (later["target"], [each["code"] for each in later["findings"]]) == (outputs[1]["id"], ["IMP001"])
    assert not (work / "refused.py").exists()
    done = CliRunner().invoke(aicheck, ["ingest", str(tmp_path / ".claude/projects")], standalone_mode=False)
    assert "0 new outputs from 1 session in 1 file" in done.output
    assert "2 known before" in done.output
    assert faults.recorded().newest == []
