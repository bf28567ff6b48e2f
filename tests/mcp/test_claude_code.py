"""The server in a real client, Claude Code, which talks to a local server in place of the model."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.app.anthropic_server import CUT, serving
from tests.e2e.test_claude_code import CLIENT, client
from tests.security.processes import MAIN

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(CLIENT is None, reason="Claude Code is not installed: python3 scripts/setup_editors.py"),
]
TOOL = "mcp__aicheck__check_text"
WAITS = "WaitForMcpServers"


class Model:
    """Asks aicheck about a damaged text, and keeps what it was told."""

    def __init__(self) -> None:
        self.tools: set[str] = set()
        self.told = ""

    def __call__(self, body: dict[str, Any]) -> dict[str, Any]:
        self.tools |= {tool["name"] for tool in body.get("tools") or ()}
        results = [
            block for message in body["messages"] if isinstance(message["content"], list) for block in message["content"]
            if block["type"] == "tool_result"
        ]  # fmt: skip
        content: dict[str, Any] = {"type": "text", "text": "done"}
        self.told = json.dumps(results[-1]["content"]) if results else ""
        if (
            WAITS in self.tools and TOOL not in self.tools and len(results) < 9
        ):  # the client begins before its servers do
            content = {"type": "tool_use", "id": f"toolu_0{len(results)}", "name": WAITS, "input": {}}
        elif TOOL in self.tools and "verdict" not in self.told:
            content = {"type": "tool_use", "id": "toolu_1", "name": TOOL, "input": {"text": CUT, "path": "a.py"}}
        return {
            "id": "msg_1", "type": "message", "role": "assistant", "model": body["model"], "content": [content],
            "stop_reason": "tool_use" if content["type"] == "tool_use" else "end_turn", "stop_sequence": None,
            "usage": {"input_tokens": 5, "output_tokens": 42},
        }  # fmt: skip


def test_an_agent_asks_about_a_text(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    config = tmp_path / "mcp.json"
    config.write_text(
        json.dumps({"mcpServers": {"aicheck": {"command": sys.executable, "args": ["-P", "-c", MAIN, "mcp"]}}})
    )
    model = Model()
    with serving(model) as address:
        done = client(
            tmp_path, address, str(CLIENT), "-p", "check it", "--mcp-config", str(config), "--strict-mcp-config",
            "--allowedTools", TOOL,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    offered = sorted(name for name in model.tools if name.startswith("mcp__aicheck__"))
    assert [name.rpartition("__")[2] for name in offered] == [
        "check_file", "check_text", "explain_rule", "list_suspect", "session_signals",
    ]  # fmt: skip
    assert "TRU001" in model.told
    assert "suspect" in model.told
