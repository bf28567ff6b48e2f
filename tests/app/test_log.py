"""The log: append-only, idempotent, tamper-evident, safe under many writers and kills."""

from __future__ import annotations

import hmac
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from aicheck_app.errors import AicheckError
from aicheck_app.log import schema
from aicheck_app.log.chain import GENESIS, link
from aicheck_app.log.fields import cleaned
from aicheck_app.log.records import Body
from aicheck_app.log.store import Log


def record(number: int, **more: object) -> Body:
    return {"id": f"r{number}", "kind": "output", "time": f"2026-01-{number % 28 + 1:02d}T00:00:00.000Z", **more}


def test_a_second_append_is_a_no_op(home: Path) -> None:
    with Log() as log:
        assert log.take([record(1), record(2)]) == [True, True]
        head = log.head()
        assert log.take([record(2), record(1)]) == [False, False]
        assert log.head() == head
        assert log.verify() == (2, [])
        assert [r["id"] for r in log.bodies()] == ["r1", "r2"]


@pytest.mark.skipif(os.name == "nt", reason="POSIX modes")
def test_only_the_owner_can_read(home: Path) -> None:
    with Log() as log:
        log.take([record(1)])
        assert {stat.S_IMODE(f.stat().st_mode) for f in home.iterdir()} == {0o600}
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


@pytest.mark.parametrize("column", ["body", "hash"])
def test_flipping_one_byte_of_any_record_names_it(home: Path, column: str) -> None:
    with Log() as log:
        log.take([record(n, model="m", verdict="clean") for n in range(12)])
        for seq in range(1, 13):
            (kept,) = next(iter(log.rows(f"SELECT {column} FROM records WHERE seq = ?", (seq,))))
            data = bytearray(kept if isinstance(kept, bytes) else kept.encode())
            at = data.index(b'"m"') + 1 if column == "body" else len(data) // 2
            data[at] ^= 1
            changed = bytes(data) if isinstance(kept, bytes) else data.decode()
            log.db.execute(f"UPDATE records SET {column} = ? WHERE seq = ?", (changed, seq))
            assert (seq, f"r{seq - 1}") in [(f.seq, f.id) for f in log.verify()[1]]
            log.db.execute(f"UPDATE records SET {column} = ? WHERE seq = ?", (kept, seq))
        assert log.verify() == (12, [])


def test_flipping_a_byte_of_the_file_itself_is_seen(home: Path) -> None:
    with Log() as log:
        log.take([record(n, note=f"needle-{n}-needle") for n in range(50)])
        log.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path = home / "log.sqlite3"
    data = bytearray(path.read_bytes())
    data[data.index(b"needle-31-needle") + 2] ^= 4
    path.write_bytes(data)
    with Log(read_only=True) as log:
        faults = log.verify()[1]
    assert [(f.id, f.reason) for f in faults] == [("r31", "the record or its hash was changed")]


def test_removing_records_is_seen_wherever_it_happens(home: Path) -> None:
    with Log() as log:
        log.take([record(n) for n in range(6)])
        log.db.execute("DELETE FROM records WHERE seq = 3")
        assert "records 3 to 3 are missing" in {f.reason for f in log.verify()[1]}
        log.db.execute("DELETE FROM records WHERE seq <= 3")
        assert "records 1 to 3 are missing" in {f.reason for f in log.verify()[1]}


def test_a_full_disk_loses_nothing_and_says_so(home: Path) -> None:
    with Log() as log:
        log.take([record(1)])
        pages = next(iter(log.rows("PRAGMA page_count")))[0]
        log.db.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(AicheckError, match="the disk is full: nothing was written"):
            log.take([record(2, text="x " * 100_000)])
        assert log.verify() == (1, [])
        assert log.take([record(3)]) == [True]


def test_a_home_that_cannot_be_made_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("AICHECK_HOME", str(tmp_path / "file/home"))
    with pytest.raises(AicheckError, match="the log can't be used"):
        Log()


def test_a_file_that_is_no_log_is_explained(home: Path) -> None:
    home.mkdir()
    (home / "log.sqlite3").write_text("this is not a database, it is only text\n" * 40)
    with pytest.raises(AicheckError, match="the log is damaged"):
        Log()


def test_a_log_of_a_newer_version_is_not_touched(home: Path) -> None:
    with Log() as log:
        log.db.execute(f"PRAGMA user_version = {len(schema.MIGRATIONS) + 1}")
    with pytest.raises(AicheckError, match="newer aicheck"):
        Log()


