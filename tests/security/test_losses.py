"""What is found is told and kept, also where the log can't be written: full, read-only, damaged, newer, locked."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from aicheck_app.cli.group import aicheck
from aicheck_app.config import Config
from aicheck_app.errors import AicheckError
from aicheck_app.faults import MAX_LINE, note, path
from aicheck_app.hook.handle import handle
from aicheck_app.log import spool as spool_module
from aicheck_app.log.marks import judgements, mark
from aicheck_app.log.schema import MIGRATIONS
from aicheck_app.log.spool import Spool
from aicheck_app.log.spooling import open_log
from aicheck_app.log.store import Log
from aicheck_app.observe import observe
from tests.app.transcripts import assistant, text, write
from tests.security.outputs import CUT, output

if TYPE_CHECKING:
    from collections.abc import Callable

DATABASE = "log.sqlite3"


def newer(home: Path) -> None:
    with Log() as log:
        log.db.execute("PRAGMA user_version = 99")


def damaged(home: Path) -> None:
    home.mkdir()
    (home / DATABASE).write_bytes(b"this is no database at all\n" * 400)


def damaged_inside(home: Path) -> None:
    """The header is sound: only reading or writing a record meets the damage."""
    with Log() as log:
        log.take([{"id": f"r{n}", "kind": "output", "text": "x " * 400} for n in range(50)])
        log.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray((home / DATABASE).read_bytes())
    data[4096:] = b"\xa5" * (len(data) - 4096)
    (home / DATABASE).write_bytes(data)


def a_folder(home: Path) -> None:
    (home / DATABASE).mkdir(parents=True)


def no_home(home: Path) -> None:
    home.write_text("a file is in the way")


def full(home: Path) -> None:
    """As SQLite sees a full disk: the file can't grow, and its last page is used up."""
    with Log() as log:
        log.db.execute("PRAGMA max_page_count = 1")
        with contextlib.suppress(AicheckError):
            for n in range(10_000):
                log.take([{"id": f"r{n}", "kind": "event"}])


FAULTS: dict[str, Callable[[Path], None]] = {
    f.__name__: f for f in (newer, damaged, damaged_inside, a_folder, no_home, full)
}


