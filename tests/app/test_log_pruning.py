"""Pruning goes by a record's own time; the chain stays whole, and it is said what that leaves proven."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from aicheck_app.capture.ingest import Ingest
from aicheck_app.cli.group import aicheck
from aicheck_app.config import Config
from aicheck_app.errors import AicheckError
from aicheck_app.log import queries, records
from aicheck_app.log.chain import GENESIS, canonical, link
from aicheck_app.log.store import Log
from tests.app.test_log import old_log, record
from tests.app.transcripts import assistant, text, write

EXAMPLE = Path(__file__).parents[2] / "examples/verify_log.py"
NOW = "2026-05-01T00:00:00.000Z"
LIMIT = "2026-01-11T00:00:00.000Z"


def shuffled(count: int = 28, seed: int = 1) -> list[int]:
    numbers = list(range(count))
    random.Random(seed).shuffle(numbers)
    return numbers


def verify(*arguments: str) -> tuple[int, str]:
    """What ``aicheck log verify`` says, and the example that needs no aicheck with it."""
    done = CliRunner().invoke(aicheck, ["log", "verify", *arguments], standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return done.return_value, done.output


def by_example(home: Path, *head: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, str(EXAMPLE), str(home / "log.sqlite3"), *head], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_what_goes_is_what_is_old_not_what_was_logged_first(home: Path) -> None:
    with Log() as log:
        log.take([record(n) for n in shuffled()])
        assert log.prune(LIMIT, NOW) == 10
        assert sorted(r["id"] for r in log.bodies("kind = 'output'")) == sorted(f"r{n}" for n in range(10, 28))
        assert log.verify() == (19, [])
        assert log.prune(LIMIT, NOW) == 0
        log.take([record(100)])
        assert log.prune("2026-01-20T00:00:00.000Z", NOW) == 9 + 1
        assert log.verify() == (11, [])
    assert by_example(home)[0] == 0


@pytest.mark.parametrize(
    "time", ["2026-01-05", "2026-01-05T10:00:00Z", "2026-01-10T23:30:00+02:00", "2026-01-05T00:00:00.123456Z"]
)
def test_times_in_other_spellings_are_old_too(home: Path, time: str) -> None:
    with Log() as log:
        log.take(
            [
                {"id": "a", "kind": "output", "time": time},
                {"id": "b", "kind": "output"},
                {"id": "c", "kind": "output", "time": "soon"},
            ]
        )
        assert log.prune(LIMIT, NOW) == 1
    assert (
        "2 records hold no time and were left"
        in CliRunner().invoke(aicheck, ["log", "prune", "--before", "2026-01-01", "--yes"]).output
    )


def test_an_old_session_that_was_ingested_today_is_pruned_and_stays_so(home: Path, tmp_path: Path) -> None:
    session = write(tmp_path / "s.jsonl", assistant("m1", text("```python\nx = (\n```\n")))
    with Log() as log:
        log.take([record(27)])
        Ingest(log, Config()).run([str(session)])
        assert log.prune("2999-01-01T00:00:00.000Z", NOW) >= 2
        assert list(log.rows("SELECT count(*) FROM captured")) == [(0,)]
        assert Ingest(log, Config()).run([str(session)]).outputs == 0
        assert list(log.bodies("kind = 'output'")) == []


def test_state_of_hooks_goes_with_its_age(home: Path) -> None:
    with Log() as log:
        log.remember("hook", {"files": {"secret/plan.py": [1, 2]}, "transcript": 3})
        log.prune("2026-01-01T00:00:00.000Z", NOW)
        assert log.captured("hook")
        log.prune("2999-01-01T00:00:00.000Z", NOW)
        assert log.captured("hook") is None


def test_what_was_pruned_is_in_no_file_any_more(home: Path) -> None:
    with Log() as log:
        log.take([record(n, reason=f"needle{n}") for n in range(28)])
        log.prune(LIMIT, NOW)
        stored = b"".join(file.read_bytes() for file in home.iterdir())
    assert b"needle3" not in stored
    assert b"needle15" in stored


@pytest.mark.parametrize(
    "attack",
    ["UPDATE pruned SET hash = zeroblob(32) WHERE seq = 5", "DELETE FROM pruned WHERE seq = 5", "DELETE FROM pruned",
     "DELETE FROM records WHERE kind = 'prune'", "UPDATE records SET hash = zeroblob(32) WHERE seq = 12",
     "INSERT INTO pruned SELECT seq, hash, id FROM records WHERE seq = 15; DELETE FROM records WHERE seq = 15",
     "UPDATE records SET body = replace(body, 'r14', 'r99') WHERE seq = 15",
     "INSERT INTO pruned SELECT seq, hash, id FROM records WHERE seq = 15",
     "UPDATE records SET body = replace(body, '[1,10]', '[1,12]') WHERE kind = 'prune'",
     "UPDATE records SET body = json_set(body, '$.ranges', 7) WHERE kind = 'prune'",
     "UPDATE pruned SET id = 'r99' WHERE seq = 5", "UPDATE pruned SET id = NULL WHERE seq = 5"],
)  # fmt: skip
def test_what_is_changed_or_hidden_after_a_prune_is_seen(home: Path, attack: str) -> None:
    with Log() as log:
        log.take([record(n) for n in range(28)])
        log.prune(LIMIT, NOW)
        assert log.verify()[1] == []
        for statement in attack.split("; "):
            log.db.execute(statement)
        assert log.verify()[1]
    assert verify()[0] == 1
    assert by_example(home)[0] == 1


CHANGES = {
    "columns that say what they like": "ALTER TABLE records RENAME TO old; DROP INDEX records_id; DROP INDEX records_time;"
    "CREATE TABLE records (seq INTEGER PRIMARY KEY, body TEXT NOT NULL, hash BLOB NOT NULL, id TEXT, kind TEXT, time TEXT);"
    "INSERT INTO records SELECT seq, body, hash, id, kind, time FROM old; DROP TABLE old",
    "a trigger": "CREATE TRIGGER t BEFORE INSERT ON records BEGIN SELECT raise(ignore); END",
    "a view": "CREATE VIEW v AS SELECT 1", "a table": "CREATE TABLE more (a)", "an index": "CREATE INDEX i ON records (hash)",
    "no index": "DROP INDEX records_id", "another column": "ALTER TABLE pruned ADD COLUMN more",
    "bodies as blobs": "UPDATE records SET body = CAST(body AS BLOB)",
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_log_in_another_form_does_not_verify(home: Path, change: str) -> None:
    with Log() as log:
        log.take([record(n) for n in range(4)])
        assert log.verify() == (4, [])
        log.db.executescript(CHANGES[change])
    with Log(read_only=True) as log:
        assert log.verify()[1]


def test_statistics_that_sqlite_keeps_are_no_change(home: Path) -> None:
    with Log() as log:
        log.take([record(n) for n in range(4)])
        log.db.execute("ANALYZE")
        assert log.verify() == (4, [])


def pruned_by_hand(home: Path, **said: object) -> None:
    """As an attacker, who owns the file, would: record 2 is changed, and record 3 is said to be pruned."""
    with Log() as log:
        log.take([record(n) for n in range(5)])
        hashes = {seq: bytes(stored) for seq, stored in list(log.rows("SELECT seq, hash FROM records"))}
        changed = canonical(record(99))
        log.db.execute(
            "UPDATE records SET body = ?, hash = ? WHERE seq = 2", (changed, link(hashes[1], changed.encode()))
        )
        log.db.execute("INSERT INTO pruned VALUES (3, ?, 'r2')", (hashes[3],))
        log.db.execute("DELETE FROM records WHERE seq = 3")
        body = canonical({"id": "p", "kind": "prune", "time": NOW, "before": NOW, "count": 1, **said})
        log.db.execute("INSERT INTO records (body, hash) VALUES (?, ?)", (body, link(hashes[5], body.encode())))


@pytest.mark.parametrize(
    "said",
    [{"ranges": [[3, 3]]}, {"ranges": [[1, 10**15]]}, {"ranges": [[3, 3]], "first": 3, "last": 10**15, "digest": "0"},
     {"ranges": [[3, 3]], "first": 9, "last": 8, "digest": "0"}, {"ranges": 3}, {"ranges": [[10**400, 3]]}, {}],
)  # fmt: skip
def test_no_record_of_a_prune_that_proves_nothing_is_taken(home: Path, said: dict[str, object]) -> None:
    pruned_by_hand(home, **said)
    assert verify()[0] == 1
    assert by_example(home)[0] == 1


def test_a_log_that_starts_anywhere_needs_an_anchor(home: Path) -> None:
    with Log() as log:
        log.take([record(n) for n in range(5)])
        log.db.execute("DELETE FROM records WHERE seq <= 3")
        body = canonical(record(9))
        log.db.execute("UPDATE records SET body = ?1, hash = ?2 WHERE seq = 4", (body, link(GENESIS, body.encode())))
        log.db.execute("DELETE FROM records WHERE seq = 5")
    assert verify()[0] == 1
    assert by_example(home)[0] == 1


def test_both_say_what_was_pruned_and_whose_ids_nothing_vouches_for(home: Path) -> None:
    with Log() as log:
        log.take([record(n) for n in (20, 1, 21, 2, 22)])
        log.prune(LIMIT, NOW)
    for code, said in (verify(), by_example(home)):
        assert code == 0
        assert "2, 4" in said
        assert "ids" not in said
    with Log() as log:
        ((seq, body),) = list(log.rows("SELECT seq, body FROM records WHERE kind = 'prune'"))
        older = canonical({key: value for key, value in json.loads(body).items() if key != "ids_digest"})
        ((before,),) = list(log.rows("SELECT hash FROM records WHERE seq = ?", (seq - 1,)))
        log.db.execute(
            "UPDATE records SET body = ?, hash = ? WHERE seq = ?", (older, link(bytes(before), older.encode()), seq)
        )
    for code, said in (verify(), by_example(home)):
        assert code == 0
        assert "nothing vouches for their ids" in said


def test_a_log_that_does_not_verify_is_not_pruned(home: Path) -> None:
    with Log() as log:
        log.take([record(n) for n in range(28)])
        log.db.execute("UPDATE records SET body = replace(body, 'r3', 'r4x') WHERE seq = 4")
        with pytest.raises(AicheckError, match="nothing was pruned: record 4"):
            log.prune(LIMIT, NOW)
        assert len(log.verify()[1]) == 1


def test_a_head_from_before_a_prune_proves_less_and_that_is_said(home: Path) -> None:
    heads = []
    with Log() as log:
        for n in (20, 1, 21, 2, 22):
            log.take([record(n)])
            heads.append(log.head())
        log.prune(LIMIT, NOW)
        now = log.head()
    code, said = verify("--head", heads[4])
    assert code == 0
    assert "chain intact but for what was pruned" in said
    assert (
        f"{NOW}: 2 records from before {LIMIT} were pruned (2, 4); their hashes were kept, what they said is gone"
        in said
    )
    assert "records 5 to 5 are unchanged since it was made known" in said
    assert "of the records up to 4 it proves nothing" in said
    code, said = verify("--head", heads[3])
    assert code == 0
    assert "record 4, which was pruned" in said
    code, said = verify("--head", heads[0])
    assert (code, "proves nothing" in said) == (0, False), "nothing was pruned behind the first record"
    for head in (heads[3][:8].upper(), now):
        assert verify("--head", head)[0] == 0
    assert verify("--head", "0" * 8)[0] == 1
    for head in (heads[0][:7], "x" * 8, "%" * 8, "________", "0" * 65):
        with pytest.raises(AicheckError, match="no hash in hexadecimal"):
            verify("--head", head)
    assert by_example(home, heads[3])[0] == 0
    assert by_example(home, "00" * 32)[0] == 1


def test_a_log_that_an_older_version_pruned_still_verifies(home: Path) -> None:
    """It deleted the first records and kept the hash of the last of them: what it said of that must still hold."""
    bodies = [canonical(record(n)) for n in range(6)]
    head = GENESIS
    for body in bodies[:3]:
        head = link(head, body.encode())
    anchor = canonical(
        {
            "id": "prune-3-x",
            "kind": "prune",
            "time": "2026-02-01T00:00:00.000Z",
            "before": "2026-01-04",
            "through": 3,
            "hash": head.hex(),
        }
    )
    old_log(home, 2, *bodies, anchor, first=4)
    code, said = verify()
    assert (code, "the records up to 3 were pruned by an older aicheck" in said) == (0, True)
    assert by_example(home)[0] == 0
    with Log() as log:
        assert log.verify() == (4, [])
        log.take([record(n) for n in (26, 1)])
        assert log.prune("2026-01-05T12:00:00.000Z", NOW) == 3
        assert log.verify() == (4, [])
    assert verify("--head", head.hex())[0] == 1
    assert by_example(home)[0] == 0


def test_all_of_a_project_is_purged_and_the_rest_verifies(home: Path) -> None:
    def output(name: str, project: str) -> records.Output:
        return records.Output(
            id=name, time="2026-05-01T10:00:00.000Z", agent="a", session=f"s-{project}", project=project, verdict="clean",
            language="python", attribution="hook",
        )  # fmt: skip

    with Log() as log:
        gone, stays = log.keyed("/w/secret"), log.keyed("/w/other")
        log.append([output("o1", gone), output("o2", stays), output("o3", gone)])
        log.append([
            records.Event(id="e", event="refusal", agent="a", session=f"s-{gone}", time="2026-05-01T10:00:00.000Z"),
            records.Mark(id="m", target="o1", mark="dismissed", time="2026-05-01T11:00:00.000Z"),
        ])  # fmt: skip
        assert log.purge(gone, "2026-05-02T00:00:00.000Z") == 4
        assert [body["id"] for body in log.bodies("kind != 'prune'")] == ["o2"]
        assert log.verify()[1] == []
        assert "4 records of a project were purged" in " ".join(map(str, queries.prunings(log)))
        assert [row for (row,) in log.rows("SELECT project FROM facts")] == [stays]
        log.append([output("o1", gone)])
        assert len(list(log.bodies("kind = 'output'"))) == 1


def test_a_folder_is_purged_by_its_name(home: Path, tmp_path: Path) -> None:
    with Log() as log:
        log.append(
            [
                records.Output(
                    id="o1", time="2026-05-01T10:00:00.000Z", project=log.keyed(str(tmp_path)), verdict="clean"
                )
            ]
        )
    done = CliRunner().invoke(aicheck, ["log", "purge", str(tmp_path), "--yes"])
    assert "1 records deleted" in done.stdout