def test_the_final_schema(home: Path) -> None:
    """Spelt out: a migration changes it knowingly, and an old migration is never edited."""
    with Log() as log:
        names = [row[1] for row in list(log.rows("PRAGMA table_xinfo(records)"))]
        assert names == ["seq", "body", "hash", *schema.COLUMNS, "attribution", "project", "file"]
        assert [r[0] for r in list(log.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1"))] == [
            "captured",
            "facts",
            "monitored",
            "pruned",
            "records",
        ]


def old_log(home: Path, version: int, *bodies: str, first: int = 1) -> bytes:
    """A log as an older aicheck left it, with the records before ``first`` pruned; its key."""
    home.mkdir(mode=0o700, exist_ok=True)
    db = sqlite3.connect(home / "log.sqlite3", isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    for number in range(version):
        schema.MIGRATIONS[number](db)
    head = GENESIS
    for body in bodies:
        head = link(head, body.encode())
        db.execute("INSERT INTO records (body, hash) VALUES (?, ?)", (body, head))
    db.execute("DELETE FROM records WHERE seq < ?", (first,))
    db.execute("INSERT INTO captured VALUES ('f', '{}')")
    db.execute(f"PRAGMA user_version = {version}")
    key = bytes(db.execute("SELECT value FROM meta").fetchone()[0])
    db.close()
    return key


@pytest.mark.parametrize("version", [1, 2])
def test_a_log_of_an_older_version_is_brought_up_to_date(home: Path, version: int) -> None:
    """Its hashes stay valid, keyed ones too: the key moves to a file of its own and leaves no trace in the log."""
    key = old_log(home, version, '{"attribution":"heuristic","id":"a","kind":"output"}')
    with Log(read_only=True) as log:
        assert list(log.rows("SELECT id, attribution FROM records")) == [("a", "heuristic")]
        assert log.verify() == (1, [])
        assert log.keyed("x") == hmac.digest(key, b"x", "sha256").hex()[:12]
        assert (home / "log.key").read_bytes() == key
    assert not [file for file in home.iterdir() if file.name != "log.key" and key in file.read_bytes()]


WRITER = """
import sys
from aicheck_app.log.store import Log
name, count = sys.argv[1], int(sys.argv[2])
with Log() as log:
    for n in range(count):
        log.take([{"id": f"{name}-{n}", "kind": "output", "time": "2026-01-01"}])
        sys.stdout.write(f"{name}-{n}\\n")
        sys.stdout.flush()
"""


@pytest.mark.e2e
def test_eight_writers_two_killed_nothing_acknowledged_is_lost(home: Path, tmp_path: Path) -> None:
    """Each writes 2,000 records; the first two are killed in the midst of it."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    outputs = [(tmp_path / f"acknowledged-{n}").open("wb") for n in range(8)]
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, f"w{n}", "2000"], stdout=out, env=environment)
        for n, out in enumerate(outputs)
    ]
    alive = {0, 1}
    while alive:
        for n in [n for n in alive if (tmp_path / f"acknowledged-{n}").stat().st_size > 200]:
            writers[n].send_signal(signal.SIGKILL)
            alive.discard(n)
    codes = [writer.wait(timeout=120) for writer in writers]
    assert codes == [-signal.SIGKILL] * 2 + [0] * 6
    for out in outputs:
        out.close()
    said = {line for n in range(8) for line in (tmp_path / f"acknowledged-{n}").read_text().split("\n")[:-1]}
    with Log() as log:
        kept = {r["id"] for r in log.bodies()}
        count, faults = log.verify()
    assert said <= kept
    assert len(kept) - len(said) <= 2
    assert (count, faults) == (len(kept), [])
    assert sum(name.split("-")[0] not in ("w0", "w1") for name in kept) == 12_000


def test_many_openings_at_once_migrate_once(home: Path) -> None:
    script = "from aicheck_app.log.store import Log\nwith Log() as log: log.take([])\n"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    running = [subprocess.Popen([sys.executable, "-c", script], env=environment) for _ in range(6)]
    assert [process.wait(timeout=60) for process in running] == [0] * 6
    assert sqlite3.connect(home / "log.sqlite3").execute("PRAGMA integrity_check").fetchone() == ("ok",)


LOCKED = """
import fcntl, sys
with open(sys.argv[1], "r+b") as file:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 510, 0x40000002)  # the bytes that SQLite's readers share
    except OSError:
        sys.exit(0)
sys.exit(1)
"""


@pytest.mark.skipif(os.name == "nt", reason="POSIX locks")
def test_a_second_opening_leaves_the_locks_of_the_first_alone(home: Path) -> None:
    """POSIX ends all of a process's locks on a file when any of its descriptors closes; other processes then ruin it."""
    with Log() as first:
        first.take([record(1)])
        with Log() as second:
            second.take([record(2)])
        assert subprocess.run([sys.executable, "-c", LOCKED, home / "log.sqlite3"], check=False).returncode == 0


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2026-13-45T00:00:00.000Z", None), ("9999-99-99T99:99:99.999Z", None), ("2026-02-30T00:00:00.000Z", None),
        ("0000-01-01T00:00:00.000Z", None), ("2026-01-01T24:61:00.000Z", None), ("\u0662026-01-01T00:00:00.000Z", None),
        ("2024-02-29T00:00:00.000Z", "2024-02-29T00:00:00.000Z"), ("2026-01-31T23:59:59.999Z", "2026-01-31T23:59:59.999Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"), ("2026-01-01T00:30:00+02:00", "2025-12-31T22:30:00.000Z"),
    ],
)  # fmt: skip
def test_a_time_is_a_real_one_in_one_form_or_none(given: str, kept: str | None) -> None:
    (record_,) = cleaned([{"id": "a", "time": given}])
    assert record_.get("time") == kept


@pytest.mark.parametrize("model", ["opus\0", "\0opus", "op\nus", "a\x1b[31mb", "a\x85b", "a\tb"])
def test_names_hold_no_control_characters(model: str) -> None:
    (kept,) = cleaned([{"id": "a", "model": model, "calls": {model: 1}}])
    assert "\ufffd" in kept["model"]
    assert all(char.isprintable() for char in kept["model"] + next(iter(kept["calls"])))
