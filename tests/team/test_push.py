"""Pushing persons' logs to a team's in a real PostgreSQL: what arrives, what does not, and what happens in between."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from aicheck_app.errors import AicheckError
from aicheck_app.log.handed_out import keyed
from aicheck_app.log.store import Log
from aicheck_app.monitor import sums
from aicheck_app.team import names, postgres, push, setup
from aicheck_app.team.access import drop_records
from aicheck_app.team.records import Leaving
from aicheck_app.team.sending import send
from tests.team.conftest import login
from tests.team.people import PROJECTS, drawn, filled

if TYPE_CHECKING:
    from pathlib import Path

    from aicheck_app.log.store import Log

KEY = bytes.fromhex("ab" * 32)
SHOP = names.of_project(KEY, "https://git.example/team/shop")


def chosen(log: Log) -> dict[str, str]:
    return {log.keyed(PROJECTS[0]): SHOP}


def both(log: Log) -> dict[str, str]:
    return {**chosen(log), log.keyed(PROJECTS[1]): names.of_project(KEY, "secret")}


def rows(address: str, question: str, *values: object) -> list[tuple[Any, ...]]:
    with psycopg.connect(address, options="-csearch_path=aicheck") as db:
        return db.execute(question.encode(), values).fetchall()


def counted(log: Log, project: str) -> dict[str, int]:
    """What facts count for a project and the events of its sessions, in the person's own log."""
    with sums.opened(log.facts) as db:
        own = {str(fact.key["session"]) for fact in sums.facts(db) if fact.key["project"] == project}
        found = [
            fact
            for fact in sums.facts(db)
            if fact.key["project"] == project or (not fact.key["project"] and fact.key["session"] in own)
        ]
    return {
        name: sum(fact.counts[name] for fact in found)
        for name in ("outputs", "suspect", "messages", "rework", "refusals", "dismissed")
    }


def test_what_arrives_is_what_was_chosen_and_a_second_push_adds_nothing(team: str, tmp_path: Path) -> None:
    with filled(tmp_path, 1, 200) as log:
        first = send(log, team, chosen(log), "p1", KEY)
        assert send(log, team, chosen(log), "p1", KEY) == (0, 0, 0)
        own = counted(log, log.keyed(PROJECTS[0]))
        ids = {
            keyed(log, body["id"])
            for body in log.bodies("json_extract(body, '$.project') = ?", (log.keyed(PROJECTS[0]),))
        }
    assert first.records > 0
    assert own["refusals"] > 0
    assert own["dismissed"] > 0
    assert {
        project for (project,) in rows(team, "SELECT DISTINCT project FROM facts UNION SELECT project FROM records")
    } == {SHOP}
    assert ids <= {found for (found,) in rows(team, "SELECT id FROM records")}
    with sums.opened(team) as db:
        (there,) = sums.sums(db, ())
    assert {name: there.counts[name] for name in own} == own


def test_nothing_leaves_that_should_stay(team: str, tmp_path: Path) -> None:
    with filled(tmp_path, 2, 80) as log:
        send(log, team, chosen(log), "p1", KEY)
        known = [body["id"] for body in log.bodies()]
    said = "\n".join(
        str(row)
        for table in ("records", "facts", "pushes", "heads", "people")
        for row in rows(team, f"SELECT * FROM {table}")
    )
    for secret in ("line_hashes", "ab12cd34", "salt", "x = (", "excerpt", *known):
        assert secret not in said
    assert not any(PROJECTS[1] in said or name in said for name in ("/home/ana", "secret"))


def test_excerpts_go_where_they_are_asked_for(team: str, tmp_path: Path) -> None:
    with filled(tmp_path, 3, 80) as log:
        send(log, team, chosen(log), "p1", KEY)
        send(log, team, chosen(log), "p1", KEY, excerpts=True)  # also for what is there already
    assert rows(team, "SELECT count(*) > 0 FROM records WHERE body::text LIKE %s", "%x = (%") == [(True,)]


@pytest.mark.parametrize("broken_after", [1, 2, 4])
def test_a_push_that_is_broken_off_goes_on_where_it_was(
    team: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken_after: int
) -> None:
    monkeypatch.setattr(
        "aicheck_app.team.records._RECORDS",
        "SELECT seq, body, hash FROM records WHERE seq > ? AND kind != 'prune' ORDER BY seq LIMIT 60",
    )
    with filled(tmp_path, 4, 120) as log:
        calls = 0
        whole = push._copied

        def breaking(db: Any, *arguments: Any, **options: Any) -> int:
            nonlocal calls
            calls += 1
            if calls == broken_after:
                with psycopg.connect(team, autocommit=True) as other:
                    other.execute("SELECT pg_terminate_backend(%s)", (db.info.backend_pid,))
            return whole(db, *arguments, **options)

        monkeypatch.setattr(push, "_copied", breaking)
        waited: list[float] = []
        push.Push(Leaving(log, both(log), KEY), team, "p1").run(pause=waited.append)
        assert waited == [1.0]
        monkeypatch.setattr(push, "_copied", whole)
        assert send(log, team, both(log), "p1", KEY) == (0, 0, 0)
        number = len(list(log.bodies()))
    assert rows(team, "SELECT count(*), count(DISTINCT id) FROM records") == [(number, number)]


