"""What is left out: by default, by the settings and by options, the same through every door."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from aicheck_app.cli.group import aicheck
from aicheck_app.config import load
from aicheck_app.errors import AicheckError
from aicheck_app.excluded import DEFAULT, REASON, Excludes
from aicheck_app.hook.handle import handle
from aicheck_app.log.store import Log
from aicheck_checks.languages import LANGUAGES
from tests.app.test_check import BAD, git, invoke, work

__all__ = ["work"]
SETTINGS = 'extend-exclude = ["gen", "/web/out/*.py", "*_made.py"]\n'
LEFT_OUT = ("a/gen/b/x.py", "web/out/x.py", "a/b/c_made.py", "vendor/x.py", "a/node_modules/b/x.py", "build/x.py")
CHECKED = ("a/x.py", "a/web/out/x.py", "web/x.py", "generated/x.py", "a/vendored.py")


def lay(root: Path) -> None:
    (root / "aicheck.toml").write_text(SETTINGS)
    for name in LEFT_OUT + CHECKED:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(BAD)


def checked(*arguments: str) -> set[str]:
    return {found["path"] for found in json.loads(invoke("check", "--format", "json", *arguments).stdout)["findings"]}


@pytest.mark.parametrize("repository", [True, False])
def test_folders_leave_out_what_the_settings_and_the_defaults_say(
    work: Path, repository: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(work)
    if repository:
        git("init", "-q")
    assert checked() == set(CHECKED)
    assert checked("web") == {"web/x.py"}
    assert checked("vendor", "build") == {"vendor/x.py", "build/x.py"}
    monkeypatch.chdir(work / "web")
    assert checked("..") == {os.path.relpath(work / name) for name in CHECKED}
    monkeypatch.chdir(work.parent)
    assert checked("work", "--exclude", "a") >= {"work/web/x.py", "work/generated/x.py"}
    assert not any(name.startswith("work/a/") for name in checked("work", "--exclude", "a"))


@pytest.mark.parametrize("name", LEFT_OUT)
def test_a_named_file_is_checked_unless_excludes_are_forced(work: Path, name: str) -> None:
    lay(work)
    assert checked(name) == {name}
    done = invoke("check", "--force-exclude", name)
    assert (done.return_value, done.stdout) == (0, "nothing checked\n")
    assert "no files found to check" in done.stderr
    assert checked("--force-exclude", name, "a/x.py") == {"a/x.py"}
    (work / "aicheck.toml").write_text(f'exclude = ["{name.split("/")[0]}/"]\n')
    assert checked("--force-exclude", name.split("/")[0], "generated") == {"generated/x.py"}
    text = CliRunner().invoke(
        aicheck, ["check", "--force-exclude", "-", "--stdin-filename", name], input=BAD, standalone_mode=False
    )
    assert text.return_value == 0


@pytest.mark.parametrize("arguments", [("--staged",), ("--diff", "HEAD")])
def test_changes_leave_out_the_same(work: Path, arguments: tuple[str, ...]) -> None:
    git("init", "-q")
    git("commit", "-qm", "a", "--allow-empty")
    lay(work)
    git("add", "-A")
    assert checked(*arguments) == set(CHECKED)
    assert checked(*arguments, "vendor/x.py", "web") == {"vendor/x.py", "web/x.py"}
    assert checked(*arguments, "--force-exclude", "vendor/x.py", "web") == {"web/x.py"}


@pytest.mark.parametrize("name", [*LEFT_OUT, *CHECKED])
def test_a_hook_logs_what_is_left_out_as_unchecked(work: Path, name: str) -> None:
    lay(work)
    given = {"file_path": str(work / name), "content": BAD}
    payload = {
        "session_id": "s",
        "cwd": str(work),
        "hook_event_name": "PostToolUse",
        "tool_name": "Write",
        "tool_use_id": name,
    }
    said = handle(json.dumps(payload | {"tool_input": given, "tool_response": {}}).encode(), str(work))
    with Log(read_only=True) as log:
        (record,) = log.bodies("kind = 'output'")
    assert (record["verdict"], record.get("reason", "")) == (
        ("unchecked", REASON) if name in LEFT_OUT else ("suspect", "")
    )
    assert bool(said) == (name in CHECKED)


def test_exclude_replaces_the_defaults_and_can_be_taken_back(work: Path) -> None:
    lay(work)
    (work / "aicheck.toml").write_text('exclude = ["a", "!/a"]\n')
    assert checked() == set(CHECKED + LEFT_OUT)
    (work / "aicheck.toml").write_text('exclude = ["*", "!/web", "!/web/x.py"]\n')
    assert checked() == {"web/x.py"}


def test_without_settings_the_defaults_hold_from_the_project_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "build" / "vendor" / "project"
    (root / "dist").mkdir(parents=True)
    for name in ("x.py", "dist/x.py"):
        (root / name).write_text(BAD)
    monkeypatch.chdir(root)
    assert checked() == {"x.py"}
    assert load().excludes.has(str(root / "dist/x.py"))
    assert not load().excludes.has(str(root / "x.py"))
    assert not Excludes().has(str(root / "dist/x.py"))


def test_ruffs_own_excludes_are_among_the_defaults() -> None:
    said = subprocess.run(
        ["ruff", "config", "exclude"], check=True, capture_output=True, text=True, env=os.environ | {"PATH": _beside()}
    ).stdout
    theirs = set(json.loads(said.partition("Default value: ")[2].partition("\n")[0]))
    assert len(theirs) > 15
    assert theirs <= set(DEFAULT)


def _beside() -> str:
    from aicheck_checks.tools import ruff

    return os.path.dirname(ruff.executable() or "")


def test_rules_are_ignored_by_file_through_every_door(work: Path) -> None:
    (work / "aicheck.toml").write_text(
        '[per-file-ignores]\n"tests/**" = ["IMP", "ELI001"]\n"*_gen.py" = ["IMP001"]\n"!src/" = ["ELI001"]\n'
    )
    damaged = BAD + "\n\ndef g(a):\n    # ... existing code ...\n    pass\n"
    for name in ("tests/a/x.py", "a_gen.py", "x.py", "src/x.py"):
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_text(damaged)
    codes = {"ELI001", "IMP001"}
    expected: dict[str, set[str]] = {"tests/a/x.py": set(), "a_gen.py": set(), "x.py": {"IMP001"}, "src/x.py": codes}
    for name, left in expected.items():
        for arguments in ((name,), (str(work / name),), ("-", "--stdin-filename", name)):
            done = invoke("check", "--format", "json", *arguments, data=damaged)
            found = {f["code"] for f in json.loads(done.stdout)["findings"]}
            assert found & codes == left, (name, arguments)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('exclude = "build"\n', "'exclude' must be a list of patterns"),
        (f'extend-exclude = ["{"a*" * 300}"]\n', "is longer than 500 characters"),
        ('[per-file-ignores]\n"x" = "IMP"\n', "must be a table of patterns with codes"),
        ('[per-file-ignores]\n"x" = ["NOPE"]\n', "no rule has the code 'NOPE'"),
        ('per-file-ignores = ["x"]\n', "must be a table"),
        ("notes = 1\n", "'notes' must be true or false"),
    ],
)
def test_wrong_settings_are_named(work: Path, text: str, says: str) -> None:
    (work / "aicheck.toml").write_text(text)
    with pytest.raises(AicheckError, match=says.replace("(", ".")):
        load()


def test_patterns_and_names_of_any_length_take_little_time(work: Path) -> None:
    worst = (
        "**/" + "a*a*/" * 40 + "**/b",
        "a*a*/" * 15 + "b",
        "*a" * 200 + "b",
        "**/a/" * 90 + "b",
        "[a-z]*" * 70 + "/b",
    )
    excludes = load().excludes.also(worst, str(work))
    began = time.process_time()
    for name in ("a" * 255, "/".join(["a" * 255] * 15), "/".join("a" * 2_000)):
        excludes.has(str(work / name / "x.py"))
    assert time.process_time() - began < 5


def test_a_folder_that_can_not_be_read_is_a_failure(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (work / "shut").mkdir()
    (work / "a.py").write_text("x = 1\n")
    real = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    done = invoke("check", ".")
    assert done.return_value == 2
    assert "shut: can't be read: Permission denied" in done.stderr
    assert "incomplete: 1 file checked" in done.stdout


def test_a_file_that_can_not_be_read_is_a_failure_also_where_nobody_named_it(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (work / "a.py").write_text("x = 1\n")

    def refuse(path: str, _: int) -> bytes:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr("aicheck_app.checking.read_bytes", refuse)
    done = invoke("check", ".")
    assert done.return_value == 2
    assert "a.py: can't be read: Permission denied" in done.stderr


def test_what_is_not_checked_is_one_line(work: Path) -> None:
    for number in range(3):
        (work / f"{number}.py").write_bytes(b"a\0b")
        (work / f"{number}.png").write_text("x")
    (work / "large.py").write_text("x = 1\n" * 1000)
    (work / "aicheck.toml").write_text("max-bytes = 100\n")
    names = sorted(path.name for path in work.iterdir() if path.suffix != ".toml")
    line = "7 not checked: language not recognised (3), binary (3), larger than 100 bytes (1); -v names them"
    assert invoke("check", *names).stdout == f"{line}\nnothing checked, 7 unchecked\n"
    assert invoke("check", "-v", *names).stdout.count("unchecked: ") == 7
    assert invoke("check", "--format", "github", *names).stdout == f"::notice title=unchecked::{line}\n"


def test_files_without_a_grammar_are_counted_by_language(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for one in LANGUAGES:
        if one.name in ("lua", "sql"):
            monkeypatch.setitem(vars(one), "missing", f"no grammar for {one.name}: install it")
    for name in ("1.lua", "2.lua", "3.sql"):
        (work / name).write_text("x\n")
    line, _ = invoke("check").stdout.splitlines()
    assert line == "3 not checked: 2 Lua, 1 SQL; -v names them"
    assert "1.lua: unchecked: no grammar for lua: install it\n" in invoke("check", "--verbose").stdout


def test_nothing_to_check_is_told(work: Path) -> None:
    for arguments, says in (
        ((), "no files found to check"), (("--staged",), "nothing is staged that can be checked"),
        (("--diff", "HEAD"), "nothing has changed that can be checked"),
    ):  # fmt: skip
        if arguments:
            git("init", "-q")
            git("commit", "-qm", "a", "--allow-empty")
        done = invoke("check", *arguments)
        assert (done.return_value, done.stdout) == (0, "nothing checked\n")
        assert says in done.stderr
