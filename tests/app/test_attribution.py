"""Which lines are AI-written: our log, git-ai notes, Agent Trace, the environment, trailers; and history from git."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from aicheck_app import git
from aicheck_app.attribution import agent_trace, git_ai, signs
from aicheck_app.attribution.author import Author
from aicheck_app.attribution.staged import ai_lines
from aicheck_app.cli.group import aicheck
from aicheck_app.config import Config
from aicheck_app.log.store import Log
from aicheck_app.observe import observe
from aicheck_app.origin import Origin, Output

if TYPE_CHECKING:
    from pathlib import Path

MINE = "import os\n\n\ndef mine(x):\n    return os.fspath(x)\n"
CUT = "\n\ndef theirs(x):\n    first = os.fspath(x)\n    return mine(first,\n"
BAD = "\n\ndef broken(x):\n    return json.dumps(x)\n"
NOTE = """src/a.py
  s_11111111111111::t_22222222222222 1-4,9
  h_33333333333333 5
"b c.py"
  0123456789abcdef 2
---
{"schema_version": "authorship/3.0.0", "base_commit_sha": "x", "humans": {"h_33333333333333": {"author": "p"}},
 "sessions": {"s_11111111111111": {"agent_id": {"tool": "cursor", "id": "i", "model": "m"}}},
 "prompts": {"0123456789abcdef": {"agent_id": {"tool": "claude", "model": "n"}}}}
