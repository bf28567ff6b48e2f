"""Pushing persons' logs to a team's in a real PostgreSQL: what arrives, what does not, and what happens in between."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from aicheck_app.errors import AicheckError
from aicheck_app.log.handed_out import keyed
from aicheck_app.monitor import sums
from aicheck_app.team import names, push
from aicheck_app.team.records import Leaving
from aicheck_app.team.sending import send
from tests.team.conftest import login
from tests.team.people import PROJECTS, filled

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
        first = send(log, team, chosen(log), "p1")
        assert send(log, team, chosen(log), "p1") == (0, 0, 0)
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
        send(log, team, chosen(log), "p1")
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
        send(log, team, chosen(log), "p1", excerpts=True)
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
        push.Push(Leaving(log, both(log)), team, "p1").run(pause=waited.append)
        assert waited == [1.0]
        monkeypatch.setattr(push, "_copied", whole)
        assert send(log, team, both(log), "p1") == (0, 0, 0)
        number = len(list(log.bodies()))
    assert rows(team, "SELECT count(*), count(DISTINCT id) FROM records") == [(number, number)]


def test_what_is_said_of_an_output_later_changes_its_counts_there_too(team: str, tmp_path: Path) -> None:
    from aicheck_app.log.records import Mark

    with filled(tmp_path, 5, 40) as log:
        send(log, team, both(log), "p1")
        suspect = next(
            body["id"]
            for body in log.bodies(
                "kind = 'output' AND verdict = 'suspect' AND id NOT IN (SELECT target FROM records WHERE target IS NOT NULL)"
            )
        )
        before = rows(team, "SELECT sum(suspect), sum(dismissed) FROM facts")[0]
        log.append([Mark(id="m1", time="2026-08-01T00:00:00.000Z", target=suspect, mark="dismissed")])
        assert send(log, team, both(log), "p1") == (1, 1, 0)
    after = rows(team, "SELECT sum(suspect), sum(dismissed) FROM facts")[0]
    assert (after[0] - before[0], after[1] - before[1]) == (-1, 1)


def test_what_is_purged_here_goes_there_as_well(team: str, tmp_path: Path) -> None:
    with filled(tmp_path, 6, 80) as log:
        send(log, team, both(log), "p1")
        log.purge(log.keyed(PROJECTS[1]), "2026-08-01T00:00:00.000Z")
        done = send(log, team, both(log), "p1")
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
            return send(log, team, chosen(log), f"person{number}").records

    with ThreadPoolExecutor(8) as pool:
        assert all(number > 0 for number in pool.map(pushed, range(8)))
    found = rows(team, "SELECT person, sum(outputs), sum(suspect) FROM facts GROUP BY person ORDER BY person")
    assert [(int(a), int(b)) for _, a, b in found] == [(one["outputs"], one["suspect"]) for one in own]


def test_a_pseudonym_belongs_to_the_login_that_used_it_first(team: str, tmp_path: Path) -> None:
    ana, bob = login(team, "ana", "aicheck_writer"), login(team, "bob", "aicheck_writer")
    with filled(tmp_path, 7, 30) as log:
        send(log, ana, chosen(log), "pa")
    with filled(tmp_path, 8, 30) as log:
        with pytest.raises(AicheckError, match="another login pushes under this name"):
            send(log, bob, chosen(log), "pa")
        send(log, bob, chosen(log), "pb")
    assert rows(bob, "SELECT DISTINCT person FROM facts UNION SELECT person FROM records") == [("pb",)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        rows(bob, "INSERT INTO heads (source, person, head, seq) VALUES ('x', 'pa', 'y', 1) RETURNING 1")


def test_an_address_that_answers_not_is_told_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr("time.sleep", waited.append)
    with filled(tmp_path, 9, 10) as log, pytest.raises(AicheckError) as told:
        push.Push(Leaving(log, chosen(log)), "postgresql://ana:hunter2@127.0.0.1:1/team", "p").run(pause=waited.append)
    assert "hunter2" not in str(told.value)
    assert "run the command again" in str(told.value)
    assert waited == [1.0, 2.0, 4.0, 8.0, 16.0]
