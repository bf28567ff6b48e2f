"""Setting up agents: each change is previewed, made once, and taken back whole; and what was put there runs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from aicheck_app.cli.group import aicheck
from aicheck_app.hook import extensions, setup
from aicheck_app.hook.event import parse

AGENTS = [*setup.TARGETS, *extensions.EXTENSIONS]
CUT = "def f(x):\n    return f(x,\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def init(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(aicheck, ["init", *arguments], standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return done.return_value or 0, done.output


def files(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and "aicheck-home" not in str(path)
    }


@pytest.mark.parametrize("where", [[], ["--project"]])
@pytest.mark.parametrize("name", AGENTS)
def test_it_is_shown_made_once_and_taken_back(folder: Path, name: str, where: list[str]) -> None:
    before = files(folder)
    code, said = init(name, "--yes", *where)
    made = files(folder)
    assert code == 0
    assert "+" in said  # the change was shown
    assert set(made) > set(before)
    assert "nothing to do" in init(name, "--yes", *where)[1]
    assert files(folder) == made
    init(name, "--remove", "--yes", *where)
    assert files(folder) == before


def test_what_another_put_there_is_kept(folder: Path) -> None:
    place = folder / "home/.config/opencode/plugins/aicheck.js"
    place.parent.mkdir(parents=True)
    place.write_text("export const Mine = 1;\n")
    with pytest.raises(Exception, match="another file"):
        init("opencode", "--yes")
    assert place.read_text() == "export const Mine = 1;\n"


def test_only_who_asks_for_the_guard_gets_its_hook(folder: Path, home: Path) -> None:
    init("claude-code", "--yes")
    settings = folder / "home/.claude/settings.json"
    assert "PreToolUse" not in json.loads(settings.read_text())["hooks"]
    home.mkdir(parents=True, exist_ok=True)
    (home / "aicheck.toml").write_text("[hook]\nguard = true\n")
    init("claude-code", "--yes")
    assert json.loads(settings.read_text())["hooks"]["PreToolUse"][0]["matcher"] == "Bash"
    init("claude-code", "--remove", "--yes")
    assert not settings.exists()


@pytest.mark.parametrize("name", setup.TARGETS)
def test_every_event_that_is_installed_is_known(name: str) -> None:
    target = setup.TARGETS[name]
    for event in (*(event for event, _, _ in target.events), *filter(None, target.guard[:1])):
        found = parse(json.dumps({"hook_event_name": event, "session_id": "s"}).encode(), "/", target.agent)
        assert found is not None
        assert found.name != "other"


def made(name: str, folder: Path) -> Path:
    """The file for an agent, whose program says what it is given, as if it had found something."""
    program = folder / "aicheck"
    program.write_text(
        f'#!/bin/sh\ncat >> {folder}/given\necho \'{{"hookSpecificOutput": {{"additionalContext": "a fact"}}}}\'\n'
    )
    program.chmod(0o755)
    path = folder / "made.mjs"
    text = extensions.text_of(name, extensions.EXTENSIONS[name], str(program))
    path.write_text(text)
    return path


RUNS = {
    "opencode": """const hooks = await m.Aicheck({ directory: "/w" });
        const result = { output: "done" };
        await hooks["tool.execute.after"]({ tool: "write", sessionID: "s", callID: "c", args: { filePath: "/w/a.py", content: "x" } }, result);
        await hooks["tool.execute.after"]({ tool: "read", sessionID: "s", callID: "d", args: {} }, { output: "" });
        console.log(result.output);""",
    "pi": """const on = {};
        m.default({ on: (name, run) => (on[name] = run) });
        const ctx = { cwd: "/w", sessionManager: { getSessionId: () => "s" }, model: { id: "m" } };
        const said = await on.tool_result({ toolName: "write", toolCallId: "c", input: { path: "/w/a.py", content: "x" }, content: [], isError: false }, ctx);
        await on.tool_result({ toolName: "read", toolCallId: "d", input: {}, content: [], isError: false }, ctx);
        console.log(said.content[0].text);""",
}


@pytest.mark.skipif(shutil.which("node") is None or os.name == "nt", reason="needs node and a script for sh")
@pytest.mark.parametrize("name", RUNS)
def test_the_file_hands_an_edit_on_and_its_answer_back(tmp_path: Path, name: str) -> None:
    path = made(name, tmp_path)
    done = subprocess.run(
        ["node", "--input-type=module", "-e", f"const m = await import('{path}');\n{RUNS[name]}"], capture_output=True, text=True, check=True
    )  # fmt: skip
    assert done.stdout.strip().endswith("a fact")
    given = (tmp_path / "given").read_bytes()
    found = parse(given, "/", name)
    assert found is not None
    assert (found.agent, found.name, found.session, found.tool_use, found.cwd) == (name, "edit", "s", "c", "/w")


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_without_the_program_the_agent_s_work_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "made.mjs"
    path.write_text(extensions.text_of("opencode", extensions.EXTENSIONS["opencode"], str(tmp_path / "none")))
    run = RUNS["opencode"]
    done = subprocess.run(
        ["node", "--input-type=module", "-e", f"const m = await import('{path}');\n{run}"], capture_output=True, text=True, check=True
    )  # fmt: skip
    assert done.stdout.strip() == "done"


@pytest.mark.skipif(shutil.which("node") is None or os.name == "nt", reason="needs node, and links")
@pytest.mark.parametrize(
    ("place", "target"),
    [
        ("w/bin", "own"), ("w/bin", "/bin/sh"), ("w", "/bin/sh"), ("out", "../w/hook"),
        ("node_modules/.bin", "own"), ("node_modules/.bin", "/bin/sh"),
    ],
)  # fmt: skip
def test_no_program_of_the_project_is_started(tmp_path: Path, place: str, target: str) -> None:
    """Nor a shell by the project's own link, which would run the project's file ``hook``; nor what npm put above it."""
    project, folder = tmp_path / "w", tmp_path / place
    for one in (project, folder):
        one.mkdir(parents=True, exist_ok=True)
    (project / "hook").write_text(f"#!/bin/sh\n: > {tmp_path}/started\n")
    (project / "hook").chmod(0o755)
    if target == "own":
        shutil.copy(project / "hook", folder / "aicheck")
    else:
        (folder / "aicheck").symlink_to(target)
    (tmp_path / "made.mjs").write_text(extensions.text_of("opencode", extensions.EXTENSIONS["opencode"], "aicheck"))
    run = RUNS["opencode"].replace('"/w"', json.dumps(str(project)))
    done = subprocess.run(
        [str(shutil.which("node")), "--input-type=module", "-e", f"const m = await import('{tmp_path}/made.mjs');\n{run}"],
        cwd=project, env={**os.environ, "PATH": str(folder)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "done"
    assert not (tmp_path / "started").exists()
