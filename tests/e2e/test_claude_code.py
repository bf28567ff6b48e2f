"""The plugins in the real client, which talks to a local server in place of the model."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.app.anthropic_server import CUT, serving

ROOT = Path(__file__).parents[2]
INSTALLED = ROOT / ".editors/claude-code/node_modules/.bin/claude"
CLIENT = os.environ.get("AICHECK_CLAUDE") or (str(INSTALLED) if INSTALLED.exists() else shutil.which("claude"))

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(CLIENT is None, reason="Claude Code is not installed: python3 scripts/setup_editors.py"),
]


class Model:
    """Writes a damaged file, is told the outcome, and says that it is done; keeps what it was asked."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.asked: list[dict[str, Any]] = []

    def __call__(self, body: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(body)
        content: dict[str, Any] = {"type": "text", "text": "done"}
        if "tool_result" not in json.dumps(body["messages"]) and body.get("tools"):
            given = {"file_path": str(self.path), "content": CUT}
            content = {"type": "tool_use", "id": "toolu_1", "name": "Write", "input": given}
        return {
            "id": f"msg_{len(self.asked)}", "type": "message", "role": "assistant", "model": body["model"],
            "content": [content], "stop_reason": "tool_use" if content["type"] == "tool_use" else "end_turn",
            "stop_sequence": None, "usage": {"input_tokens": 5, "output_tokens": 42},
        }  # fmt: skip


@pytest.fixture
def model(tmp_path: Path) -> Model:
    (tmp_path / "work").mkdir()
    return Model(tmp_path / "work" / "a.py")


def client(folder: Path, address: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the client, or ``aicheck`` as it would, in a home of its own."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CLAUDE", "ANTHROPIC", "AI_AGENT"))}
    programs = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
    environment = {
        **kept, "HOME": str(folder), "PATH": programs, "ANTHROPIC_BASE_URL": address, "ANTHROPIC_API_KEY": "k",
        "AICHECK_HOME": str(folder / "aicheck"), "AICHECK_HOOK_HELPER": "off", "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        "DISABLE_AUTOUPDATER": "1", "IS_SANDBOX": "1",
    }  # fmt: skip
    return subprocess.run(
        arguments, cwd=folder / "work", env=environment, capture_output=True, text=True, timeout=120, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


def test_the_client_finds_nothing_wrong_with_the_plugins(tmp_path: Path, model: Model) -> None:
    for folder in (ROOT, ROOT / "editors/claude-code/hooks-plugin", ROOT / "editors/claude-code/lsp-plugin"):
        done = client(tmp_path, "", str(CLIENT), "plugin", "validate", str(folder), "--strict")
        assert "Validation passed" in done.stdout, done.stdout + done.stderr


def test_damage_is_told_to_the_model_and_logged_with_its_origin(tmp_path: Path, model: Model) -> None:
    assert CLIENT is not None
    with serving(model) as address:
        for command in (("marketplace", "add", str(ROOT)), ("install", "aicheck@aicheck")):
            done = client(tmp_path, address, CLIENT, "plugin", *command)
            assert done.returncode == 0, done.stdout + done.stderr
        done = client(tmp_path, address, CLIENT, "-p", "write a.py", "--permission-mode", "acceptEdits")
        assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr
        ingested = client(tmp_path, address, "aicheck", "ingest", "--format", "json")
        listed = client(tmp_path, address, "aicheck", "log", "list", "--format", "json")
    said = json.dumps(model.asked[-1]["messages"][-1])
    assert "aicheck: a.py:5 TRU001 cut off: the text ends inside '(' opened on line 5; the rest is missing" in said
    assert model.path.read_text() == CUT
    counts = json.loads(ingested.stdout)
    assert (counts["outputs"], counts["already_known"], counts["skipped"]) == (0, 1, {})
    (output,) = json.loads(listed.stdout)["outputs"]
    known = {name: output[name] for name in ("agent", "attribution", "verdict", "path", "tool_use")}
    assert known == {
        "agent": "claude-code", "attribution": "hook", "verdict": "suspect",
        "path": "a.py", "tool_use": "toolu_1",
    }  # fmt: skip
    # Where the client is slow to write its transcript, the hook knows less: tests/app/test_hook.py has the rest.
    model_name, version = model.asked[-1]["model"], client(tmp_path, "", CLIENT, "--version").stdout.split()[0]
    told = {"message": "msg_1", "request": "req_1", "model": model_name, "agent_version": version}
    assert {name: output[name] for name in told if name in output}.items() <= told.items()
