"""Settings and manifests of any shape are told of in a line, and cost neither a check nor a record nor a caller."""

from __future__ import annotations

import json
import os
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from aicheck_app.capture.ingest import Ingest
from aicheck_app.cli.group import aicheck as group
from aicheck_app.config import Config
from aicheck_app.log.store import Log
from tests.app.transcripts import assistant, result, use, write
from tests.lsp.client import Client
from tests.security.processes import aicheck

if TYPE_CHECKING:
    from pathlib import Path

ODD = {
    "tool is a number": ("pyproject.toml", "tool = 1\n# aicheck\n", 0),
    "tool.aicheck is a list": ("pyproject.toml", "tool.aicheck = [1]\n", 2),
    "nested deep": ("aicheck.toml", "a = " + "[" * 5_000 + "]" * 5_000, 2),
    "nested tables": ("aicheck.toml", "a = " + "{b = " * 5_000 + "1" + "}" * 5_000, 2),
    "dotted": ("aicheck.toml", "a." * 300_000 + "a = 1", 2),
    "not TOML": ("aicheck.toml", "= = =", 2),
    "not UTF-8": ("aicheck.toml", "\udcff", 2),
    "a number of many digits": ("aicheck.toml", "max-bytes = " + "9" * 5_000, 2),
    "lists in lists": ("aicheck.toml", "tools = [[1]]\nselect = [{}]", 2),
    "a table for a word": ("aicheck.toml", "excerpt = {a = 1}", 2),
    "a long key": ("aicheck.toml", f"{'k' * 200_000} = 1", 2),
    "escape codes": ("aicheck.toml", '"\\u001b[31m" = 1', 2),
    "huge": ("aicheck.toml", "# \n" * 1_000_000, 2),
    "unreadable": ("aicheck.toml", None, 2),
    "a folder": ("aicheck.toml", "", 0),
}  # fmt: skip


def lay(folder: Path, kind: str) -> None:
    name, text, _ = ODD[kind]
    if kind == "a folder":
        (folder / name).mkdir()
    elif text is None:
        (folder / name).symlink_to(
            "/proc/1/mem" if os.geteuid() else "/proc/self/mem"
        )  # a regular file that can't be read
    else:
        (folder / name).write_bytes(text.encode("utf-8", "surrogateescape"))


@pytest.mark.e2e
@pytest.mark.parametrize("kind", ODD)
def test_a_command_says_in_a_line_what_is_wrong(kind: str, tmp_path: Path) -> None:
    lay(tmp_path, kind)
    (tmp_path / "a.py").write_text("x = 1\n")
    done = aicheck(tmp_path, "check", "a.py", seconds=10)
    assert done.returncode == ODD[kind][2], done.stderr[-300:]
    assert b"Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == (1 if ODD[kind][2] else 0)
    assert len(done.stderr) < 1_000
    assert b"\x1b" not in done.stderr