def test_what_is_said_of_an_output_later_changes_its_counts_there_too(team: str, tmp_path: Path) -> None:
    from aicheck_app.log.records import Mark

    with filled(tmp_path, 5, 40) as log:
        send(log, team, both(log), "p1", KEY)
        suspect = next(
            body["id"]
            for body in log.bodies(
                "kind = 'output' AND verdict = 'suspect' AND id NOT IN (SELECT target FROM records WHERE target IS NOT NULL)"
            )
        )
        before = rows(team, "SELECT sum(suspect), sum(dismissed) FROM facts")[0]
        log.append([Mark(id="m1", time="2026-08-01T00:00:00.000Z", target=suspect, mark="dismissed")])
        assert send(log, team, both(log), "p1", KEY) == (1, 1, 0)
    after = rows(team, "SELECT sum(suspect), sum(dismissed) FROM facts")[0]
    assert (after[0] - before[0], after[1] - before[1]) == (-1, 1)


def test_what_is_purged_here_goes_there_as_well(team: str, tmp_path: Path) -> None:
    with filled(tmp_path, 6, 80) as log:
        send(log, team, both(log), "p1", KEY)
        log.purge(log.keyed(PROJECTS[1]), "2026-08-01T00:00:00.000Z")
        done = send(log, team, both(log), "p1", KEY)
        assert done.removed > 0
    assert {project for (project,) in rows(team, "SELECT project FROM facts UNION SELECT project FROM records")} == {
        SHOP
    }


def test_many_logs_at_once_end_equal(team: str, tmp_path: Path) -> None:
    logs = [filled(tmp_path, number, 60, f"p{number}") for number in range(8)]
    own = [counted(log, log.keyed(PROJECTS[0])) for log in logs]
    for log in logs:
        log.db.close()

    def pushed(number: int) -> int:
        from aicheck_app.log.store import Log

        with Log(logs[number].path) as log:
            return send(log, team, chosen(log), f"person{number}", KEY).records

    with ThreadPoolExecutor(8) as pool:
        assert all(number > 0 for number in pool.map(pushed, range(8)))
    found = rows(team, "SELECT person, sum(outputs), sum(suspect) FROM facts GROUP BY person ORDER BY person")
    assert [(int(a), int(b)) for _, a, b in found] == [(one["outputs"], one["suspect"]) for one in own]


