"""Sessions in databases: what is read of each client's, while it writes, and of databases that mean harm."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from aicheck_app import clock
from aicheck_app.capture import stores
from aicheck_app.capture.examine import Examiner
from aicheck_app.capture.ingest import Ingest
from aicheck_app.capture.reader import format_of
from aicheck_app.config import Config
from aicheck_app.log.listing import older
from aicheck_app.log.store import Log
from tests.app import kept_sessions

STORES: dict[str, tuple[str, Any, list[tuple[str, str, str, str]]]] = {
    "opencode": (
        "opencode.db",
        kept_sessions.opencode,
        [("edit", "file", "a.py", "m-1"), ("write", "file", "b.py", "m-1")],
    ),
    "kilo-code": (
        "kilo.db",
        kept_sessions.opencode,
        [("edit", "file", "a.py", "m-1"), ("write", "file", "b.py", "m-1")],
    ),
    "crush": (
        ".crush/crush.db",
        kept_sessions.crush,
        [("edit", "file", "a.py", "m-1"), ("write", "file", "b.py", "m-1")],
    ),
    "goose": (
        "sessions.db",
        kept_sessions.goose,
        [("edit", "file", "b.py", "m-served"), ("write", "file", "b.py", "m-served")],
    ),
}


def ingest(path: Path) -> dict[str, Any]:
    with Log() as log:
        return Ingest(log, Config()).run([str(path)]).as_dict()


def bodies(kind: str) -> list[dict[str, Any]]:
    with Log(read_only=True) as log:
        return list(log.bodies(f"kind = '{kind}'"))


@pytest.fixture
def store(tmp_path: Path, request: pytest.FixtureRequest) -> tuple[str, Path]:
    name, make, _ = STORES[request.param]
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    make(path)
    return request.param, path


@pytest.mark.parametrize("store", STORES, indirect=True)
def test_what_a_client_keeps_in_a_database_is_read(store: tuple[str, Path]) -> None:
    agent, path = store
    totals = ingest(path)
    with Log(read_only=True) as log:
        found = [one.record for one in older(log, 99)[::-1]]
    assert {one.agent for one in found} == {agent}
    names = sorted((one.tool, one.unit, os.path.basename(one.path), one.model) for one in found)
    assert names == STORES[agent][2]
    assert (totals["skipped"], sum(totals["rejected"].values()), sum(totals["failed"].values())) == (
        {},
        1 if agent == "crush" else 0,
        1,
    )
    (session,) = bodies("session")
    assert session["context"]["rejected"] == 1
    assert ingest(path)["outputs"] == 0


def test_a_session_of_opencode_is_logged_with_usage_ends_and_open_items(tmp_path: Path) -> None:
    kept_sessions.opencode(tmp_path / "opencode.db", more=True)
    ingest(tmp_path / "opencode.db")
    first, second = bodies("message")
    names = (
        "model",
        "provider",
        "input_tokens",
        "tokens",
        "cache_read",
        "cache_written",
        "thinking_tokens",
        "effort",
        "milliseconds",
        "stop_reason",
    )
    assert [first[name] for name in names] == ["m-1", "p", 9, 4, 7, 2, 1, "high", 2000, "tool_use"]
    assert second["model"] == "m-2"
    ended, broken = bodies("turn")
    assert (ended["end"], ended["edits"], ended["checks_failed"], ended["todo"]) == ("prompt", 3, 1, 1)
    assert broken["end"] == "interrupted"
    (event,) = bodies("event")
    assert (event["event"], event["model_from"], event["model_to"]) == ("model switch", "m-1", "m-2")


def test_a_filter_that_cut_an_answer_of_crush_off_is_a_refusal(tmp_path: Path) -> None:
    kept_sessions.crush(tmp_path / "crush.db")
    ingest(tmp_path / "crush.db")
    assert [event["event"] for event in bodies("event")] == ["model switch", "refusal"]
    assert [message["stop_reason"] for message in bodies("message")] == ["tool_use", "content_filter"]


def test_an_edit_of_crush_has_the_time_at_which_it_was_made_and_one_that_was_broken_off_is_none(tmp_path: Path) -> None:
    kept_sessions.crush(tmp_path / "crush.db")
    found = ingest(tmp_path / "crush.db")
    made = clock.of_milliseconds(kept_sessions.BEGAN + 2000)
    assert [output["time"][:19] for output in bodies("output")] == [made[:19]] * 2
    assert found["failed"] == {"write": 1}


@pytest.mark.parametrize("name", ["write", "edit", "multiedit"])
def test_an_empty_result_of_an_edit_of_crush_is_no_edit(tmp_path: Path, name: str) -> None:
    path = tmp_path / "crush.db"
    kept_sessions.crush(path)
    with closing(sqlite3.connect(path)) as db, db:
        (stored,) = db.execute("SELECT parts FROM messages WHERE id = 'm2'").fetchone()
        parts = json.loads(stored)
        parts[-1]["data"]["name"] = name
        db.execute("UPDATE messages SET parts = ? WHERE id = 'm2'", (json.dumps(parts),))
    assert (ingest(path)["outputs"], ingest(path)["failed"]) == (2, {})


def test_ids_that_an_export_of_opencode_has_lost_are_told_apart(tmp_path: Path) -> None:
    def message(number: int) -> dict[str, Any]:
        given = {"filePath": f"/w/{number}.py", "content": f"x = {number}\n"}
        state = {
            "status": "completed", "input": given, "metadata": {}, "time": {"start": number, "end": 60_000 + number},
        }  # fmt: skip
        part = {"type": "tool", "tool": "write", "callID": "REDACTED", "state": state}
        info = {"id": "REDACTED", "role": "assistant", "modelID": "m", "time": {"created": number}}
        return {"info": info, "parts": [part]}

    path = tmp_path / "export.json"
    path.write_text(json.dumps({"info": {"id": "ses_1", "directory": "/w"}, "messages": [message(1), message(2)]}))
    assert ingest(path)["outputs"] == 2
    assert ingest(path)["outputs"] == 0
    assert len(bodies("message")) == 2
    assert [output["time"][:19] for output in bodies("output")] == ["1970-01-01T00:01:00"] * 2


def test_goose_tells_of_usage_and_models_in_another_place_and_writes_rows_anew(tmp_path: Path) -> None:
    path = tmp_path / "sessions.db"
    kept_sessions.goose(path)
    ingest(path)
    (message,) = bodies("message")
    names = ("asked", "model", "input_tokens", "cache_read", "tokens", "milliseconds", "first_token")
    assert [message[name] for name in names] == ["m-1", "m-served", 2, 10, 4, 7, 1]
    (session,) = bodies("session")
    assert session["context"]["prompts"] == 1
    kept_sessions.compacted(path)
    with Log() as log:
        log.db.execute("DELETE FROM captured")
    again = ingest(path)
    assert (again["outputs"], len(bodies("message"))) == (0, 1)


def test_what_a_client_writes_in_the_person_s_name_is_no_prompt(tmp_path: Path) -> None:
    path = tmp_path / "opencode.db"
    kept_sessions.opencode(path)
    synthetic = '{"type": "text", "text": "Continue", "synthetic": true}'
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO message VALUES ('msg_9', 'ses_1', 9, 9, '{\"role\": \"user\"}')")
        db.execute("INSERT INTO part VALUES ('prt_9', 'msg_9', 'ses_1', 9, 9, ?)", (synthetic,))
    ingest(path)
    (session,) = bodies("session")
    assert session["context"]["prompts"] == 1


def test_a_session_of_a_newer_interface_is_told_as_not_read(tmp_path: Path) -> None:
    path = tmp_path / "opencode.db"
    kept_sessions.opencode(path)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(
            "CREATE TABLE session_message (id text PRIMARY KEY, session_id text, type text, seq integer, time_created integer, data text)"
        )
        db.execute(
            "INSERT INTO session SELECT 'ses_2', project_id, NULL, slug, directory, title, version, 0, 0 FROM session"
        )
        db.execute("INSERT INTO session_message VALUES ('m', 'ses_2', 'user', 1, 5, '{}')")
    totals = ingest(path)
    assert totals["outputs"] == 2
    assert totals["skipped"] == {"session of the client's newer interface, whose messages are not read": 1}


def test_a_session_that_grew_is_taken_up_and_what_was_counted_is_not_counted_again(tmp_path: Path) -> None:
    path = tmp_path / "opencode.db"
    kept_sessions.opencode(path)
    assert ingest(path)["outputs"] == 2
    kept_sessions.opencode(path, more=True)
    assert ingest(path)["outputs"] == 1
    assert sum(session["context"].get("prompts", 0) for session in bodies("session")) == 2


def test_a_database_is_read_while_its_client_writes(tmp_path: Path) -> None:
    path = tmp_path / "opencode.db"
    kept_sessions.opencode(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as client:
        client.execute("PRAGMA journal_mode = WAL")
        client.execute("BEGIN IMMEDIATE")
        client.execute("UPDATE part SET time_updated = time_updated + 1")
        assert ingest(path)["outputs"] == 2
        client.execute("ROLLBACK")


@pytest.mark.skipif(os.name != "posix", reason="modes of folders")
def test_a_database_in_a_folder_that_may_not_be_written_to_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "there"
    folder.mkdir()
    kept_sessions.opencode(folder / "opencode.db")
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        assert ingest(folder / "opencode.db")["outputs"] == 2
    finally:
        folder.chmod(stat.S_IRWXU)


def test_the_time_that_is_spent_on_rows_between_queries_is_no_time_of_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "SECONDS", 0.2)
    path = tmp_path / "opencode.db"
    kept_sessions.opencode(path)
    with stores.opened(str(path)) as db:
        for _ in db.execute("SELECT 1 UNION SELECT 2"):
            began = time.thread_time()
            while time.thread_time() - began < 0.3:
                pass
        assert db.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 9999) SELECT sum(i) FROM n"
        ).fetchone()


_SLOW = "(length(hex(zeroblob(4000000 + x))))"
OPTIONAL = {
    "opencode": f"CREATE TABLE session_message (session_id, x, time_created AS {_SLOW}); INSERT INTO session_message (session_id, x) "
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 400) SELECT 'other', i FROM n",
    "goose": f"DROP TABLE usage_ledger; CREATE TABLE usage_ledger (id INTEGER PRIMARY KEY, session_id, model, x, is_compaction, output_tokens AS {_SLOW}); "
    "INSERT INTO usage_ledger (session_id, x, is_compaction) "
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 400) SELECT sessions.id, i, 0 FROM n, sessions",
}


@pytest.mark.parametrize("store", OPTIONAL, indirect=True)
def test_a_table_that_is_only_asked_where_it_is_there_has_to_be_a_true_one_too(store: tuple[str, Path]) -> None:
    agent, path = store
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript(OPTIONAL[agent])
    began = time.process_time()
    assert ingest(path)["outputs"] == 2
    assert time.process_time() - began < 3


@pytest.mark.parametrize("when", [9e999, -1e300, "abc", b"\xff", None, 2**63 - 1, 1e30])
def test_an_odd_row_costs_no_other_session_of_a_database(tmp_path: Path, when: object) -> None:
    path = tmp_path / "sessions.db"
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE sessions (id, working_dir, extension_data)")
        db.execute("CREATE TABLE messages (id INTEGER PRIMARY KEY, session_id, role, content_json, created_timestamp)")
        content = json.dumps([{"type": "text", "text": "```python\ndef f(:\n```"}])
        for name, time_, cwd in (("good", 1_764_000_000, "/w"), ("odd", when, b"\xff")):
            db.execute("INSERT INTO sessions VALUES (?, ?, ?)", (name, cwd, "{}"))
            row = (name, "assistant", content, time_)
            db.execute(
                "INSERT INTO messages (session_id, role, content_json, created_timestamp) VALUES (?, ?, ?, ?)", row
            )
    ingest(path)
    assert "good" in {body["session"] for body in bodies("output")}


def test_a_session_of_a_database_that_aicheck_fails_on_costs_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "sessions.db"
    kept_sessions.goose(path)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO sessions (id, working_dir) VALUES ('odd', '/w')")
        db.execute(
            "INSERT INTO messages (session_id, role, content_json, created_timestamp) VALUES ('odd', 'user', '[]', 1)"
        )
    take = Examiner._session

    def failing(self: Examiner, reader: Any, *given: Any) -> Any:
        if reader.kept[1].id == "odd":
            raise LookupError("odd")
        return take(self, reader, *given)

    monkeypatch.setattr(Examiner, "_session", failing)
    totals = ingest(path)
    assert totals["outputs"] == 2
    assert [one["path"] for one in totals["skipped_files"]] == [str(path)]


HOSTILE = {
    "a view in the place of a table": "DROP TABLE part; CREATE VIEW part AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
    "SELECT i AS id, i AS message_id, i AS session_id, i AS time_created, i AS time_updated, '{}' AS data FROM n;",
    "a virtual table": "DROP TABLE part; CREATE VIRTUAL TABLE part USING fts5(id, message_id, session_id, time_updated, data);",
    "a column that is worked out": "DROP TABLE part; CREATE TABLE part (id, message_id, session_id, time_created, time_updated, "
    "data TEXT GENERATED ALWAYS AS (zeroblob(1000)) VIRTUAL);",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_no_true_table_is_not_read(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "opencode.db"
    kept_sessions.opencode(path)
    with closing(sqlite3.connect(path)) as db:
        db.executescript(HOSTILE[kind])
    assert format_of(str(path)) is None


def test_a_value_that_is_too_large_costs_no_other_session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "MAX_VALUE", 100_000)
    path = tmp_path / "opencode.db"
    kept_sessions.opencode(path)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(
            "INSERT INTO session SELECT 'ses_0', project_id, NULL, slug, directory, title, version, 0, 0 FROM session"
        )
        db.execute("INSERT INTO message VALUES ('m', 'ses_0', 0, 0, '{\"role\": \"assistant\"}')")
        db.execute("INSERT INTO part VALUES ('p', 'm', 'ses_0', 0, 0, ?)", ('"' + "x" * 200_000 + '"',))
    totals = ingest(path)
    assert totals["outputs"] == 2
    assert totals["skipped"] == {"what comes after a value that can't be read: string or blob too big": 1}


def test_a_query_that_does_not_end_is_ended_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "SECONDS", 0.002)
    path = tmp_path / "opencode.db"
    kept_sessions.opencode(path)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) INSERT INTO part SELECT 'x' || i, 'm', 's' || i, 0, 0, '{}' FROM n"
        )
    assert ingest(path)["skipped"] == {"file that can't be read: no database that can be read: interrupted": 1}


@pytest.mark.parametrize("store", ["opencode", "goose"], indirect=True)
def test_nothing_is_written_to_a_database_or_beside_it(store: tuple[str, Path]) -> None:
    _, path = store
    before = {one.name: one.read_bytes() for one in path.parent.glob(f"{path.name}*")}
    ingest(path)
    assert {one.name: one.read_bytes() for one in path.parent.glob(f"{path.name}*")} == before
    with stores.opened(str(path)) as db, pytest.raises(sqlite3.OperationalError):
        db.execute("DELETE FROM messages")


def test_a_file_that_only_begins_like_a_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "opencode.db"
    path.write_bytes(stores.MAGIC + bytes(200))
    (reason,) = ingest(path)["skipped"]
    assert reason.startswith("file that can't be read: no database that can be read")
