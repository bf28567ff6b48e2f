"""opencode and pi themselves, on a server that plays the model: a damaged file is written, and the model is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from aicheck_app.hook import extensions
from tests.app.anthropic_server import CUT, serving

ROOT = Path(__file__).parents[2]
EDITORS = ROOT / ".editors"
FACT = "aicheck: a.py:5 TRU001 cut off: the text ends inside '(' opened on line 5; the rest is missing"
CALL = "toolu_01abcdefghijklmnopqrst"
SECONDS = 240.0

pytestmark = [pytest.mark.e2e, pytest.mark.skipif(os.name == "nt", reason="needs scripts for sh")]


class Place:
    """A home and a project, and what runs there."""

    def __init__(self, folder: Path) -> None:
        self.home, self.work, programs = folder / "home", folder / "work", folder / "bin"
        for each in (self.home, self.work, programs):
            each.mkdir()
        self.program = programs / "aicheck"
        search = os.pathsep.join(str(ROOT / part) for part in ("app", "checks", "lsp_server"))
        run = "from aicheck_app.cli.main import main; main()"
        self.program.write_text(f"#!/bin/sh\nPYTHONPATH='{search}' exec '{sys.executable}' -c '{run}' \"$@\"\n")
        self.program.chmod(0o755)
        self.environment = {
            "HOME": str(self.home), "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "AICHECK_HOME": str(folder / "log"),
            "TMPDIR": str(folder), "PI_OFFLINE": "1", "OPENCODE_DISABLE_MODELS_FETCH": "1", "OPENCODE_DISABLE_AUTOUPDATE": "1",
            "OPENCODE_DISABLE_DEFAULT_PLUGINS": "1", "npm_config_registry": "http://127.0.0.1:9",
        }  # fmt: skip

    def run(self, *command: str | Path) -> str:
        """What a command prints."""
        done = subprocess.run(
            list(map(str, command)), cwd=self.work, env=self.environment, capture_output=True, text=True, stdin=subprocess.DEVNULL,
            timeout=SECONDS, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout


def opencode(place: Place, address: str) -> list[str | Path]:
    model = {"npm": "@ai-sdk/anthropic", "options": {"baseURL": f"{address}/v1", "apiKey": "x"}, "models": {"m": {}}}
    settings = {"model": "fake/m", "small_model": "fake/m", "permission": "allow", "provider": {"fake": model}}
    (place.work / "opencode.json").write_text(json.dumps(settings))
    return [EDITORS / "opencode/node_modules/.bin/opencode", "run", "write it"]


def pi(place: Place, address: str) -> list[str | Path]:
    model = {"id": "m", "contextWindow": 100_000, "maxTokens": 1_000}
    provider = {"baseUrl": address, "apiKey": "x", "api": "anthropic-messages", "models": [model]}
    folder = place.home / ".pi/agent"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "models.json").write_text(json.dumps({"providers": {"fake": provider}}))
    return [EDITORS / "pi/node_modules/.bin/pi", "--provider", "fake", "--model", "m", "-p", "write it"]


CLIENTS = {"opencode": (opencode, "filePath"), "pi": (pi, "path")}


@pytest.mark.parametrize("name", extensions.MODULES)
def test_the_model_hears_of_a_damaged_file_which_is_counted_once(tmp_path: Path, name: str) -> None:
    if not (EDITORS / name).is_dir():
        pytest.skip(f"no {name} here: python3 scripts/setup_editors.py {name} (200 MB or more)")
    client, argument = CLIENTS[name]
    place, asked = Place(tmp_path), []

    def answer(body: dict[str, Any]) -> dict[str, Any]:
        asked.append(json.dumps(body["messages"]))
        given = {argument: str(place.work / "a.py"), "content": CUT}
        writes = any(tool["name"] == "write" for tool in body.get("tools", [])) and "tool_result" not in asked[-1]
        call = {"type": "tool_use", "id": CALL, "name": "write", "input": given}
        return {
            "id": f"msg_{len(asked)}", "type": "message", "role": "assistant", "model": "m",
            "content": [call if writes else {"type": "text", "text": "done"}], "stop_reason": "tool_use" if writes else "end_turn",
            "stop_sequence": None, "usage": {"input_tokens": 5, "output_tokens": 4},
        }  # fmt: skip

    with serving(answer) as address:
        place.run(place.program, "init", name, "--yes")
        place.run(*client(place, address))
    assert (place.work / "a.py").read_text() == CUT
    assert [messages.count(FACT) for messages in asked if "tool_result" in messages] == [1]
    place.run(place.program, "ingest")
    (output,) = json.loads(place.run(place.program, "log", "list", "--format", "json"))["outputs"]
    known = {key: output[key] for key in ("agent", "model", "tool_use", "tool", "verdict", "path", "attribution")}
    assert known == {
        "agent": name, "model": "m", "tool_use": CALL, "tool": "write", "verdict": "suspect", "path": "a.py", "attribution": "hook",
    }  # fmt: skip