def test_a_pseudonym_belongs_to_the_login_that_used_it_first(team: str, tmp_path: Path) -> None:
    ana, bob = login(team, "ana", "aicheck_writer"), login(team, "bob", "aicheck_writer")
    with filled(tmp_path, 7, 30) as log:
        send(log, ana, chosen(log), "pa", KEY)
    with filled(tmp_path, 8, 30) as log:
        with pytest.raises(AicheckError, match="another login pushes under this name"):
            send(log, bob, chosen(log), "pa", KEY)
        send(log, bob, chosen(log), "pb", KEY)
    assert rows(bob, "SELECT DISTINCT person FROM facts UNION SELECT person FROM records") == [("pb",)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        rows(bob, "INSERT INTO heads (source, person, head, seq) VALUES ('x', 'pa', 'y', 1) RETURNING 1")


def test_an_address_that_answers_not_is_told_without_its_password(tmp_path: Path) -> None:
    waited: list[float] = []
    with filled(tmp_path, 9, 10) as log, pytest.raises(AicheckError) as told:
        push.Push(Leaving(log, chosen(log), KEY), "postgresql://ana:hunter2@127.0.0.1:1/team", "p").run(
            pause=waited.append
        )
    assert "hunter2" not in str(told.value)
    assert "run the command again" in str(told.value)
    assert waited == [1.0, 2.0, 4.0, 8.0, 16.0]


def test_a_copy_of_a_log_does_not_undo_what_the_other_one_pushed(team: str, tmp_path: Path) -> None:
    with filled(tmp_path, 20, 40) as log:
        send(log, team, both(log), "p1", KEY)
    shutil.copytree(tmp_path / "ana20", tmp_path / "copy")
    for place, number in (("ana20", 21), ("copy", 22)):
        with Log(str(tmp_path / place / "log.sqlite3")) as log:
            log.append(drawn(number, 16, log, f"person{number}"))
    with Log(str(tmp_path / "ana20" / "log.sqlite3")) as log:
        send(log, team, both(log), "p1", KEY)
    before = rows(team, "SELECT count(*), sum(outputs) FROM facts")
    with (
        Log(str(tmp_path / "copy" / "log.sqlite3")) as log,
        pytest.raises(AicheckError, match="another copy of this log"),
    ):
        send(log, team, both(log), "p1", KEY)
    assert rows(team, "SELECT count(*), sum(outputs) FROM facts") == before


def test_a_log_goes_on_under_the_name_it_began_with(team: str, tmp_path: Path) -> None:
    with filled(tmp_path, 23, 20) as log:
        send(log, team, chosen(log), "p1", KEY)
        with pytest.raises(AicheckError, match="under another name before"):
            send(log, team, chosen(log), "p2", KEY)


def test_times_of_other_years_hold_up_nobody(team: str, tmp_path: Path) -> None:
    """A wrong clock, or a record of long ago: it counts as without a day, and the month's own tables can be made later."""
    with filled(tmp_path, 24, 8) as log:
        for number, year in enumerate(("2019", "2094")):
            odd = drawn(30 + number, 8, log, f"odd{year}")
            for record in odd:
                record.time = f"{year}{record.time[4:]}"
            log.append(odd)
        assert send(log, team, both(log), "p1", KEY).records == len(list(log.bodies()))
    assert rows(team, "SELECT DISTINCT day FROM facts WHERE day < '2026' OR day > '2027'") == [("",)]
    assert rows(team, "SELECT aicheck.month('2094-01-01'), aicheck.month('2026-11-01')") == [(0, 2)]


def test_what_was_dropped_by_age_does_not_come_back_and_stops_no_push(team: str, tmp_path: Path) -> None:
    with filled(tmp_path, 25, 80) as log:
        send(log, team, both(log), "p1", KEY)
        drop_records(team, "2026-04-10")
        send(log, team, chosen(log), "p1", KEY)  # another choice of projects begins from the start
    with filled(tmp_path, 26, 80, "bob") as log:
        send(log, team, both(log), "p2", KEY)
    assert rows(team, "SELECT min(day) >= '2026-04' FROM records WHERE day <> ''") == [(True,)]
    assert rows(team, "SELECT count(DISTINCT person) FROM facts WHERE day < '2026-03'") == [(2,)]


def test_a_reader_that_does_not_end_stops_no_push(team: str, tmp_path: Path) -> None:
    with psycopg.connect(team) as idle:
        idle.execute("SELECT count(*) FROM aicheck.records, aicheck.facts")
        with filled(tmp_path, 27, 40) as log:
            assert send(log, team, chosen(log), "p1", KEY).records > 0


def test_who_reads_can_not_tell_whose_a_session_is(team: str, tmp_path: Path) -> None:
    with filled(tmp_path, 28, 40) as log:
        send(log, team, chosen(log), "p1", KEY)
        sessions = {body["session"] for body in log.bodies("kind = 'session'")}
    said = str(rows(team, "SELECT * FROM records")) + str(rows(team, "SELECT session FROM facts"))
    assert not any(session in said for session in sessions)
    joined = rows(team, "SELECT count(*) FROM records r JOIN facts f ON f.session = r.session WHERE r.kind = 'output'")
    assert joined[0][0] > 0


def test_rows_that_no_push_would_write_are_refused(team: str, tmp_path: Path) -> None:
    ana = login(team, "ana", "aicheck_writer")
    rows(ana, "SELECT aicheck.claim('pa')")
    known = "INSERT INTO records (source, id, day, seq, person, project, kind, time, body, hash) VALUES ('s', 'i', '', 1, 'pa', 'x', 'output', '', %s, '') RETURNING 1"
    with pytest.raises(psycopg.errors.CheckViolation):
        rows(ana, known, "[1, 2]")
    with pytest.raises(psycopg.errors.CheckViolation):
        rows(
            ana,
            "INSERT INTO facts (source, id, person, known, side, first, last, touched, outputs) VALUES ('s', 1, 'pa', 1, 0, '', '', 1, -5) RETURNING 1",
        )


@pytest.mark.parametrize(
    ("address", "secured"),
    [
        ("postgresql://ana@localhost/t", False), ("postgresql:///t", False), ("postgresql:///t?host=/var/run/pg.d", False), ("postgresql://[::1]/t", False),
        ("postgresql://ana@db.example/t", True), ("postgresql:///t?host=db", True), ("postgresql://localhost/t?hostaddr=10.1.2.3", True),
        ("postgresql:///t?service=team", True), ("postgresql://localhost,db/t", True), ("postgresql://db.example/t?sslmode=require", False),
    ],
)  # fmt: skip
def test_a_server_elsewhere_has_to_show_a_certificate(
    address: str, secured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PGHOST", "PGHOSTADDR", "PGSERVICE", "PGSSLMODE"):
        monkeypatch.delenv(name, raising=False)
    assert ("sslmode" in postgres._arguments(postgres._url(address))) == secured
    monkeypatch.setenv("PGHOST", "db.example")
    assert "sslmode" in postgres._arguments(postgres._url("postgresql:///t"))


def test_no_secret_of_an_address_is_shown() -> None:
    for address in ("postgresql://ana:hunter2@db/t", "postgresql://ana@db/t?password=hunter2&sslpassword=hunter2"):
        assert postgres.shown(address) == "postgresql://ana@db/t"


def test_a_project_keeps_the_name_that_it_was_sent_under(
    team: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever way came first: else its counts leave those who may read it, and its records stay."""
    monkeypatch.setattr("tests.team.people.PROJECTS", (str(tmp_path / "shop"), "/home/ana/work/secret"))
    ana = login(team, "ana", "aicheck_writer")
    with filled(tmp_path, 29, 40) as log:
        send(log, ana, names.everything(log, KEY), "p1", KEY)
        named = names.projects(log, KEY, [f"{tmp_path / 'shop'}=https://git.example/team/shop"])
        send(log, ana, named, "p1", KEY)
        send(log, ana, names.everything(log, KEY), "p1", KEY)
        number = counted(log, log.keyed(str(tmp_path / "shop")))["outputs"]
    for table in ("facts", "records"):
        assert rows(team, f"SELECT count(DISTINCT project) FROM {table}") == [(2,)], table
    assert rows(team, "SELECT sum(outputs) FROM facts WHERE project = %s", SHOP) == [(number,)]
    assert rows(team, "SELECT count(*) FROM records WHERE project = %s AND kind = 'output'", SHOP) == [(number,)]
    assert rows(team, "SELECT count(*) FROM records WHERE project <> body->>'project'") == [(0,)]


def test_nothing_is_asked_of_the_connection_itself(team: str, tmp_path: Path) -> None:
    """What lends connections to many, as pgbouncer does, refuses parameters of the start, and a session's settings are anybody's."""
    arguments = postgres._arguments(postgres._url("postgresql://ana@localhost/t"))
    assert arguments.keys() <= {"connect_timeout", "application_name", "prepare_threshold"}
    with psycopg.connect(team, autocommit=True) as db:
        db.execute("ALTER ROLE ALL SET search_path = public")
        db.execute("ALTER ROLE ALL SET lock_timeout = '7min'")
    try:
        with filled(tmp_path, 30, 20) as log:
            assert send(log, team, chosen(log), "p1", KEY).records > 0
        with postgres.connect(team) as db, postgres.transaction(db):
            assert db.execute("SHOW lock_timeout").fetchall() == [("10s",)]
        with sums.opened(team) as read:
            assert sums.sums(read, ())[0].counts["outputs"] > 0
    finally:
        with psycopg.connect(team, autocommit=True) as db:
            db.execute("ALTER ROLE ALL RESET search_path")
            db.execute("ALTER ROLE ALL RESET lock_timeout")


def test_a_database_that_lets_nobody_make_temporary_tables_lets_writers(team: str, tmp_path: Path) -> None:
    with psycopg.connect(team, autocommit=True) as db:
        db.execute(f"REVOKE TEMPORARY ON DATABASE {team.rpartition('/')[2]} FROM PUBLIC".encode())
    with filled(tmp_path, 31, 20) as log:
        assert send(log, login(team, "ana", "aicheck_writer"), chosen(log), "p1", KEY).records > 0


def test_a_team_of_an_older_aicheck_is_told_to_be_brought_up_to_date(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(f"{server}/postgres", autocommit=True) as db:
        db.execute("CREATE DATABASE older")
    first, every = setup.scripts()[:1], setup.scripts()
    monkeypatch.setattr(setup, "scripts", lambda: first)
    assert setup.set_up(f"{server}/older") == 1
    with filled(tmp_path, 32, 20) as log:
        before = log.head()
        monkeypatch.setattr(setup, "scripts", lambda: every)
        with pytest.raises(AicheckError, match="team setup"):
            send(log, f"{server}/older", chosen(log), "p1", KEY)
        assert setup.set_up(f"{server}/older") == len(every) - 1
        assert setup.set_up(f"{server}/older") == 0
        assert send(log, f"{server}/older", chosen(log), "p1", KEY).records > 0
        assert log.head() == before