@pytest.mark.e2e
@pytest.mark.parametrize("kind", ODD)
def test_a_hook_tells_and_logs_all_the_same(kind: str, tmp_path: Path, home: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    lay(work, kind)
    payload = {
        "hook_event_name": "PostToolUse", "session_id": "s", "cwd": str(work), "tool_name": "Write", "tool_use_id": "t",
        "transcript_path": "", "tool_input": {"file_path": str(work / "a.py"), "content": "def f(:\n"},
    }  # fmt: skip
    done = aicheck(work, "hook", "--agent", "claude-code", data=json.dumps(payload), AICHECK_HOOK_HELPER="off")
    assert b"a.py" in done.stdout
    with sqlite3.connect(home / "log.sqlite3") as log:
        assert log.execute("SELECT verdict FROM records").fetchall() == [("suspect",)]


@pytest.mark.e2e
@pytest.mark.parametrize("kind", ["tool.aicheck is a list", "nested deep", "lists in lists", "unreadable"])
def test_an_editor_shows_findings_all_the_same(kind: str, tmp_path: Path) -> None:
    lay(tmp_path, kind)
    server = Client(str(tmp_path))
    uri = server.open(str(tmp_path / "a.py"), "x = (1\n")
    assert server.diagnostics(uri, 1, lambda found: found)
    assert ODD[kind][0] in server.notification("window/showMessage")["message"]
    server.kill()


@pytest.mark.parametrize("kind", ODD)
def test_a_watched_client_is_given_back(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from aicheck_app.capture.anthropic_api import watch

    class Plain:
        """What of a client is used before its first response."""

        def with_middleware(self, _: object) -> Plain:
            return self

    lay(tmp_path, kind)
    monkeypatch.chdir(tmp_path)
    assert watch(Plain()) is not None


MANIFESTS = {
    "Cargo.toml": ("a.rs", "use serde::Serialize;\n", ("package = 1", "[dependencies]\n[target]\nx = 1", "lib = []", "[package]\nname = 1")),
    "pyproject.toml": ("a.py", "import requests\n", ("project = 1", "[project]\ndependencies = 1", "[[tool]]\na = 1", "[[project]]\nname=1")),
    "package.json": ("a.ts", "import x from 'left-pad';\n", ("[]", "1", '{"dependencies": 1}', "[" * 100_000, '{"name": []}', '{"workspaces": {}}')),
    "tsconfig.json": ("a.ts", "import x from 'left-pad';\n", ("[]", '{"compilerOptions": 1}', '{"compilerOptions": {"paths": []}}', "{" * 100_000)),
    "composer.json": ("a.php", "<?php\nnamespace App\\X;\n\nclass A extends B {}\n", ("[]", "1", '{"autoload": 1}', "[" * 100_000)),
    "go.mod": ("a.go", 'package a\nimport "x.y/z"\nvar _ = z.A\n', ("\0", "module", "require (" * 1_000)),
    "uv.lock": ("a.py", "import requests\n", ("package = 1", "[[package]]\nname = []", "package = [1]")),
}  # fmt: skip


@pytest.mark.e2e
@pytest.mark.parametrize("name", MANIFESTS)
def test_a_manifest_of_any_shape_leaves_no_text_unchecked(name: str, tmp_path: Path) -> None:
    file, text, shapes = MANIFESTS[name]
    for number, shape in enumerate(shapes):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / name).write_text(shape)
        (folder / "package.json").touch() if name == "tsconfig.json" else None
        (folder / file).write_text(text)
    done = aicheck(tmp_path, "check", ".", "--format", "json")
    assert done.returncode in (0, 1), done.stderr
    assert [one for one in json.loads(done.stdout)["unchecked"] if not one["path"].endswith(name)] == []


BROKEN = "def f(:\n"
HIDES = {
    "rules": 'ignore = ["SYN", "IMP", "TRU", "ELI", "COR"]',
    "files": 'exclude = ["**"]',
    "sizes": "max-bytes = 1",
    "a wrong key": "excludes = 1",
}


def session(file: Path, folder: str, name: str) -> None:
    content = {"filePath": f"{folder}/a.py", "originalFile": None}
    call = use(f"toolu_{name}_0123456789abcdef", "Write", file_path=f"{folder}/a.py", content=BROKEN)
    about: Any = {"cwd": folder, "sessionId": name}
    write(file, assistant(f"m-{name}", call, **about), result(f"toolu_{name}_0123456789abcdef", content, **about))


def ingested(monkeypatch: pytest.MonkeyPatch, folder: Path, *files: Path) -> tuple[str, dict[str, str]]:
    """What an ingest says that is called in a folder, and the verdicts by session."""
    monkeypatch.chdir(folder)
    done = CliRunner().invoke(group, ["ingest", *map(str, files)])
    assert done.exit_code == 0, done.output
    with Log(read_only=True) as log:
        return done.output, {body["session"]: body["verdict"] for body in log.bodies("kind = 'output'")}


@pytest.mark.parametrize("kind", HIDES)
def test_the_folder_one_stands_in_judges_no_session_of_another(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, other = tmp_path / "cloned", tmp_path / "mine"
    here.mkdir()
    other.mkdir()
    (here / "aicheck.toml").write_text(f"{HIDES[kind]}\n")
    session(tmp_path / "s" / "a.jsonl", str(other), "mine")
    session(tmp_path / "s" / "b.jsonl", "/no/such/folder", "gone")
    _, verdicts = ingested(monkeypatch, here, tmp_path / "s")
    assert verdicts == {"mine": "suspect", "gone": "suspect"}


@pytest.mark.parametrize("kind", HIDES)
def test_a_session_is_judged_by_the_settings_of_its_own_folder(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "aicheck.toml").write_text(f"{HIDES[kind]}\n")
    for name in ("a", "b"):
        session(tmp_path / "s" / f"{name}.jsonl", str(own), name)
    said, verdicts = ingested(monkeypatch, tmp_path, tmp_path / "s")
    expected = {"rules": "clean", "files": "unchecked", "sizes": "unchecked", "a wrong key": "suspect"}[kind]
    assert verdicts == {"a": expected, "b": expected}
    assert said.count("unknown setting 'excludes'; did you mean") == (kind == "a wrong key")


def test_a_setting_of_the_user_s_that_is_wrong_ends_an_ingest(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.mkdir()
    (home / "aicheck.toml").write_text("excludes = 1\n")
    session(tmp_path / "s.jsonl", "/no/such/folder", "a")
    done = CliRunner().invoke(group, ["ingest", str(tmp_path / "s.jsonl")])
    assert done.exit_code != 0


def test_sessions_of_elsewhere_ask_no_folder(tmp_path: Path) -> None:
    (tmp_path / "aicheck.toml").write_text(HIDES["files"])
    session(tmp_path / "s.jsonl", str(tmp_path), "a")
    with Log() as log:
        Ingest(log, Config(), here=False).run([str(tmp_path / "s.jsonl")])
        assert [body["verdict"] for body in log.bodies("kind = 'output'")] == ["suspect"]