@pytest.fixture(params=FAULTS)
def fault(request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    FAULTS[request.param](home)
    if request.param == "full":
        migrate = "aicheck_app.log.store.migrate"
        monkeypatch.setattr(migrate, lambda db: db.execute("PRAGMA max_page_count = 1"))
    return str(request.param)


def mend(fault: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("AICHECK_HOME", str(home))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(home.parent))
    if fault == "newer":
        db = sqlite3.connect(home / DATABASE)
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        db.close()
    elif home.is_file():
        home.unlink()
    elif fault == "a_folder":
        (home / DATABASE).rmdir()
    elif fault.startswith("damaged"):
        for file in home.glob(f"{DATABASE}*"):
            file.unlink()


def test_observe_tells_and_keeps_and_the_next_opening_takes_in(
    fault: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = (output(key, text=CUT + " " * 9_000) for key in ("one", "two"))
    for each in (one, two):
        with open_log(patience=0.1) as log:
            assert not log.has(each.identity)
            (observed,) = observe([each], log, Config())
            result, new = observed.result, observed.new
            assert (result.verdict, new) == ("suspect", True)
            assert "records are kept in" in log.trouble
    with open_log(patience=0.1) as log:
        assert log.has(one.identity), "what is kept is known: it is not told twice"
        mark(log, one.identity, "confirmed")
        log.remember("state", {"a": 1})
    with open_log(patience=0.1) as log:
        assert log.captured("state") == {"a": 1}
    mend(fault, home, monkeypatch)
    with Log() as log:
        assert not log.trouble
        assert [r["verdict"] for r in log.bodies("kind = 'output' AND agent = 'claude-code'")] == ["suspect"] * 2
        assert judgements(log) == {one.identity: "confirmed"}
        assert log.captured("state") == {"a": 1}
        assert log.verify()[1] == []
        assert not log.spool.waiting()


def payload(tmp_path: Path, use: str) -> bytes:
    given = {"file_path": str(tmp_path / "a.js"), "content": CUT}
    return json.dumps({
        "session_id": "s", "transcript_path": str(tmp_path / ".claude/projects/p/s.jsonl"), "cwd": str(tmp_path),
        "hook_event_name": "PostToolUse", "tool_name": "Write", "tool_use_id": use, "tool_input": given,
    }).encode()  # fmt: skip


def test_a_hook_tells_the_agent_all_the_same(
    fault: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aicheck_app.hook.handle.PATIENCE", 0.1)
    assert b"TRU001" in handle(payload(tmp_path, "toolu_1"), "/")
    assert handle(payload(tmp_path, "toolu_1"), "/") == b"", "the same edit is told once"
    mend(fault, home, monkeypatch)
    with Log() as log:
        assert [r["tool_use"] for r in log.bodies("kind = 'output' AND tool = 'Write'")] == ["toolu_1"]


def test_ingest_stops_because_it_can_read_the_sessions_again(fault: str, home: Path, tmp_path: Path) -> None:
    session = write(tmp_path / "s.jsonl", assistant("m1", text(f"```js\n{CUT}\n```\n")))
    done = CliRunner().invoke(aicheck, ["ingest", str(session)])
    assert isinstance(done.exception, AicheckError), done.output
    assert not Spool(str(home / DATABASE)).waiting()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root writes everywhere")
def test_a_read_only_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Log() as log:
        log.take([{"id": "first", "kind": "event"}])
    home.chmod(0o500)
    with open_log(patience=0.1) as log:
        observe([output()], log, Config())
        assert str(home) not in log.trouble.partition("kept in")[2]
    home.chmod(0o700)
    with Log() as log:
        assert len(list(log.bodies())) == 2


def test_a_log_that_is_locked_for_too_long(home: Path) -> None:
    with Log() as log:
        log.take([{"id": "first", "kind": "event"}])
    holder = sqlite3.connect(home / DATABASE, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with open_log(patience=0.1) as log:
        assert log.take([{"id": "second", "kind": "event"}, {"id": "first", "kind": "event"}]) == [True, False]
        assert "in use by another process" in log.trouble
    holder.close()
    with Log() as log:
        assert [r["id"] for r in log.bodies()] == ["first", "second"]


def test_the_command_line_tells_where_a_record_is_kept(home: Path, tmp_path: Path) -> None:
    newer(home)
    (tmp_path / "a.js").write_text(CUT)
    done = CliRunner().invoke(aicheck, ["check", str(tmp_path / "a.js"), "--origin", '{"agent": "x"}'])
    assert "TRU001" in done.stdout
    assert "written by a newer aicheck" in done.stderr
    assert str(home / "log.spool") in done.stderr


def keep(home: Path, *identifiers: str) -> Path:
    home.mkdir(mode=0o700, exist_ok=True)
    folder = Spool(str(home / DATABASE)).keep([{"id": i, "kind": "event"} for i in identifiers], {})
    return Path(folder)


@pytest.mark.skipif(os.name == "nt", reason="POSIX modes")
def test_what_is_kept_is_the_owners_alone(home: Path) -> None:
    folder = keep(home, "a")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def test_the_spool_is_bounded_and_what_does_not_fit_is_counted_and_told(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool_module, "MAX_BYTES", 2_000)
    newer(home)
    with open_log() as log:
        for n in range(60):
            log.take([{"id": f"r{n}", "kind": "event", "text": "word " * 20}])
        assert "1 records are lost" in log.trouble
    folder = home / "log.spool"
    assert sum(file.stat().st_size for file in folder.iterdir()) < 2_200
    mend("newer", home, monkeypatch)
    with Log() as log:
        kept = len(list(log.bodies("kind = 'event' AND id LIKE 'r%'")))
        (lost,) = log.bodies("id NOT LIKE 'r%'")
        assert kept > 3
        assert (lost["event"], lost["count"]) == ("records lost", 60 - kept)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"records": [{}], "captured": {}}', b'{"records": 1, "captured": {}}', b"\xff" * 100, b"[" * 100_000,
     b'{"records": [{"id": 1, "kind": "x"}], "captured": {}}', b'{"records": [], "captured": []}'],
)  # fmt: skip
def test_a_damaged_batch_is_set_aside_and_told(home: Path, content: bytes) -> None:
    folder = keep(home, "good")
    (folder / "00000000000000000000-bad.json").write_bytes(content)
    with Log() as log:
        assert "damaged and were set aside" in log.trouble
        assert [r["id"] for r in log.bodies()] == ["good"]
    assert [(file.name, file.read_bytes()) for file in folder.iterdir()] == [
        ("00000000000000000000-bad.damaged", content)
    ]


@pytest.mark.skipif(os.name == "nt", reason="FIFOs and links")
@pytest.mark.parametrize("kind", ["fifo", "link", "folder"])
def test_what_is_no_regular_file_is_set_aside(home: Path, tmp_path: Path, kind: str) -> None:
    folder = keep(home, "good")
    (tmp_path / "secret.json").write_text('{"records": [{"id": "planted", "kind": "event"}], "captured": {}}')
    bad = folder / "0-bad.json"
    if kind == "fifo":
        os.mkfifo(bad)
    elif kind == "link":
        bad.symlink_to(tmp_path / "secret.json")
    else:
        bad.mkdir()
    with Log() as log:
        assert [r["id"] for r in log.bodies()] == ["good"]


def test_a_batch_that_is_taken_twice_is_in_the_log_once(home: Path) -> None:
    folder = keep(home, "a", "b")
    (file,) = folder.iterdir()
    data = file.read_bytes()
    for _ in range(2):
        file.write_bytes(data)
        with Log() as log:
            assert [r["id"] for r in log.bodies()] == ["a", "b"]


def test_many_processes_take_the_spool_in_once(home: Path) -> None:
    for n in range(40):
        keep(home, f"r{n}")
    script = "from aicheck_app.log.store import Log\nwith Log() as log: assert not log.trouble, log.trouble\n"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    running = [subprocess.Popen([sys.executable, "-P", "-c", script], env=environment) for _ in range(4)]
    assert [process.wait(timeout=60) for process in running] == [0] * 4
    with Log() as log:
        assert log.verify() == (40, [])
        assert not log.spool.waiting()


@pytest.mark.skipif(os.name == "nt", reason="POSIX modes and owners")
@pytest.mark.parametrize("trap", ["link", "open to all", "file"])
def test_a_folder_that_is_not_ours_alone_is_neither_written_nor_read(
    home: Path, tmp_path: Path, trap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_home(home)
    monkeypatch.setattr(os, "environ", {**os.environ, "TEMP": "", "TMPDIR": str(tmp_path / "b")})
    (tmp_path / "b").mkdir()
    first, theirs = tmp_path / spool_module._owner(), tmp_path / "theirs"
    theirs.mkdir(mode=0o700)
    if trap == "link":
        first.symlink_to(theirs)
    elif trap == "file":
        first.write_text("")
    else:
        first.mkdir()
        first.chmod(0o777)
    with open_log() as log:
        log.take([{"id": "a", "kind": "event"}])
        kept = log.trouble.partition("kept in ")[2]
    assert kept
    assert not kept.startswith(str(first))
    assert list(theirs.iterdir()) == []


def test_a_home_does_not_take_in_what_was_kept_for_another(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_home(home)
    with open_log() as log:
        log.take([{"id": "a", "kind": "event"}])
    monkeypatch.setenv("AICHECK_HOME", str(tmp_path / "other"))
    with Log() as log:
        assert list(log.bodies()) == []
    home.unlink()
    monkeypatch.setenv("AICHECK_HOME", str(home))
    with Log(read_only=True) as log:
        assert [r["id"] for r in log.bodies()] == ["a"]


@pytest.mark.parametrize(
    "odd",
    [{"model": 10**6000}, {"tokens": float("nan")}, {"model": b"\xff"}, {"calls": {1: 2, None: 3}}, {"model": {"a": {"b": [1, {"c": [[[[[[1]]]]]]}]}}},
     {"calls": {10**6000: 1}}, {"a": [[[[[[[10**6000]]]]]]]}, {"calls": {"a": 2**63, "a ": 2**63}}, {"model": "\ud83d"}, {"session": "\0"}, {"time": "yesterday"}, {"tool": object()}],
)  # fmt: skip
def test_no_value_keeps_a_record_out(home: Path, odd: dict[str, Any]) -> None:
    with Log() as log:
        assert log.take([{"id": "a", "kind": "output", **odd}]) == [True]
        assert [r["id"] for r in log.bodies()] == ["a"]
        assert log.verify() == (1, [])


DEEP: list[Any] = []
for _ in range(100_000):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    ("file", "state"),
    [("f", {"tokens": 10**6000}), ("\ud800", {}), ("f", {"\ud800": "\ud800"}), ("f", {"a": DEEP}), ("f", {"a": float("nan"), "b": b"x"}),
     ("f", {10**6000: {"a": [10**6000]}})],
)  # fmt: skip
def test_no_state_of_a_captured_file_ends_a_run(home: Path, file: str, state: dict[str, Any]) -> None:
    with Log() as log:
        log.take([{"id": "a", "kind": "event"}], {file: state})
        assert isinstance(log.captured(file), dict)
        log.remember(file, state)
    with open_log() as log:
        assert not log.trouble


def test_a_batch_that_can_never_be_taken_in_holds_up_no_other(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = keep(home, "one", "\ud800")
    keep(home, "bad")
    keep(home, "two")
    write = Log._write

    def refusing(log: Log, records: list[dict[str, Any]], captured: dict[str, Any]) -> list[bool]:
        if any(record["id"] == "bad" for record in records):
            raise ValueError("what nobody thought of")
        return write(log, records, captured)

    monkeypatch.setattr(Log, "_write", refusing)
    with open_log() as log:
        assert [r["id"] for r in log.bodies()] == ["one", "\ufffd", "two"]
        assert "damaged and were set aside" in log.trouble
        log.take([{"id": "three", "kind": "event"}])
        assert len(list(log.bodies())) == 4
    assert [file.suffix for file in folder.iterdir()] == [".damaged"]


def make(kind: str, path: Path) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to(Path("/dev/zero") if kind == "device" else path.parent.parent / "stray")


@pytest.mark.skipif(os.name == "nt", reason="FIFOs and devices")
@pytest.mark.parametrize("kind", ["fifo", "folder", "device", "nowhere"])
@pytest.mark.parametrize("name", [DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", "log.key", "faults.log"])
def test_a_file_of_the_home_that_is_no_regular_one_neither_hangs_nor_loses(
    home: Path, tmp_path: Path, name: str, kind: str
) -> None:
    if name == "log.key":
        Log().db.close()
        (home / name).unlink()
    make(kind, home / name)
    script = (
        "from aicheck_app.faults import note\nfrom aicheck_app.log.spooling import open_log\n"
        "from aicheck_app.config import Config\nfrom aicheck_app.observe import observe\n"
        "from tests.security.outputs import output\n"
        "with open_log() as log:\n    assert observe([output()], log, Config())[0].new\n    print(log.trouble)\n"
        "note('test', 'x')\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=20, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (name == "faults.log") == (done.stdout.strip() == ""), done.stdout
    assert not (tmp_path / "stray").exists()
    assert not list(home.glob("log.key.*"))


@pytest.mark.skipif(os.name == "nt", reason="folders that are replaced")
def test_a_key_that_cannot_be_put_in_its_place_is_not_left_beside_it(home: Path) -> None:
    make("folder", home / "log.key")
    with open_log() as log:
        assert log.take([{"id": "a", "kind": "event"}]) == [True]
        assert log.trouble
    assert not list(home.glob("log.key.*"))


def test_a_fault_is_noted_without_secrets_and_home_folders(home: Path) -> None:
    token = "ghp_" + "aB3dE5gH7jK9mN1pQ3sT5vX7zA9cD1fG3hJ5"
    note("test", "/home/alice/x " + "-" * (MAX_LINE - 40) + f" {token}")
    text = Path(path()).read_text()
    assert "alice" not in text
    assert "ghp_" not in text
