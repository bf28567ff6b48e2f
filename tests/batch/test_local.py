"""Bulk checking on one machine: each row comes out once, whatever happens to its neighbours, however often it is run."""

from __future__ import annotations

import json
import mmap
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from aicheck_app import pool
from aicheck_app.batch import arrow, layout, local, lock, schema, work
from aicheck_app.batch.local import Local
from aicheck_app.batch.result import Result
from aicheck_app.capture.ingest import Ingest
from aicheck_app.capture.reader import transcripts
from aicheck_app.config import Config
from aicheck_app.errors import AicheckError
from aicheck_app.log.store import Log
from aicheck_app.monitor import sums
from aicheck_app.monitor.kpis import kpis
from aicheck_app.monitor.units import sums_of, units
from aicheck_app.team.history import TeamHistory
from tests.batch.given import CUT, GOOD, OPTIONS, lines, rows, session, texts

if TYPE_CHECKING:
    from aicheck_app.batch.options import Options


def run(tmp_path: Path, *places: str, kind: str = "auto", options: Options = OPTIONS) -> Result:
    return Local(options, str(tmp_path / "out"), 2).run(places, kind)  # type: ignore[arg-type]


def test_texts_come_out_once_with_their_counts(tmp_path: Path) -> None:
    given = lines(tmp_path, texts(60))
    assert run(tmp_path, given, kind="texts") == Result(60, 60, 12, 0)
    assert run(tmp_path, given, kind="texts") == Result(0, 0, 0, 0)
    assert run(tmp_path, lines(tmp_path, texts(70), "more.jsonl"), kind="texts") == Result(10, 10, 2, 0)
    out = str(tmp_path / "out")
    assert rows(out, layout.FACTS, "sum(outputs), sum(suspect), sum(tru)") == [(70, 14, 14)]
    days = [tuple(one) for one in rows(out, layout.RECORDS, "DISTINCT day, agent")]
    assert (len(days), days[0]) == (6, ("2026-01-01", "claude-code"))
    with sums.opened(TeamHistory(out).facts) as db:
        assert {unit.person for unit in units(sums.facts(db))} == {
            OPTIONS.pseudonym(f"p{number}") for number in range(3)
        }


def test_parquet_says_the_same_as_lines(tmp_path: Path) -> None:
    pq.write_table(pa.Table.from_pylist(texts(30)), tmp_path / "texts.parquet")
    run(tmp_path, str(tmp_path / "texts.parquet"))
    assert Local(OPTIONS, str(tmp_path / "out"), 1).run([lines(tmp_path, texts(30))], "texts").records == 0


def test_what_a_log_takes_in_is_what_comes_out(tmp_path: Path) -> None:
    for number in range(6):
        session(tmp_path / "sessions", number)
        os.utime(tmp_path / f"sessions/ana/{number}.jsonl", (0, 0))
    with Log(str(tmp_path / "own/log.sqlite3")) as log:
        Ingest(log, Config()).run(list(transcripts(str(tmp_path / "sessions"))))
        with sums.opened(log.facts) as db:
            own = list(units(sums.facts(db)))
        ids = sorted(body["id"] for body in log.bodies("kind != 'session'"))
    assert run(tmp_path, str(tmp_path / "sessions"), options=OPTIONS._replace(person="sessions")).outputs == 6
    out = str(tmp_path / "out")
    assert [one for (one,) in rows(out, layout.RECORDS, "id") if one in ids] == ids
    with sums.opened(TeamHistory(out).facts) as db:
        there = list(units(sums.facts(db)))
    for kpi in kpis():
        assert sums_of(kpi, own) == sums_of(kpi, there), kpi.name
    assert {unit.person for unit in there} == {OPTIONS.pseudonym("ana")}


def _poisoned(options: Options, given: list[dict[str, str]]) -> list[dict[str, object]]:
    """As ``work.texts``, but one text ends the process that checks it, as a fault of a grammar does."""
    if any("POISON" in str(row) for row in given):
        os._exit(139)
    return work.texts(options, [json.loads(row["line"]) for row in given])


def test_a_text_that_ends_its_process_costs_its_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = texts(20)
    given[7]["text"] = "POISON"
    monkeypatch.setattr(work, "lines", _poisoned)
    assert run(tmp_path, lines(tmp_path, given), kind="texts") == Result(20, 20, 4, 0)
    (unchecked,) = [
        body
        for (verdict, body) in rows(str(tmp_path / "out"), layout.RECORDS, "verdict, body")
        if verdict == "unchecked"
    ]
    assert json.loads(unchecked)["reason"] == "its grammar crashes on it"