"""


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in (*signs.ENVIRONMENT, "CLAUDECODE"):
        monkeypatch.delenv(name, raising=False)
    commit("init", "-q")
    return folder


def commit(*arguments: str, message: str = "", note: str = "") -> None:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
    commands = [arguments] if arguments else [("add", "-A"), ("commit", "-qm", message)]
    commands += [("notes", "--ref=ai", "add", "-m", note)] if note else []
    for command in commands:
        subprocess.run(["git", *who, *command], check=True, capture_output=True)


def log_output(path: Path, written: str) -> None:
    origin = Origin(
        agent="claude-code",
        model="m",
        session="s",
        cwd=str(path.parent),
        time="2026-05-01T10:00:00.000Z",
        attribution="hook",
    )
    with Log() as log:
        observe([Output(f"k{hash(written)}", "Edit", written, written, "fragment", str(path), origin)], log, Config())


def check(*arguments: str) -> list[tuple[str, int]]:
    done = CliRunner().invoke(aicheck, ["check", "--staged", "--format", "json", *arguments], standalone_mode=False)
    assert done.exception is None, done.exception
    return [(f["code"], f["start"]["line"]) for f in json.loads(done.stdout)["findings"]]


def test_only_what_the_log_saw_being_written_is_checked(work: Path) -> None:
    (work / "a.py").write_text(MINE)
    commit(message="a")
    (work / "a.py").write_text(MINE + BAD + BAD.replace("broken", "typed"))
    (work / "b.py").write_text(BAD)
    log_output(work / "a.py", BAD)
    commit("add", "-A")
    assert len(check()) == 2
    assert check("--only-ai") == [("IMP001", 9)]
    found = ai_lines(str(work), ["a.py", "b.py"])
    assert set(found) == {"a.py"}
    assert found["a.py"][8] == Author("log", "claude-code", "m", "s")
    assert not {1, 2, 3, 4, 5} & set(found["a.py"])


def test_a_line_that_anyone_writes_belongs_to_its_neighbours(work: Path) -> None:
    text = "func theirs() {\n\treturn theirs\n}\n\nfunc mine() {\n\treturn mine\n}\n"
    (work / "a.go").write_text(text)
    log_output(work / "a.go", "func theirs() {\n\treturn theirs\n}\n")
    commit("add", "-A")
    assert sorted(ai_lines(str(work), ["a.go"])["a.go"]) == [1, 2]


@pytest.mark.parametrize("name", list(signs.ENVIRONMENT))
def test_what_an_agent_commits_is_its_own(work: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    (work / "a.py").write_text(BAD)
    commit("add", "-A")
    assert check("--only-ai") == []
    monkeypatch.setenv(name, "1")
    assert check("--only-ai") == [("IMP001", 4)]


def test_agent_trace_is_read_and_written(work: Path) -> None:
    (work / "a.py").write_text(MINE + BAD)
    log_output(work / "a.py", BAD)
    commit(message="a")
    path = work / agent_trace.FILE
    path.parent.mkdir()
    done = CliRunner().invoke(aicheck, ["log", "trace", "-o", str(path)], standalone_mode=False)
    assert done.exception is None
    (record,) = agent_trace.records_of(str(work))
    assert (record["version"], record["vcs"]) == ("0.1.0", {"type": "git", "revision": git.head(str(work))})
    (file,) = record["files"]
    assert file["conversations"] == [
        {
            "url": "urn:session:s",
            "contributor": {"type": "ai", "model_id": "m"},
            "ranges": [{"start_line": 8, "end_line": 10}],
        }
    ]
    assert agent_trace.lines_of([record], "a.py") == dict.fromkeys(
        (8, 9, 10), Author("agent-trace", "aicheck", "m", "urn:session:s")
    )


def test_notes_of_git_ai_are_read() -> None:
    session = Author("git-ai", "cursor", "m", "i")
    assert git_ai.parse(NOTE) == {
        "src/a.py": dict.fromkeys((1, 2, 3, 4, 9), session), "b c.py": {2: Author("git-ai", "claude", "n")},
    }  # fmt: skip
    assert git_ai.parse(NOTE.replace("authorship/", "other/")) == {}


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=200)
    | st.tuples(st.integers(0, len(NOTE)), st.text(max_size=5)).map(lambda p: NOTE[: p[0]] + p[1] + NOTE[p[0] :])
)
def test_any_note_is_survived(note: str) -> None:
    assert isinstance(git_ai.parse(note), dict)


@pytest.mark.parametrize(
    ("author", "address", "message", "expected"),
    [
        (
            "p",
            "p@x",
            "m\n\nCo-Authored-By: Claude Opus 4.5 <noreply@anthropic.com>",
            Author("trailer", "claude-code", "Claude Opus 4.5"),
        ),
        ("p", "p@x", "m\n\nco-authored-by: Claude <noreply@anthropic.com>\n", Author("trailer", "claude-code")),
        (
            "p",
            "p@x",
            "m\n\nCo-authored-by: Copilot <223556219+Copilot@users.noreply.github.com>",
            Author("trailer", "copilot"),
        ),
        ("copilot-swe-agent[bot]", "x@y", "m", Author("trailer", "copilot")),
        ("p (aider)", "p@x", "m", Author("trailer", "aider")),
        ("p", "p@x", "noreply@anthropic.com is mentioned", None),
    ],
)
def test_trailers_and_bots_are_known(author: str, address: str, message: str, expected: Author | None) -> None:
    assert signs.of_commit(author, address, message) == expected


def ingest(*arguments: str) -> Any:
    done = CliRunner().invoke(aicheck, ["ingest", "--format", "json", *arguments], standalone_mode=False)
    assert done.exception is None, done.exception
    return json.loads(done.stdout)


def test_history_is_built_from_commits_that_say_who_wrote_them(work: Path) -> None:
    (work / "a.py").write_text(MINE)
    commit(message="by hand")
    (work / "a.py").write_text(MINE + CUT)
    commit(message="theirs\n\nCo-Authored-By: Claude <noreply@anthropic.com>")
    (work / "a.py").write_text(MINE)
    (work / "sub").mkdir()
    (work / "sub/ü b.py").write_text(BAD.lstrip())
    (work / "human.py").write_text(BAD)
    note = 'sub/ü b.py\n  s_1::t_1 1-2\n---\n{"schema_version": "authorship/3.0.0", "sessions": {"s_1": {"agent_id": {"tool": "cursor"}}}}'
    commit(message="noted", note=note)
    totals = ingest("--git", "HEAD")
    assert (totals["outputs"], totals["records"], totals["skipped"]) == (
        2,
        {"commit": 3},
        {"commit without a sign of AI": 1},
    )
    with Log(read_only=True) as log:
        found = {r["path"]: r for r in log.bodies("kind = 'output'")}
    assert {p: (r["agent"], r["verdict"], r["evidence"], r["attribution"], r["lines"]) for p, r in found.items()} == {
        "a.py": ("claude-code", "suspect", "trailer", "git", 5), "sub/ü b.py": ("cursor", "suspect", "git-ai", "git", 2),
    }  # fmt: skip
    assert ingest("--git", "HEAD")["outputs"] == 0


def test_a_range_that_git_does_not_know_is_said(work: Path) -> None:
    done = CliRunner().invoke(aicheck, ["ingest", "--git", "v1..v2"], standalone_mode=False)
    assert "git log: " in str(done.exception)


def test_lines_of_odd_paths_are_numbered(work: Path) -> None:
    for name in ("ü.py", 'q"\\.py', "a b.py", "tab\t.py"):
        (work / name).write_text("x = 1\n")
    (work / "plus.py").write_text("++ x\n@@ -1 +1 @@\n")
    commit("add", "-A")
    assert git.staged_lines(os.getcwd()) == {
        "ü.py": {1}, 'q"\\.py': {1}, "a b.py": {1}, "tab\t.py": {1}, "plus.py": {1, 2},
    }  # fmt: skip
