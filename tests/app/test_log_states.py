"""What the log remembers of files and sessions besides records: nothing that records may not hold, and not for ever."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from aicheck_app.capture.ingest import Ingest
from aicheck_app.config import Config
from aicheck_app.hook.handle import handle
from aicheck_app.log import fields, store
from aicheck_app.log.spooling import open_log
from aicheck_app.log.store import STATE_DAYS, Log
from aicheck_app.observe import observe
from aicheck_app.origin import Origin, Output
from aicheck_checks.source import Session
from tests.app import transcripts

SECRET = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
TOLD = (SECRET, "/home/alice", "plan_to_buy")
"""What no state may hold: a secret, a home folder, the name of a file in the work tree."""
DAY = 86_400 * 10**9


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lets so many days pass."""
    real = time.time_ns

    def pass_by(days: int) -> None:
        monkeypatch.setattr(time, "time_ns", lambda: real() + days * DAY)

    return pass_by


def ingested(log: Log, tmp_path: Path) -> Ingest:
    """A session whose agent has tools of odd names."""
    lines = [
        transcripts.assistant("m1", transcripts.use("toolu_1", f"run {SECRET}", file_path="x")),
        transcripts.assistant("m2", transcripts.use("toolu_2", "/home/alice/bin/plan", file_path="x")),
    ]
    run = Ingest(log, Config())
    run.run([str(transcripts.write(tmp_path / "s.jsonl", *lines))])
    return run


def turn(tmp_path: Path, name: str = "plan_to_buy.py") -> Path:
    """A work tree with a changed file, and a hook that tells of a turn's beginning there."""
    work = tmp_path / "home_of_work"
    work.mkdir()
    subprocess.run(["git", "init", "-q"], cwd=work, check=True)
    (work / name).write_text("x = 1\n")
    (tmp_path / "aicheck.toml").write_text('paths = "hash"\n')
    payload = {"session_id": "s1", "cwd": str(work), "transcript_path": str(tmp_path / "t.jsonl"),
               "hook_event_name": "UserPromptSubmit", "prompt": "go"}  # fmt: skip
    assert handle(json.dumps(payload).encode(), str(work)) == b""
    return work


def files_of(home: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(home.rglob("*")) if file.is_file())


def captured(log: Log) -> int:
    return len(list(log.rows("SELECT 1 FROM captured")))


@pytest.mark.parametrize("kept_by", ["ingest", "hook"])
@pytest.mark.parametrize("where", ["log", "spool"])
def test_no_state_holds_what_no_record_may(
    home: Path, tmp_path: Path, kept_by: str, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever it is written: what a stranger called a tool, and what files a work tree has."""
    if where == "spool":
        home.mkdir(mode=0o700)
        with Log():
            pass
        locked = sqlite3.connect(home / "log.sqlite3", isolation_level=None)
        locked.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr("aicheck_app.hook.handle.PATIENCE", 0.1)
    if kept_by == "hook":
        turn(tmp_path)
    else:
        with open_log(patience=0.1) as log:
            ingested(log, tmp_path)
    if where == "spool":
        locked.close()
        assert list(home.glob("log.spool/*.json"))
    held = files_of(home)
    assert [word for word in TOLD if word.encode() in held] == []
    with Log() as log:
        assert captured(log) == (1 if kept_by == "hook" else 3)


def test_counts_of_a_session_are_added_up_under_their_cleaned_names(home: Path, tmp_path: Path) -> None:
    """What was counted before is known again, though it is kept under another name."""
    with Log() as log:
        ingested(log, tmp_path)
        with (tmp_path / "s.jsonl").open("a", encoding="utf-8") as file:
            more = transcripts.assistant("m3", transcripts.use("toolu_3", f"run {SECRET}", file_path="x"))
            file.write(json.dumps(more) + "\n")
        Ingest(log, Config()).run([str(tmp_path / "s.jsonl")])
        calls = [body["calls"] for body in log.bodies("kind = 'session'")]
    first, second = (sum(each.values()) for each in calls)
    assert (first, second) == (2, 1)


def test_states_of_an_older_log_lose_the_same(home: Path) -> None:
    counts = {"inode": 7, "counts": {"calls": {f"run {SECRET}": 2, "/home/alice/x": 1}}}
    with Log() as log:
        log.db.executescript(
            "DROP INDEX captured_time; DROP INDEX records_session; DROP INDEX records_target; DROP INDEX records_turns; DROP TABLE facts; DROP TABLE monitored;"
            "DROP INDEX records_project; DROP INDEX records_file; ALTER TABLE records DROP COLUMN project; ALTER TABLE records DROP COLUMN file"
        )
        log.db.execute("INSERT INTO captured VALUES ('g', ?, ''), ('h', 'no JSON', '')", (json.dumps(counts),))
        log.db.execute("PRAGMA user_version = 3")
    with Log() as log:
        kept = log.captured("g")
        assert kept is not None
        assert kept["inode"] == 7
        assert sorted(kept["counts"]["calls"].values()) == [1, 2]
        assert log.captured("h") == {}
    assert [word for word in TOLD if word.encode() in files_of(home)] == []


def test_state_of_old_sessions_is_forgotten(home: Path, tmp_path: Path, later: Any) -> None:
    turn(tmp_path)
    with Log() as log:
        ingested(log, tmp_path)
        assert captured(log) == 4
        later(STATE_DAYS - 1)
        log.remember("another", {})
        assert captured(log) == 5
        later(STATE_DAYS + 1)
        log.remember("another", {})
        assert captured(log) == 1


def test_the_state_of_a_session_that_is_still_there_is_kept(home: Path, tmp_path: Path, later: Any) -> None:
    """Else its counts would be logged a second time when it goes on."""
    with Log() as log:
        ingested(log, tmp_path)
        for days in range(60, 400, 60):
            later(days)
            Ingest(log, Config()).run([str(tmp_path / "s.jsonl")])
            log.remember("another", {})
        assert captured(log) == 4
        assert len(list(log.bodies("kind = 'session'"))) == 1


def test_keyed_names_stay_themselves(home: Path) -> None:
    with Log() as log:
        names = {log.keyed(str(number)): [number, 1] for number in range(2_000)}
        log.remember("turn", {"files": names})
        assert log.captured("turn") == {"files": names}
    assert store.states({"a": {"x/y": 1}}) == {"a": {"x/y": 1}}


def test_what_is_remembered_of_names_is_bounded(home: Path) -> None:
    """A process that lives for days met names of a megabyte, and kept 4,096 of them."""
    tracemalloc.start()
    try:
        for number in range(40):
            fields.name(f"{number} " * 200_000)
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 4_000_000


@pytest.mark.parametrize(("paths", "told"), [("relative", True), ("hash", False)])
def test_no_message_names_another_file_where_paths_are_hashes(home: Path, paths: str, told: bool) -> None:
    before = "def load(path):\n    return open(path).read()\n\n\ndef save(path):\n    return load(path)\n"
    user = ("/work/app/plan_to_buy.py", "from app.module import load, save\n\nsave(load('b'))\n")
    given = Output(
        "k" * 20, "turn", before[:44], before[:44], "file", "/work/app/module.py", Origin(agent="a", cwd="/work"),
        previous=before, session=Session(frozenset({"load", "save"}), (user,)),
    )  # fmt: skip
    with Log() as log:
        observe([given], log, Config(paths=paths))
        (body,) = log.bodies()
    (message,) = [each["message"] for each in body["findings"] if each["code"].startswith("CTX")]
    assert message.endswith(" still imports it")
    assert ("plan_to_buy" in message) is told
