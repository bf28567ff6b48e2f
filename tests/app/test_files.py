"""Which files are checked: what git knows, what .gitignore says outside git, and what can't be looked into."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aicheck_app.changes import changed_targets
from aicheck_app.checking import check_targets
from aicheck_app.errors import AicheckError
from aicheck_app.files import files_of
from aicheck_checks.settings import DEFAULT

NAMES = st.sampled_from(["a.py", "b.py", "keep.py", "x.txt"])
FOLDERS = st.sampled_from(["", "one", "two", "one/deep", "two/deep"])
PATTERNS = st.lists(
    st.sampled_from([
        "*.py", "!keep.py", "/a.py", "!/a.py", "one/", "!one/", "deep", "!deep/", "one/*", "!one/keep.py", "**/b.py", "!**/b.py",
        "one/**", "!one/**/", "*", "!*/", "!*.txt", "# note", "", "\\!odd", "two/deep/*", "!two/deep/keep.py", " a.py ",
        "[ab].py", "?.py", "[!a].py", "[^b].py", "*e*.py", "**", "**/", "o*e/", "a\\.py", "**/deep/**", "one/**/b.py", "t?o/*/b.py",
        "[a-c].p[x-z]", "*p*/[b].py", "k*p.py\\ ", "[]a].py", "[a", "a\\", "//", "/", "***/b.py", "o**e/*.py", "/**", "*/b.py",
    ]),
    max_size=6,
)  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    files=st.sets(st.tuples(FOLDERS, NAMES), min_size=1, max_size=8),
    ignored=st.dictionaries(FOLDERS, PATTERNS, max_size=3),
)
def test_outside_git_gitignore_means_what_it_means_to_git(
    tmp_path_factory: pytest.TempPathFactory, files: set[tuple[str, str]], ignored: dict[str, list[str]]
) -> None:
    root = tmp_path_factory.mktemp("tree")
    for folder, name in files:
        (root / folder).mkdir(parents=True, exist_ok=True)
        (root / folder / name).write_text("x = 1\n")
    for folder, lines in ignored.items():
        if (root / folder).is_dir():
            (root / folder / ".gitignore").write_text("\n".join(lines) + "\n")
    ours = {os.path.relpath(target.path, root) for target in files_of([str(root)]) if target.path.endswith(".py")}
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--others", "--exclude-standard"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert ours == {name for name in listed.split("\0") if name.endswith(".py")}


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of a subfolder is staged; the working folder is the repository's."""
    root = tmp_path / "repository"
    (root / "sub").mkdir(parents=True)
    git(root, "init", "-q")
    git(root, "-c", "user.name=a", "-c", "user.email=a@b.invalid", "commit", "-q", "--allow-empty", "-m", "a")
    (root / "sub" / "a.py").write_text("x = (1,\n")
    git(root, "add", "-A")
    monkeypatch.chdir(root)
    return root


def git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=root, check=True)


def names(*paths: str, revision: str | None = None) -> list[str]:
    return [target.name for target in changed_targets(paths, revision)]


@pytest.mark.parametrize("revision", [None, "HEAD"], ids=["staged", "diff"])
def test_a_named_path_is_found_however_it_is_named(
    repository: Path, monkeypatch: pytest.MonkeyPatch, revision: str | None
) -> None:
    for paths in ((), (".",), ("sub",), ("sub/",), ("./sub/../sub/a.py",), (str(repository / "sub" / "a.py"),)):
        assert names(*paths, revision=revision) == ["sub/a.py"]
    monkeypatch.chdir(repository / "sub")
    for paths in (("a.py",), (".",), ("..",)):
        assert names(*paths, revision=revision) == ["sub/a.py"]
    (repository.parent / "link").symlink_to(repository)
    monkeypatch.chdir(repository.parent / "link")
    assert names("sub", revision=revision) == ["sub/a.py"]


@pytest.mark.parametrize("revision", [None, "HEAD"], ids=["staged", "diff"])
def test_a_named_path_that_git_does_not_know_is_no_success(repository: Path, revision: str | None) -> None:
    (repository / "link").symlink_to("sub")
    for path in ("gone.py", "*.py", "link/a.py"):
        with pytest.raises(AicheckError, match=r"git|beyond a symbolic link"):
            names(path, revision=revision)


def test_what_can_not_be_looked_into_is_told_and_ends_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.py").write_text("x = (1,\n")
    (tmp_path / "b.py").symlink_to("nowhere.py")
    (tmp_path / "c.py").symlink_to("/etc/hostname")
    os.mkfifo(tmp_path / "d.py")
    with open(os.fsencode(tmp_path) + b"/e\xff.py", "w") as file:
        file.write("y = 1\n")
    report = check_targets(list(files_of(["."])), DEFAULT)
    assert [f.finding.code for f in report.findings] == ["TRU001"]
    assert report.files == 2
    assert dict(report.unchecked) == {
        "b.py": "a link that leads nowhere", "c.py": "a link out of the folder", "d.py": "not a regular file",
    }  # fmt: skip
    assert report.whole
    named = check_targets(list(files_of(["gone.py", "a.py"])), DEFAULT)
    assert named.failed == [("gone.py", "no such file")]
    assert [f.finding.code for f in named.findings] == ["TRU001"]


def test_what_head_has_too_blocks_no_commit(repository: Path) -> None:
    """The version before is judged with all that stands round it, as the new one is."""
    folder = repository / "src/main/java/shop"
    folder.mkdir(parents=True)
    (repository / "pom.xml").write_text("<project></project>\n")
    (folder / "B.java").write_text("package shop;\n\nimport com.example.Thing;\n\nclass B {\n    Thing a;\n}\n")
    old = "package shop;\n\nclass A {\n    Thing a;\n}\n"
    (folder / "A.java").write_text(old)
    git(repository, "add", "-A")
    assert found(repository) == [("src/main/java/shop/A.java", "IMP001"), ("sub/a.py", "TRU001")]
    git(repository, "-c", "user.name=a", "-c", "user.email=a@b.invalid", "commit", "-q", "-m", "b")
    (folder / "A.java").write_text(old.replace("class A", "// one\nclass A"))
    git(repository, "add", "-A")
    assert found(repository) == []
    (folder / "A.java").write_text(old.replace("Thing a;", "Thing a;\n    Other b;"))
    (folder / "B.java").write_text("package shop;\n\nimport com.example.Other;\n\nclass B {\n    Other a;\n}\n")
    git(repository, "add", "-A")
    assert found(repository) == [("src/main/java/shop/A.java", "IMP001")]


def found(repository: Path) -> list[tuple[str, str]]:
    report = check_targets(changed_targets([], None), DEFAULT)
    return sorted((one.path, one.finding.code) for one in report.findings if one.finding.suspect)