def test_what_can_not_be_read_is_told_and_kept(tmp_path: Path) -> None:
    given = lines(tmp_path, [texts(1)[0], "no json", '{"path": "a.py"}', '"text"', texts(2)[1]])
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 no")
    assert run(tmp_path, given, str(tmp_path / "broken.parquet"), kind="texts") == Result(2, 2, 1, 4)
    assert run(tmp_path, given, kind="texts") == Result(0, 0, 0, 0)
    told = [json.loads(body) for (body,) in rows(str(tmp_path / "out"), layout.SKIPPED, "body")]
    assert sorted({one["reason"] for one in told}) == [
        "file that can't be read: ArrowInvalid",
        "line that is no JSON object with a text",
    ]


def test_wrong_types_and_hostile_values_cost_nothing(tmp_path: Path) -> None:
    odd = [
        {"text": GOOD, "path": 5, "tokens": "many", "turn": 1e400, "time": "never", "side_chain": "x", "kind": "virus"},
        {"text": "", "path": "../../etc/passwd\0", "agent": "../../x", "language": "nope", "previous": 7},
        {"text": "\ud800 x", "session": "\x1b[31m", "model": "a" * 10_000, "person": "  "},
    ]
    assert run(tmp_path, lines(tmp_path, odd), kind="texts").records == 3
    out = str(tmp_path / "out")
    assert not any("/../" in str(file) or "\x1b" in str(file) for file in Path(out).rglob("*"))
    assert "etc" not in str(rows(out, layout.RECORDS, "body"))


def test_a_run_that_ended_before_it_had_counted_is_made_up_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = lines(tmp_path, texts(30))
    monkeypatch.setattr(local._Adding, "_count", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, given, kind="texts")
    monkeypatch.undo()
    assert run(tmp_path, given, kind="texts").records == 0
    assert rows(str(tmp_path / "out"), layout.FACTS, "sum(outputs)") == [(30,)]
    assert list((tmp_path / "out" / layout.PENDING).iterdir()) == []


def test_what_is_found_later_makes_its_output_suspect() -> None:
    known = {"session": "s", "agent": "a", "time": "2026-01-01T00:00:00.000Z"}
    output = {
        "id": "o1",
        "kind": "output",
        "body": json.dumps({"kind": "output", "id": "o1", "verdict": "clean", "lines": 3, **known}),
    }
    found = [{"code": "IMP001", "severity": "error", "confidence": "high"}]
    later = {
        "id": "l1",
        "kind": "later",
        "target": "o1",
        "body": json.dumps({"kind": "later", "id": "l1", "target": "o1", "verdict": "suspect", "findings": found}),
    }
    stray = {**later, "id": "l2", "target": "gone"}
    (batch,) = arrow.facts([schema.table([output, later, stray], schema.RECORDS)])
    (row,) = batch.to_pylist()
    assert (row["outputs"], row["suspect"], row["imp"], row["day"]) == (1, 1, 1, "2026-01-01")


def test_the_function_is_plain_arrow(tmp_path: Path) -> None:
    batch = pa.RecordBatch.from_pylist([{"text": CUT, "path": "a.py"}, {"text": GOOD, "path": "a.py"}])
    (found,) = arrow.checked([batch], OPTIONS)
    assert found.schema == schema.RECORDS
    assert [row["verdict"] for row in found.to_pylist()] == ["suspect", "clean"]


@pytest.mark.parametrize(
    "odd",
    [
        {"language": 5},
        {"language": ["py"]},
        {"person": {"a": 1}},
        {"previous": [1]},
        {"key": {"b": 2}},
        {"agent": 7, "model": None},
    ],
)
def test_a_row_of_odd_types_costs_no_other(tmp_path: Path, odd: dict[str, object]) -> None:
    given = lines(tmp_path, [texts(1)[0], {"text": GOOD, "path": "a.py", **odd}, texts(2)[1]])
    assert run(tmp_path, given, kind="texts").records == 3


