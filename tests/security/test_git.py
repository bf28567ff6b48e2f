"""git runs nothing that a repository's own configuration says, fetches nothing, and is not waited for without end."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from aicheck_app.capture import committed as committed_files
from aicheck_app.capture.committed import Committed
from aicheck_app.git import run

ENVIRONMENT = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
AUTHOR = ("-c", "user.name=a", "-c", "user.email=a@b.invalid", "-c", "commit.gpgsign=false")
COMMANDS = (
    ("check", "."),
    ("check", "docs"),
    ("check", "--staged"),
    ("check", "--staged", "--only-ai"),
    ("check", "--diff", "HEAD"),
    ("check", "--diff", "HEAD~1"),
    ("ingest", "--git", "HEAD~1..HEAD"),
    ("log", "trace"),
)


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *AUTHOR, *arguments], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def aicheck(folder: Path, *arguments: str, data: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-c", "from aicheck_app.cli.main import main; main()", *arguments]
    return subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, input=data, check=False)


@pytest.fixture
def repository(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(ENVIRONMENT, "AICHECK_HOME", str(home))
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    for number in range(2):
        (folder / "a.py").write_text(f"x = {number}\n")
        (folder / "b.py").write_text(f"y = {number}\n")
        git(folder, "add", ".")
        git(folder, "commit", "-qm", f"{number}\n\nCo-authored-by: Claude <noreply@anthropic.com>")
    (folder / "docs").mkdir()
    (folder / "docs" / "c.py").write_text("z = 1\n")
    return folder


@pytest.fixture
def witness(tmp_path: Path) -> Path:
    return tmp_path / "witness"


def script(witness: Path) -> str:
    """A program that leaves a trace and passes its input on."""
    path = witness.with_name("program.sh")
    path.write_text(f"#!/bin/sh\necho $0 $@ >> {witness}\ncat 2>/dev/null\n")
    path.chmod(0o755)
    return str(path)


def edit(repository: Path) -> None:
    """Changes of each kind, one of them with time and size of the version before (git then compares the contents)."""
    (repository / "a.py").write_text("x = 5\n")
    (repository / "b.py").write_text("y = 22\n")
    git(repository, "add", "b.py")
    stamp = (repository / ".git" / "index").stat().st_mtime_ns
    for name in ("a.py", "b.py"):
        os.utime(repository / name, ns=(stamp, stamp))


SETTINGS = {
    "file system monitor": {"core.fsmonitor": "PROGRAM"},
    "hooks": {"core.hooksPath": "HOOKS"},
    "text converter": {"diff.evil.textconv": "PROGRAM", "diff.evil.command": "PROGRAM"},
    "external diff": {"diff.external": "PROGRAM"},
    "clean filter": {"filter.evil.clean": "PROGRAM", "filter.evil.smudge": "PROGRAM", "filter.evil.required": "true"},
    "filter process": {"filter.evil.process": "PROGRAM", "filter.evil.required": "true"},
    "odd filter name": {"filter.evil=a\tb.clean": "PROGRAM"},
    "signatures": {"log.showSignature": "true", "gpg.program": "PROGRAM", "gpg.ssh.program": "PROGRAM"},
    "pager and editor": {"core.pager": "PROGRAM", "pager.log": "PROGRAM", "core.editor": "PROGRAM"},
}


@pytest.mark.e2e
@pytest.mark.parametrize("kind", SETTINGS)
def test_a_repository_s_configuration_starts_nothing(kind: str, repository: Path, witness: Path) -> None:
    program = script(witness)
    hooks = witness.with_name("hooks")
    hooks.mkdir()
    for name in ("post-index-change", "pre-auto-gc", "reference-transaction", "post-checkout"):
        (hooks / name).symlink_to(program)
    (repository / ".git" / "info" / "attributes").write_text("*.py diff=evil filter=evil\n")
    edit(repository)
    for name, value in SETTINGS[kind].items():
        git(repository, "config", name, value.replace("PROGRAM", program).replace("HOOKS", str(hooks)))
    witness.unlink(missing_ok=True)
    for command in COMMANDS:
        assert aicheck(repository, *command).returncode in (0, 1), command
    payload = f'{{"hook_event_name": "%s", "session_id": "s", "cwd": "{repository}", "transcript_path": ""}}'
    for event in ("SessionStart", "UserPromptSubmit", "Stop"):
        aicheck(repository, "hook", data=payload % event)
    assert not witness.exists(), witness.read_text()


@pytest.mark.e2e
def test_a_bare_repository_in_a_subfolder_is_no_repository(repository: Path, witness: Path) -> None:
    git(repository, "init", "-q", "--bare", "docs/inner")
    inner = repository / "docs" / "inner"
    (inner / "config").write_text(
        f"[core]\nrepositoryformatversion = 0\nbare = false\nworktree = .\nfsmonitor = {script(witness)}\n"
    )
    (inner / "d.py").write_text("x = 1\n")
    for command in (("check", "."), ("check", "--staged"), ("check", "--diff", "HEAD"), ("log", "trace")):
        aicheck(inner, *command)
    said, counted = aicheck(repository, "check", "docs/inner").stdout.splitlines()
    assert said.startswith("docs/inner: unchecked: git can't list it, so hidden folders were passed over")
    assert counted.endswith(" checked, 1 unchecked")  # the text files of git itself are checked too
    assert not witness.exists(), witness.read_text()


@pytest.mark.e2e
def test_a_submodule_s_configuration_starts_nothing(repository: Path, witness: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q")
    (other / "a.py").write_text("x = 1\n")
    git(other, "add", ".")
    git(other, "commit", "-qm", "0")
    git(repository, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other), "sub")
    git(repository, "commit", "-qm", "with a submodule")
    git(repository / "sub", "config", "core.fsmonitor", script(witness))
    (repository / "sub" / "a.py").write_text("x = 2\n")
    witness.unlink(missing_ok=True)
    for command in COMMANDS:
        aicheck(repository, *command)
    assert not witness.exists(), witness.read_text()


@pytest.mark.e2e
@pytest.mark.parametrize("address", ["ext::PROGRAM %S foo", "ssh://nowhere.invalid/x", "PATH"])
def test_a_partial_clone_is_not_fetched_into(address: str, repository: Path, witness: Path, tmp_path: Path) -> None:
    program = script(witness)
    git(repository, "config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--filter=blob:none", f"file://{repository}", str(clone))
    git(clone, "config", "remote.origin.url", address.replace("PROGRAM", program).replace("PATH", str(repository)))
    for name, value in (
        ("remote.origin.uploadpack", program), ("core.sshCommand", program), ("protocol.allow", "always"),
        ("protocol.ext.allow", "always"),
    ):  # fmt: skip
        git(clone, "config", name, value)
    (clone / "a.py").write_text("x = 7\n")
    done = aicheck(clone, "check", "--diff", "HEAD~1")
    assert not witness.exists(), witness.read_text()
    assert done.returncode == 2
    assert "partial" in done.stderr or "missing" in done.stderr
    assert git(clone, "rev-list", "--objects", "--all", "--missing=print").count("?")  # nothing came


@pytest.mark.e2e
def test_a_revision_is_no_option(repository: Path, tmp_path: Path) -> None:
    written = tmp_path / "written"
    for command in (("check", "--diff", f"--output={written}"), ("ingest", "--git", f"--output={written}")):
        assert aicheck(repository, *command).returncode == 2, command
    assert not written.exists()


@pytest.mark.e2e
def test_a_commit_message_makes_no_commits(repository: Path, tmp_path: Path) -> None:
    """Separators in a message made a commit whose id was an option of git."""
    written = tmp_path / "written"
    forged = f"m\x1e--output={written}\x1fa\x1fa@b\x1f2026-01-01T00:00:00+00:00\x1fCo-authored-by: Claude <noreply@anthropic.com>\x1f"
    (repository / "a.py").write_text("x = 9\n")
    git(repository, "commit", "-qam", forged)
    done = aicheck(repository, "ingest", "--git", "HEAD~1..HEAD", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert '"commit": 1' in done.stdout
    assert not written.exists()


@pytest.mark.e2e
@pytest.mark.parametrize("place", [".gitignore", "docs/.gitignore", ".gitattributes", ".git/info/exclude", ".mailmap"])
def test_a_pipe_where_git_reads_a_file_is_not_waited_for(place: str, repository: Path) -> None:
    path = repository / place
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    (repository / "a.py").write_text("x = 5\n")
    for command in COMMANDS:
        began = time.monotonic()
        done = aicheck(repository, *command)
        assert time.monotonic() - began < 5, command
        assert done.returncode in (0, 1) or "not a regular file" in done.stderr, (command, done.stderr)


@pytest.mark.e2e
def test_a_name_with_a_line_break_is_checked_as_it_is_staged(repository: Path) -> None:
    path = repository / "new\nline.py"
    path.write_text("def f(:\n")
    git(repository, "add", ".")
    path.write_text("x = 1\n")
    assert aicheck(repository, "check", "--staged").returncode == 1


def asked(committed: Committed, folder: Path, name: str) -> str | None:
    return committed.text(str(folder / name), str(folder), "2999-01-01T00:00:00Z", lambda _: True)


def test_a_repository_whose_settings_wait_for_a_pipe_is_waited_for_once(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = [repository / f"sub{number}" for number in range(6)]
    for folder in folders:
        folder.mkdir()
    os.mkfifo(tmp_path / "pipe")
    with (repository / ".git" / "config").open("a") as settings:
        settings.write(f"[include]\n\tpath = {tmp_path / 'pipe'}\n")
    monkeypatch.setattr(run, "SECONDS", 1.0)
    committed = Committed()
    began = time.monotonic()
    assert [asked(committed, folder, "a.py") for folder in folders] == [None] * 6
    assert time.monotonic() - began < 6


def test_the_versions_of_files_in_folders_of_a_repository_are_found(repository: Path) -> None:
    committed = Committed()
    assert asked(committed, repository, "a.py") in ("x = 0\n", "x = 1\n")
    assert asked(committed, repository / "docs", "../b.py") in ("y = 0\n", "y = 1\n")


def test_git_is_waited_for_so_long_in_a_run_and_no_longer(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committed_files, "RUN_SECONDS", 0.0)
    limits = committed_files.Limits()
    assert asked(Committed(limits=limits), repository, "a.py") is None  # its history was all that there was time for
    assert asked(Committed(limits=limits), repository, "b.py") is None
