"""``aicheck init`` without a command, and what ``doctor`` says of what is set up."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from aicheck_app.cli import doctor
from aicheck_app.cli import init as init_command
from aicheck_app.cli.group import aicheck


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home with nothing on the path, and the working folder."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.chdir(tmp_path)
    return folder


def init(*arguments: str, given: str | None = None) -> tuple[int, str]:
    done = CliRunner().invoke(aicheck, ["init", *arguments], input=given, standalone_mode=False)
    return done.return_value or 0, done.output


def test_where_nothing_is_found_that_is_said(home: Path) -> None:
    code, said = init()
    assert code == 0
    assert "no agent, editor, pre-commit or CI was found" in said


def test_each_thing_found_is_offered(home: Path) -> None:
    (home / ".claude").mkdir()
    (home / ".gemini").mkdir()
    Path(".github/workflows").mkdir(parents=True)
    code, said = init(given="y\nn\n")
    assert code == 0
    settings = json.loads((home / ".claude/settings.json").read_text())
    assert settings["hooks"]["PostToolUse"][0]["hooks"][0]["command"].endswith("aicheck hook")
    assert not (home / ".gemini/settings.json").exists()
    assert said.index("== Claude Code") < said.index("== Gemini CLI") < said.index("== GitHub Actions")
    assert "nothing was changed" in said


def test_without_anybody_to_ask_each_says_so_and_the_exit_code_does(home: Path) -> None:
    (home / ".claude").mkdir()
    code, said = init()
    assert code == 2
    assert "--yes" in said
    assert not (home / ".claude/settings.json").exists()
    assert init("--yes")[0] == 0
    assert (home / ".claude/settings.json").exists()


def test_hooks_name_the_program_by_its_place_but_for_settings_of_a_team(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(init_command, "installed", lambda _: "/opt/venv/bin/aicheck")
    assert init("claude-code", "--yes")[0] == 0
    assert '"/opt/venv/bin/aicheck hook"' in (home / ".claude/settings.json").read_text()
    assert init("claude-code", "--project", "--yes")[0] == 0
    assert '"aicheck hook"' in Path(".claude/settings.json").read_text()
    monkeypatch.setattr(init_command, "installed", lambda _: "/usr/local/bin/aicheck")
    assert init("gemini", "--yes")[0] == 0
    assert '"aicheck hook"' in (home / ".gemini/settings.json").read_text()


def said_of_hooks() -> list[tuple[bool, str]]:
    return doctor._hooks()


@pytest.mark.skipif(os.name == "nt", reason="a script for sh")
def test_doctor_runs_the_hooks(home: Path, tmp_path: Path) -> None:
    assert said_of_hooks()[0][0]
    program = tmp_path / "aicheck"
    program.write_text(
        f"#!/bin/sh\nexec '{sys.executable}' -c 'from aicheck_app.cli.main import main; main()' \"$@\"\n"
    )
    program.chmod(0o755)
    (home / ".claude").mkdir()
    hook = {"type": "command", "command": f"{program} hook"}
    file = home / ".claude/settings.json"
    file.write_text(json.dumps({"hooks": {"PostToolUse": [{"matcher": "Write", "hooks": [hook]}]}}))
    ((good, said),) = said_of_hooks()
    assert good, said
    program.write_text("#!/bin/sh\nexit 0\n")
    ((good, said),) = said_of_hooks()
    assert not good
    assert "does not tell of a damaged file (exit code 0)" in said


def test_doctor_runs_nothing_of_a_project_s_settings(home: Path) -> None:
    Path(".claude").mkdir()
    hook = {"type": "command", "command": "touch run; aicheck hook"}
    Path(".claude/settings.json").write_text(json.dumps({"hooks": {"PostToolUse": [{"hooks": [hook]}]}}))
    assert [good for good, _ in said_of_hooks()] == [True]
    assert not Path("run").exists()


def test_doctor_tells_a_home_that_can_not_be_written(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor._home()[0]

    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    good, said = doctor._home()
    assert not good
    assert "AICHECK_HOME" in said


@pytest.mark.skipif(os.name == "nt", reason="programs are told by their mode")
def test_doctor_tells_another_program_of_our_name(home: Path, tmp_path: Path) -> None:
    assert doctor._namesakes() == []
    other = tmp_path / "bin/aicheck"
    other.parent.mkdir()
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    ((good, said),) = doctor._namesakes()
    assert not good
    assert str(other) in said
