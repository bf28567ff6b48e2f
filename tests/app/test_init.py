"""``aicheck init``: merging hooks into whatever settings there are, and taking them out again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from aicheck_app.cli.group import aicheck
from aicheck_app.hook import setup

ROOT = Path(__file__).parents[2]
OTHER = {"matcher": "Bash", "hooks": [{"type": "command", "command": "say done"}]}


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("aicheck_app.cli.init.find", lambda name: f"/bin/{name}")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, answer: str = "y\n") -> tuple[int, str]:
    done = CliRunner().invoke(aicheck, ["init", *arguments], input=answer, standalone_mode=False)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def settings_of(target: setup.Target) -> Any:
    return json.loads(Path(setup.path_of(target, project=False)).read_text())


@pytest.mark.parametrize("agent", setup.TARGETS)
def test_hooks_are_put_in_once_and_taken_out_without_a_trace(user: Path, agent: str) -> None:
    target = setup.TARGETS[agent]
    assert run(agent)[0] == 0
    once = settings_of(target)
    assert sorted(once["hooks"]) == sorted(event for event, _, _ in target.events)
    assert "nothing to do" in run(agent)[1]
    assert settings_of(target) == once
    assert run(agent, "--remove")[0] == 0
    assert not Path(setup.path_of(target, project=False)).exists()


def test_what_else_is_in_the_settings_stays(user: Path) -> None:
    path = user / ".claude/settings.json"
    path.parent.mkdir()
    before = {"model": "x", "hooks": {"PostToolUse": [OTHER], "Stop": [OTHER]}}
    path.write_text(json.dumps(before))
    path.chmod(0o600)
    code, said = run("claude-code")
    assert code == 0
    assert '+            "command": "aicheck hook",' in said
    after = json.loads(path.read_text())
    assert after["hooks"]["PostToolUse"] == [
        OTHER, {"matcher": "Write|Edit|MultiEdit|NotebookEdit", "hooks": [{"type": "command", "command": "aicheck hook", "timeout": 20}]},
    ]  # fmt: skip
    assert path.stat().st_mode & 0o777 == 0o600
    run("claude-code", "--remove", "--yes")
    assert json.loads(path.read_text()) == before


def test_no_means_no(user: Path) -> None:
    assert "nothing was changed" in run("claude-code", answer="n\n")[1]
    assert not (user / ".claude/settings.json").exists()


def test_a_project_has_its_own_settings(user: Path) -> None:
    run("gemini", "--project", "--yes")
    hook = {"type": "command", "command": "aicheck hook", "timeout": 20_000}
    assert json.loads((user / ".gemini/settings.json").read_text()) == {
        "hooks": {"AfterTool": [{"matcher": "write_file|replace", "hooks": [hook]}]}
    }


@pytest.mark.parametrize("text", ["{", "[]", '{"hooks": 5}', "// comment\n{}"])
def test_settings_that_can_not_be_merged_are_left_alone(user: Path, text: str) -> None:
    path = user / ".claude/settings.json"
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(Exception, match="nothing was changed"):
        run("claude-code", "--yes")
    assert path.read_text() == text


def test_the_plugin_runs_the_same_hooks_as_the_settings(user: Path) -> None:
    plugin = json.loads((ROOT / "editors/claude-code/hooks-plugin/hooks/hooks.json").read_text())["hooks"]
    events = {event: (matcher, seconds) for event, matcher, seconds in setup.TARGETS["claude-code"].events}
    found = {event: (group.get("matcher", ""), group["hooks"][0]["timeout"]) for event, (group,) in plugin.items()}
    assert found == events
    assert all(setup._runs_us(group["hooks"][0]) for (group,) in plugin.values())


def test_the_marketplace_names_plugins_that_are_there() -> None:
    market = json.loads((ROOT / ".claude-plugin/marketplace.json").read_text())
    for plugin in market["plugins"]:
        manifest = json.loads((ROOT / plugin["source"] / ".claude-plugin/plugin.json").read_text())
        assert manifest["name"] == plugin["name"]
