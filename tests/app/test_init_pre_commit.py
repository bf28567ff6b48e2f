"""Our hook in `.pre-commit-config.yaml`: all else stays as it was written, pre-commit takes the result, and it can be undone."""

from __future__ import annotations

import subprocess
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from aicheck_app.cli.group import aicheck
from aicheck_app.errors import AicheckError
from aicheck_app.init.pre_commit import FILE, added, removed

REPO = "https://example.org/black"
COMMIT = "0123456789012345678901234567890123456789"
PLAIN = f"repos:\n  - repo: {REPO}\n    rev: 24.1.0\n    hooks:\n      - id: black\n"
LAYOUTS = {
    "two blanks": PLAIN,
    "no blanks": f"repos:\n- repo: {REPO}\n  rev: 24.1.0\n  hooks:\n  - id: black\n",
    "four blanks": f"repos:\n    - repo: {REPO}\n      rev: '1'\n      hooks:\n          - id: black\n            args: [--fast,\n              --x]\n",
    "keys and comments after": f"repos:\n- repo: {REPO}\n  rev: 24.1.0 # keep\n  hooks:\n  - id: black\n\n# the end\nexclude: ^docs/\nci:\n  autofix_prs: false\n",
    "keys before": f"default_stages: [pre-commit]\n{PLAIN}  # no more\n",
    "flow": f"repos: [{{repo: '{REPO}', rev: '1', hooks: [{{id: black}}]}}]\n",
    "flow of many lines": f"repos: [\n  {{repo: '{REPO}', rev: '1', hooks: [{{id: black}}]}},\n]\n",
    "line ends of Windows": PLAIN.replace("\n", "\r\n"),
    "document marks": f"---\n# c\n{PLAIN}...\n",
    "local with a text of many lines": "repos:\n- repo: local\n  hooks:\n  - id: x\n    name: x\n    language: system\n    entry: |\n      bash -c 'a\n      b'\n",
    "anchors": f"repos:\n- repo: {REPO}\n  rev: '1'\n  hooks:\n  - id: black\n    exclude: &x ^a\n  - id: black-jupyter\n    exclude: *x\nexclude: a\n",
    "quoted key": PLAIN.replace("repos", '"repos"'),
    "hooks before repo": f"repos:\n  - hooks:\n      - id: black\n    repo: {REPO}\n    rev: '1'\n",
    "byte order mark": f"\ufeff{PLAIN}",
    "blank lines at the end": f"{PLAIN}\n\n",
    "a comment that names the hook": f"# - id: aicheck\n{PLAIN}",
    "meta": f"{PLAIN}  - repo: meta\n    hooks:\n      - id: check-hooks-apply\n",
}  # fmt: skip


def load(text: str) -> Any:
    """The settings of a configuration."""
    return YAML(typ="safe", pure=True).load(text)


def is_valid(text: str, folder: Path) -> bool:
    """Whether pre-commit takes a configuration."""
    file = folder / "config.yaml"
    file.write_bytes(text.encode())
    validated = import_module("pre_commit.commands.validate_config").validate_config([str(file)])
    return bool(validated == 0)


@pytest.mark.parametrize("before", LAYOUTS.values(), ids=LAYOUTS)
def test_every_layout_keeps_all_that_it_had(before: str, tmp_path: Path) -> None:
    after = added(before, "/work/aicheck", COMMIT, "aicheck")
    assert is_valid(before, tmp_path)
    assert is_valid(after, tmp_path)
    entry = {"repo": "/work/aicheck", "rev": COMMIT, "hooks": [{"id": "aicheck"}]}
    then, now = (load(text.removeprefix("\ufeff")) for text in (before, after))
    assert now == {**then, "repos": [*then["repos"], entry]}
    lines = iter(after.splitlines(keepends=True))
    if "flow" not in before and "[{" not in before and "[\n" not in before:
        assert all(line in lines for line in before.splitlines(keepends=True))  # all there, in the same order
    assert added(after, "/work/aicheck", COMMIT, "aicheck") == after
    assert removed(after) == before


