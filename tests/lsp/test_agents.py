"""Which agents an editor can offer hooks for."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from aicheck_app.hook import setup
from tests.lsp.client import Client

Start = Callable[..., Client]


def test_agents_of_this_machine_and_their_hooks(start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    for folder in (".claude", ".codex", ".gemini"):
        (tmp_path / folder).mkdir()
    settings = setup.added({"model": "opus"}, setup.TARGETS["claude-code"], "/opt/aicheck")
    (tmp_path / ".claude" / "settings.json").write_text(json.dumps(settings))
    (tmp_path / ".gemini" / "settings.json").write_text("{ broken")
    client = start()
    assert client.request("workspace/executeCommand", command="aicheck.agents", arguments=[]) == [
        {"name": "claude-code", "title": "Claude Code", "hooked": True},
        {"name": "codex", "title": "Codex CLI", "hooked": False},
    ]
