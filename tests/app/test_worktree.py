"""What commands did to work that could be lost, under many spellings; and signals in parts of a session."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from aicheck_app.capture.claude_code import Session
from aicheck_app.capture.commands import effects
from aicheck_app.capture.context import Context
from aicheck_app.capture.ingest import Ingest
from aicheck_app.capture.unsaved import Unsaved
from aicheck_app.capture.worktree import count_tests, signals_of
from aicheck_app.config import Config
from aicheck_app.log.store import Log
from tests.app.transcripts import assistant, result, text, use, write


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("git checkout -- a.py", ["git_checkout"]),
        ("git checkout .", ["git_checkout"]),
        ("cd x && git -C y checkout -f main", ["git_checkout"]),
        ("git checkout src/a.py", ["git_checkout"]),
        ("git checkout HEAD~1 README.md src/x.h", ["git_checkout"]),
        ("git checkout main", []),
        ("git checkout v1.2.3", []),
        ("git checkout release/1.x", []),
        ("git checkout -b fix-a.py", []),
        ("git checkout --track origin/a.js", []),
        ("git checkout main --", []),
        ("git checkout -b new", []),
        ("git checkout -bfix", []),
        ("git restore a.py", ["git_restore"]),
        ("git restore --staged a.py", []),
        ("git restore -SW a.py", ["git_restore"]),
        ("git -c user.name=x reset --hard HEAD~1", ["git_reset_hard"]),
        ("git reset HEAD a.py", []),
        ("sudo git clean -fdx", ["git_clean"]),
        ("git clean -nfd", []),
        ("git stash drop && git stash clear", ["git_stash_drop", "git_stash_drop"]),
        ("git stash", []),
        ("git push -f", ["git_push_force"]),
        ("git push origin +main", ["git_push_force"]),
        ("git push --force-with-lease=x origin a", ["git_push_force_with_lease"]),
        ("git push --force-with-lease --force", ["git_push_force"]),
        ("git push", []),
        ("git commit --no-verify -m x", ["no_verify"]),
        ("git commit -nm x", ["no_verify"]),
        ("git commit -m 'say --no-verify'", []),
        ("git commit -am'not now'", []),
        ("HUSKY=0 git commit -m x", ["hooks_disabled"]),
        ("git config core.hooksPath /dev/null", ["hooks_disabled"]),
        ("git add . && SKIP=mypy git commit -m x", ["hooks_disabled"]),
        ("DOCKER_SKIP=1 make", []),
        ("echo 'SKIP=mypy is not for us'", []),
        ("rm -rf build", ["rm_recursive"]),
        ("rm -r -f tests/test_a.py b", ["rm_recursive", "tests_deleted"]),
        ("git rm -q src/a.test.ts", ["tests_deleted"]),
        ("rm a.txt", []),
        ("echo git reset --hard", []),
        ("bash -c 'git reset --hard'", []),
        ("(git reset --hard; ls)", ["git_reset_hard"]),
        ("git reset --hard 'unclosed", ["git_reset_hard"]),
    ],
)
def test_what_a_command_would_lose(line: str, names: list[str]) -> None:
    assert sorted(signals_of(line, effects(line).commands).elements()) == names


@pytest.mark.parametrize(
    ("line", "lost"),
    [
        ("git checkout a.py", 1), ("git checkout -- src", 1), ("git checkout .", 2), ("git reset --hard", 2), ("git restore a.py src/b.py", 2),
        ("git restore --staged a.py", 0), ("git checkout main", 0), ("git commit -am x && git reset --hard", 0), ("rm -rf src", 1),
        ("rm a.pyc", 0), ("git show HEAD:a.py > a.py", 1), ("echo x >> a.py", 0), ("cat > a.py <<'EOF'\nx = 1\nEOF", 0),
        ("cd src && git checkout b.py", 1), ("cd $X && rm a.py", 0), ("git -C src checkout b.py", 1), ("rm a.py; git checkout a.py", 1),
        ("git checkout -f", 2), ("git status > src/b.py", 1), ("rm $FILE", 0),
    ],
)  # fmt: skip
def test_edits_that_no_commit_holds_are_lost_by_commands(line: str, lost: int) -> None:
    unsaved = Unsaved()
    unsaved.edited("/r/a.py")
    unsaved.edited("/r/src/b.py")
    assert unsaved.lost_by(effects(line), "/r") == lost


def test_tests_of_several_languages_are_counted() -> None:
    assert (
        count_tests("def test_a():\n    pass\nfunc TestB(t *testing.T) {}\nit('c', f)\n  @Test\n#[test]\nfn f() {}\n")
        == 5
    )


def test_a_gutted_test_file_and_lost_definitions_are_signals(tmp_path: Path) -> None:
    before = "def test_a():\n    pass\n\n\ndef test_b():\n    pass\n\n\ndef helper():\n    pass\n"
    after = "def test_a():\n    pass\n"
    told = {"filePath": "/x/test_a.py", "originalFile": before}
    moved = {"type": "create", "filePath": "/x/h.py", "originalFile": None}
    session = write(
        tmp_path / "s.jsonl",
        assistant("m1", use("t1", "Write", file_path="/x/test_a.py", content=after)), result("t1", told),
        assistant("m2", use("t2", "Write", file_path="/x/h.py", content="def helper():\n    pass\n")), result("t2", moved),
    )  # fmt: skip
    with Log() as log:
        Ingest(log, Config()).run([str(session)])
        (body,) = log.bodies("kind = 'session'")
    assert (body["context"]["tests_removed"], body["context"]["definitions_lost"]) == (1, 1)


def test_signals_are_counted_under_the_parts_of_a_session() -> None:
    context = Context()
    context.count("a")
    context.enter("compacted")
    context.enter("context_to_50k", instead_of="context_")
    context.count("a", 2)
    context.enter("context_to_100k", instead_of="context_")
    context.count("b")
    assert context.segments() == {"compacted/a": 2, "context_to_50k/a": 2, "compacted/b": 1, "context_to_100k/b": 1}
    assert context.counts == {"a": 3, "b": 1}


def test_a_change_of_the_effort_begins_a_part_of_a_session(tmp_path: Path) -> None:
    lines = [
        assistant(f"m{number}", text(word), effort=effort)
        for number, (word, effort) in enumerate([("x", "high"), ("y", "high"), ("z", "low"), ("w", "low")])
    ]
    with Log() as log:
        Ingest(log, Config()).run([str(write(tmp_path / "s.jsonl", *lines))])
        (body,) = log.bodies("kind = 'session'")
    assert body["segments"]["switched/messages"] == 2


def test_compaction_idling_and_size_divide_a_session(tmp_path: Path) -> None:
    boundary = {"type": "system", "subtype": "compact_boundary", "sessionId": "s1", "uuid": "c"}
    later = "2026-05-01T12:00:00.000Z"
    first = assistant("m1", text("x"))
    first["message"]["usage"]["cache_read_input_tokens"] = 70_000
    session = write(
        tmp_path / "s.jsonl",
        first,
        assistant("m2", text("y")),
        boundary,
        assistant("m3", text("z"), timestamp=later),
        assistant("m4", text("z"), timestamp=later),
    )
    with Log() as log:
        Ingest(log, Config()).run([str(session)])
        (body,) = log.bodies("kind = 'session'")
    assert body["context"]["messages"] == 4
    messages = {name: number for name, number in body["segments"].items() if name.endswith("/messages")}
    assert messages == {
        "compacted/messages": 2,
        "idle/messages": 2,
        "context_to_100k/messages": 1,
        "context_to_50k/messages": 1,
    }


PLAIN = {
    "git_reset_hard": re.compile(r"(?:^|[;&|(\n])\s*git (?:-C \S+ )?reset (?:-q )?--hard"),
    "git_stash_drop": re.compile(r"(?:^|[;&|(\n])\s*git (?:-C \S+ )?stash (?:drop|clear)"),
    "git_push_force_with_lease": re.compile(r"(?:^|[;&|(\n])\s*git (?:-C \S+ )?push [^;&|\n]*--force-with-lease"),
    "git_clean": re.compile(r"(?:^|[;&|(\n])\s*git (?:-C \S+ )?clean -\w*f"),
}


def test_real_sessions_count_alike_by_plain_patterns(corpus: Path) -> None:
    paths = sorted((corpus / "transcripts/claude_code").glob("*.jsonl.gz"))
    ours: Counter[str] = Counter()
    plain: Counter[str] = Counter()
    for path in paths:
        session = Session()
        lines = gzip.decompress(path.read_bytes()).splitlines()
        for line in lines:
            session.read(line)
        ours.update({name: session.context.counts[name] for name in PLAIN})
        plain.update(_plain(lines))
    assert +ours == +plain
    if not paths:
        pytest.skip("the corpus has no sessions of Claude Code")


def _plain(lines: list[bytes]) -> Counter[str]:
    """Of the commands whose results are there, by patterns over their text."""
    commands: dict[str, str] = {}
    found: Counter[str] = Counter()
    for raw in lines:
        try:
            blocks = json.loads(raw)["message"]["content"]
        except (ValueError, KeyError, TypeError):
            continue
        for block in [one for one in blocks if isinstance(one, dict)] if isinstance(blocks, list) else []:
            if block.get("type") == "tool_use" and block.get("name") == "Bash":
                commands[block["id"]] = block["input"].get("command", "")
            elif block.get("type") == "tool_result" and block.get("tool_use_id") in commands:
                refused = "The user doesn't want" in str(block.get("content"))
                line = "" if refused else commands.pop(block["tool_use_id"])
                found.update({name: len(pattern.findall(line)) for name, pattern in PLAIN.items()})
    return found
