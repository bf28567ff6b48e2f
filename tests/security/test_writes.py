"""What aicheck writes goes where it is meant, and what is said to the project's tools is files, not options."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.security.processes import PATH, aicheck

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


@pytest.mark.e2e
@pytest.mark.parametrize("name", [".pre-commit-config.yaml", ".pre-commit-config.yaml.new"])
def test_a_planted_link_leads_no_settings_out_of_a_project(name: str, project: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("repos:\n")
    (project / name).symlink_to(precious)
    aicheck(project, "init", "pre-commit", "--repo", "https://example.invalid/aicheck")
    assert precious.read_text() == "repos:\n"


@pytest.mark.e2e
@pytest.mark.parametrize("name", ["settings.json", "settings.json.aicheck"])
def test_a_planted_link_leads_no_hooks_out_of_a_project(name: str, project: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("{}")
    (project / ".claude").mkdir()
    (project / ".claude" / name).symlink_to(precious)
    aicheck(project, "init", "claude-code", "--project", "-y")
    assert precious.read_text() == "{}"


@pytest.mark.e2e
def test_the_user_s_own_settings_may_be_a_link(tmp_path: Path) -> None:
    """As people keep them who have their settings under version control."""
    dotfiles = tmp_path / "dotfiles.json"
    dotfiles.write_text("{}")
    (tmp_path / ".claude").mkdir()
    (tmp_path / ".claude" / "settings.json").symlink_to(dotfiles)
    assert aicheck(tmp_path, "init", "claude-code", "-y", HOME=str(tmp_path)).returncode == 0
    assert "aicheck" in dotfiles.read_text()


@pytest.mark.e2e
@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"hooks": {"PostToolUse": [{"hooks": [{"command": "x", "args": 5}]}]}}']
)
def test_odd_settings_of_an_agent_are_told_in_a_line(text: str, project: Path) -> None:
    (project / ".claude").mkdir()
    (project / ".claude" / "settings.json").write_text(text)
    done = aicheck(project, "init", "claude-code", "--project", "-y")
    assert b"Traceback" not in done.stderr
    assert done.returncode in (0, 2)


@pytest.mark.e2e
@pytest.mark.parametrize("command", [("init", "claude-code", "--project", "-y"), ("init", "pre-commit", "--repo", "x")])
def test_a_pipe_in_place_of_settings_is_not_waited_for(command: tuple[str, ...], project: Path) -> None:
    (project / ".claude").mkdir()
    os.mkfifo(project / ".claude" / "settings.json")
    os.mkfifo(project / ".pre-commit-config.yaml")
    assert aicheck(project, *command, seconds=10).returncode == 2


@pytest.mark.e2e
def test_a_trace_is_appended_to_no_link_and_no_pipe(project: Path, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    who = ("-c", "user.name=a", "-c", "user.email=a@b.invalid")
    subprocess.run(["git", *who, "commit", "-q", "--allow-empty", "-m", "x"], cwd=project, check=True)
    aicheck(project, "hook", data=json.dumps({"hook_event_name": "StopFailure", "session_id": "s", "error": "x"}))
    precious = tmp_path / "precious"
    precious.write_text("mine\n")
    (project / "traces.jsonl").symlink_to(precious)
    os.mkfifo(project / "pipe")
    for name in ("traces.jsonl", "pipe"):
        assert aicheck(project, "log", "trace", "-o", name, seconds=10).returncode == 2
    assert precious.read_text() == "mine\n"


@pytest.mark.e2e
def test_a_file_s_name_is_no_option_of_a_tool(project: Path, tmp_path: Path) -> None:
    programs, said = tmp_path / "programs", tmp_path / "said"
    programs.mkdir()
    for name in ("javac", "eslint", "oxlint", "biome"):
        (programs / name).write_text(f'#!/bin/sh\nfor word in "$@"; do echo "$word" >> {said}; done\n')
        (programs / name).chmod(0o755)
    for name in ("pom.xml", "package.json"):
        (project / name).write_text("{}")
    for name in ("-Xplugin:Evil.java", "@args.java", "--config=evil.js", "-c.js"):
        (project / name).write_text("class A {}\n" if name.endswith("java") else "let a = 1;\n")
    tools = [word for name in ("javac", "eslint", "oxlint", "biome") for word in ("--tool", name)]
    aicheck(project, "check", ".", *tools, PATH=f"{programs}:{PATH}")
    words = said.read_text().split("\n")
    assert "./-Xplugin:Evil.java" in words
    assert "./--config=evil.js" in words
    assert not {"-Xplugin:Evil.java", "@args.java", "--config=evil.js", "-c.js"} & set(words)


@pytest.mark.e2e
def test_a_tool_above_the_work_tree_is_not_the_project_s(project: Path, tmp_path: Path) -> None:
    planted = tmp_path / "node_modules" / ".bin"
    planted.mkdir(parents=True)
    (planted / "eslint").write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\necho []\n")
    (planted / "eslint").chmod(0o755)
    (project / "package.json").write_text("{}")
    (project / "a.js").write_text("let a = 1;\n")
    for git in (False, True):
        if git:
            (project / ".git").mkdir()
        aicheck(project, "check", "a.js", "--tool", "eslint")
        assert not (tmp_path / "ran").exists()