def test_a_run_that_was_killed_while_it_wrote_leaves_nothing_torn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = lines(tmp_path, texts(30))
    whole = os.replace

    def killed(source: str, target: str) -> None:
        whole(source, target)
        if "/records/" in target:
            raise KeyboardInterrupt  # some files are in their places, others are not

    monkeypatch.setattr("aicheck_app.batch.local.os.replace", killed)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, given, kind="texts")
    monkeypatch.undo()
    (tmp_path / "out" / ".aicheck-left").mkdir()
    done = run(tmp_path, given, kind="texts")
    assert 0 < done.records < 30
    assert rows(str(tmp_path / "out"), layout.FACTS, "sum(outputs)") == [(30,)]
    assert len(rows(str(tmp_path / "out"), layout.RECORDS, "DISTINCT id")) == 30
    assert not list((tmp_path / "out").glob(".aicheck-*"))


def test_what_is_said_in_one_process_leaves_nothing_that_another_takes_away(tmp_path: Path) -> None:
    """Both the process that gathers and those that check keep logs for a while: none of them is the other's."""
    assert work.lost_text(OPTIONS, texts(1)[0], "its grammar crashes on it")[0]["verdict"] == "unchecked"
    for number in range(3):
        given = lines(tmp_path, texts(200)[number * 60 : number * 60 + 60], f"{number}.jsonl")
        assert run(tmp_path, given, kind="texts").records == 60
        assert work.lost_text(OPTIONS, texts(1)[0], "its grammar crashes on it")


def test_texts_of_parquet_may_be_bytes_and_what_has_none_is_told(tmp_path: Path) -> None:
    """Some programs write texts without saying that they are; a number or nothing is no text, and no output either."""
    known = {"path": [b"a.py", b"a.py"], "key": ["k1", "k2"]}
    pq.write_table(pa.table({"text": [CUT.encode(), GOOD.encode()], **known}), tmp_path / "bytes.parquet")
    assert run(tmp_path, str(tmp_path / "bytes.parquet")) == Result(2, 2, 1, 0)
    assert {json.loads(body)["path"] for (body,) in rows(str(tmp_path / "out"), layout.RECORDS, "body")} == {"a.py"}
    pq.write_table(pa.table({"text": [1, None], **known}), tmp_path / "numbers.parquet")
    pq.write_table(pa.table({"path": ["a.py"]}), tmp_path / "none.parquet")
    assert run(tmp_path, str(tmp_path / "numbers.parquet"), str(tmp_path / "none.parquet")) == Result(0, 0, 0, 3)


def test_texts_of_many_small_files_are_checked_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for at, row in enumerate(texts(20)):
        pq.write_table(pa.Table.from_pylist([row]), tmp_path / f"{at:02}.parquet")
    sizes: list[int] = []
    whole = pool.answers

    def counted(processes: Any, chunks: list[list[Any]], *rest: Any) -> Any:
        sizes.extend(map(len, chunks))
        return whole(processes, chunks, *rest)

    monkeypatch.setattr(local, "answers", counted)
    assert run(tmp_path, str(tmp_path)) == Result(20, 20, 4, 0)
    assert sizes == [20]


def test_a_folder_takes_one_run_at_a_time(tmp_path: Path) -> None:
    given = lines(tmp_path, texts(5))
    (tmp_path / "out").mkdir()
    with lock.alone(str(tmp_path / "out")), pytest.raises(AicheckError, match="another run writes"):
        run(tmp_path, given, kind="texts")
    assert run(tmp_path, given, kind="texts").records == 5


def test_a_record_that_is_there_twice_counts_once() -> None:
    """Two runs at once, on a cluster, may both have put it there."""
    body = {
        "kind": "output",
        "id": "o1",
        "verdict": "clean",
        "lines": 3,
        "agent": "a",
        "time": "2026-01-01T00:00:00.000Z",
    }
    record = {"id": "o1", "kind": "output", "body": json.dumps(body)}
    (batch,) = arrow.facts([schema.table([record, record], schema.RECORDS)])
    assert [row["outputs"] for row in batch.to_pylist()] == [1]


def _process(_: Sequence[int]) -> int:
    return os.getpid()


def test_processes_are_replaced_before_what_they_keep_is_much() -> None:
    with pool.kept(1, tasks=2) as two:
        found = list(pool.answers(two, [[1], [2], [3], [4]], _process, lambda *_: 0))
    assert found[0] == found[1] != found[2] == found[3] != 0


@pytest.mark.skipif(sys.platform != "linux", reason="limits of address space")
def test_a_worker_of_a_large_process_has_room_of_its_own(tmp_path: Path) -> None:
    """It is forked with all that its parent has reserved (MAP_NORESERVE, 0x4000), used or not."""
    with mmap.mmap(-1, 6_000_000_000, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000):
        assert run(tmp_path, lines(tmp_path, texts(20)), kind="texts") == Result(20, 20, 4, 0)
