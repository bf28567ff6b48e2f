"""Two versions of a client, asked in turn: with programs that print what the real ones do."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from aicheck_app.canary.clients import KINDS, Clients, FailedError
from aicheck_app.cli.group import aicheck
from aicheck_app.errors import AicheckError
from aicheck_app.log.store import Log

GOOD = "```python\nimport os\n\n\ndef f(x):\n    return os.fspath(x)\n```\n"
TASK = """language = "python"
[[task]]
id = "python-f"
family = "elision"
prompt = "write f"
defines = ["f"]
min_lines = 2
max_tokens = 500
"""


def script(path: Path, text: str, *, failed: bool = False) -> str:
    """A program that prints what Claude Code 2.1 prints for one answer, and notes the folder that it runs in."""
    printed = {
        "type": "result", "is_error": failed, "result": text, "session_id": "5d0d", "stop_reason": "end_turn",
        "usage": {"input_tokens": 5, "cache_read_input_tokens": 100, "output_tokens": 42}, "modelUsage": {"claude-x": {}},
    }  # fmt: skip
    path.write_text(
        f"#!{sys.executable}\nimport os, sys\nopen({str(path)!r} + '.log', 'a').write(os.getcwd() + ' ' + repr(sys.argv[1:]) + chr(10))\n"
        f"print({json.dumps(printed)!r})\n"
    )
    path.chmod(0o755)
    return str(path)


def test_two_versions_are_asked_in_turn_and_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = script(tmp_path / "old", GOOD), script(tmp_path / "new", "Sorry.")
    (tmp_path / "tasks").mkdir()
    (tmp_path / "tasks/python.toml").write_text(TASK)

    def install(self: Clients, told: object) -> None:
        self.programs = {"claude-code@2.1.1": old, "claude-code@2.1.2": new}

    monkeypatch.setattr(Clients, "install", install)
    arguments = ["ab", "--client", "claude-code@2.1.1", "--client", "claude-code@2.1.2", "--tasks", str(tmp_path / "tasks"), "--repeat", "8", "--yes", "--format", "json"]  # fmt: skip
    done = CliRunner().invoke(aicheck, arguments, standalone_mode=False)
    found = json.loads(done.stdout)
    assert (found["pairs"], done.return_value) == (8, 1)
    with Log(read_only=True) as log:
        answers = list(log.bodies("kind = 'canary'"))
    assert {(one["model"], one["served"], one["verdict"]) for one in answers} == {
        ("claude-code@2.1.1", "claude-x", "passed"), ("claude-code@2.1.2", "claude-x", "failed"),
    }  # fmt: skip
    assert (answers[0]["input_tokens"], answers[0]["tokens"], answers[0]["message"]) == (105, 42, "5d0d")
    folders = [line.split()[0] for line in (tmp_path / "old.log").read_text().splitlines()]
    assert len(set(folders)) == 8
    assert not any(Path(folder).exists() for folder in folders)


def test_a_client_that_fails_is_an_error_of_the_run_and_not_of_the_answer(tmp_path: Path) -> None:
    with Clients(["claude-code@1.0", "codex@1.0"]) as clients:
        clients.programs = {"claude-code@1.0": script(tmp_path / "x", "limit reached", failed=True)}
        with pytest.raises(FailedError, match="limit reached"):
            clients.messages.create(model="claude-code@1.0", max_tokens=1, messages=[{"role": "user", "content": "x"}])


def test_what_codex_prints_is_read() -> None:
    lines = [
        {"type": "thread.started", "thread_id": "019f"}, {"type": "item.completed", "item": {"type": "reasoning", "text": "hm"}},
        {"type": "item.completed", "item": {"type": "agent_message", "text": GOOD}},
        {"type": "turn.completed", "usage": {"input_tokens": 9, "output_tokens": 3}},
    ]  # fmt: skip
    found = KINDS["codex"].read("\n".join(["warning: x", *map(json.dumps, lines)]))
    assert (found.text, found.given, found.taken, found.identifier) == (GOOD, 9, 3, "019f")


@pytest.mark.parametrize("series", ["claude-code", "nano@1.0", "claude-code@1.0;rm", "claude-code@../x"])
def test_what_is_no_version_of_a_client_is_an_error(series: str) -> None:
    with pytest.raises(AicheckError, match="no client with a version"):
        Clients([series])