@pytest.mark.parametrize("before", ["", "# nothing yet\n", "repos: []\n", "repos:\n", "exclude: a\nrepos: []\nfail_fast: true\n", "repos:   # none\nexclude: x\n"])  # fmt: skip
def test_an_empty_list_gets_its_first_hook(before: str, tmp_path: Path) -> None:
    after = added(before, "/work/aicheck", COMMIT, "aicheck-ai-only")
    assert is_valid(after, tmp_path)
    assert load(after)["repos"][0]["hooks"] == [{"id": "aicheck-ai-only"}]
    assert is_valid(removed(after), tmp_path)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("repos: [\n", "not valid YAML"),
        ("repos: 3\n", "no list of 'repos'"),
        ("- repo: a\n  hooks: []\n", "migrate-config"),
        ("repos: []\n---\nrepos: []\n", "several documents"),
        ("a: &a\n  - repo: x\nrepos: *a\n", "safely"),
    ],
)
def test_what_can_not_be_changed_is_told_and_left(text: str, why: str) -> None:
    with pytest.raises(AicheckError, match=why):
        added(text, "/work/aicheck", COMMIT, "aicheck")


def run(*arguments: str, given: str | None = None) -> tuple[int, str]:
    done = CliRunner().invoke(aicheck, ["init", "pre-commit", *arguments], input=given, standalone_mode=False)
    if done.exception is not None:
        return 2, f"{done.output}{done.exception}"
    return done.return_value or 0, done.output


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one commit, beside the working folder."""
    folder = tmp_path / "clone"
    folder.mkdir()
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    subprocess.run(["git", "init", "-q"], check=True)
    for words in (
        ["init", "-q"],
        ["-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-q", "--allow-empty", "-m", "x"],
    ):
        subprocess.run(["git", *words], cwd=folder, check=True)
    return folder


def test_the_command_shows_the_change_asks_and_takes_it_back(clone: Path) -> None:
    Path(FILE).write_text(PLAIN)
    code, said = run("--repo", str(clone), given="n\n")
    assert (code, Path(FILE).read_text()) == (0, PLAIN)
    assert "+      - id: aicheck" in said
    assert "nothing was changed" in said
    code, said = run("--repo", str(clone), given="y\n")
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=clone, capture_output=True, text=True, check=True
    ).stdout.strip()
    assert code == 0
    assert load(Path(FILE).read_text())["repos"][1] == {
        "repo": str(clone),
        "rev": commit,
        "hooks": [{"id": "aicheck"}],
    }
    assert "pre-commit install" in said
    assert run("--repo", str(clone), "--yes") == (0, f"{FILE} has the hook already: nothing to do\n")
    assert run("--remove", "--yes")[0] == 0
    assert Path(FILE).read_text() == PLAIN


def test_a_file_that_is_ours_alone_goes_again(clone: Path) -> None:
    assert run("--repo", str(clone), "--yes")[0] == 0
    assert Path(FILE).exists()
    code, said = run("--remove", "--yes")
    assert code == 0
    assert "+repos" not in said  # the whole file goes, and that is what is shown
    assert "run 'pre-commit uninstall' too" in said
    assert not Path(FILE).exists()


def test_the_file_is_the_repository_s_wherever_in_it_one_is(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = Path("src").absolute()
    inside.mkdir()
    monkeypatch.chdir(inside)
    code, said = run("--repo", str(clone), "--yes")
    assert code == 0
    assert f"changed ../{FILE}\n" in said
    assert not Path(FILE).exists()
    assert load(Path("..", FILE).read_text())["repos"][0]["hooks"] == [{"id": "aicheck"}]


def test_pre_commit_needs_a_repository(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(clone.parent)
    code, said = run("--repo", str(clone), "--yes")
    assert code == 2
    assert "or run 'git init'" in said
    assert not Path(FILE).exists()


def test_the_other_hook_is_not_taken_for_the_one_asked_for(clone: Path) -> None:
    assert run("--repo", str(clone), "--yes")[0] == 0
    code, said = run("--repo", str(clone), "--only-ai", "--yes")
    assert code == 2
    assert "run 'aicheck init pre-commit --remove' first" in said
    assert run("--remove", "--yes")[0] == 0
    assert run("--repo", str(clone), "--only-ai", "--yes")[0] == 0
    assert run("--repo", str(clone), "--only-ai", "--yes") == (0, f"{FILE} has the hook already: nothing to do\n")


def test_a_revision_must_be_there(clone: Path) -> None:
    code, said = run("--repo", str(clone), "--rev", "v9", "--yes")
    assert code == 2
    assert "no tag or branch 'v9'" in said
    code, said = run("--repo", str(clone.parent / "nowhere"), "--yes")
    assert code == 2
    assert "does not answer as a git repository" in said
    assert not Path(FILE).exists()


def test_what_pre_commit_refuses_is_left_alone(clone: Path) -> None:
    Path(FILE).write_text("repos:\n- repo: https://example.org/x\n  hooks: []\n")
    code, said = run("--repo", str(clone), "--yes")
    assert code == 2
    assert "pre-commit refuses" in said
    assert "aicheck" not in Path(FILE).read_text()
