"""Reading a team's log: who may see what, and that a rate is the same wherever it is worked out."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from typing import TYPE_CHECKING

import psycopg
import pytest
from click.testing import CliRunner

from aicheck_app.cli.group import aicheck
from aicheck_app.errors import AicheckError
from aicheck_app.log.queries import Selection
from aicheck_app.log.records import Finding, Output
from aicheck_app.log.store import Log
from aicheck_app.monitor import sums
from aicheck_app.monitor.kpis import kpis
from aicheck_app.monitor.trend import grouped, trend
from aicheck_app.monitor.units import sums_of, units
from aicheck_app.report.evidence import rendered
from aicheck_app.report.evidence.collect import Filters
from aicheck_app.report.evidence.verify import verify
from aicheck_app.team.access import allow, drop_records
from aicheck_app.team.history import TeamHistory
from aicheck_app.team.pull import pulled
from aicheck_app.team.sending import send
from aicheck_app.team.setup import script, set_up
from tests.team.conftest import login
from tests.team.people import PROJECTS, filled
from tests.team.test_push import KEY, SHOP, both, chosen, rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def test_a_reader_sees_its_projects_and_writes_nothing(team: str, tmp_path: Path) -> None:
    with filled(tmp_path, 1, 80) as log:
        send(log, team, both(log), "p1", KEY)
    reader = login(team, "reader", "aicheck_reader")
    assert rows(reader, "SELECT count(*) FROM facts") == [(0,)]
    allow(team, "reader", [SHOP])
    assert rows(reader, "SELECT DISTINCT project FROM facts UNION SELECT project FROM records") == [(SHOP,)]
    for command in (
        "DELETE FROM facts",
        "UPDATE facts SET suspect = 0",
        "INSERT INTO access VALUES ('reader', '*')",
        "SELECT * FROM access",
        "SELECT aicheck.drop_records('2030-01-01')",
        "SELECT aicheck.claim('x')",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            rows(reader, command)
    with pytest.raises(
        psycopg.errors.InsufficientPrivilege
    ):  # partitions have no rows for whoever goes round the policy
        rows(reader, "SELECT * FROM records_2026_03")
    allow(team, "reader", [SHOP], revoke=True)
    assert rows(reader, "SELECT count(*) FROM facts") == [(0,)]
    allow(team, "reader", ["*"])
    assert len(rows(reader, "SELECT DISTINCT project FROM facts")) == 2


def test_each_kpi_is_the_same_in_a_log_and_in_a_teams(team: str, tmp_path: Path) -> None:
    with filled(tmp_path, 2, 240) as log:
        send(log, team, both(log), "p1", KEY)
        with sums.opened(log.facts) as own, sums.opened(team) as there:
            one, other = list(units(sums.facts(own))), list(units(sums.facts(there)))
        assert len(one) == len(other) > 20
        for kpi in kpis():
            assert sums_of(kpi, one) == sums_of(kpi, other), kpi.name
        mine = trend(log, 1.0, until="2026-06-28")
    theirs = trend(TeamHistory(team), 1.0, until="2026-06-28")
    assert [(row.kpi.name, row.now, row.state) for row in mine.rows] == [
        (row.kpi.name, row.now, row.state) for row in theirs.rows
    ]
    again = trend(TeamHistory(team), 1.0, until="2026-06-28")
    assert [row.readings for row in again.rows] == [row.readings for row in theirs.rows]


def test_sessions_of_two_people_are_compared_with_their_own(team: str, tmp_path: Path) -> None:
    for number, person in enumerate(("ana", "bob")):
        with filled(tmp_path, number, 40, person) as log:
            send(log, team, chosen(log), f"of {person}", KEY)
    history = TeamHistory(team)
    assert sorted(group.value for group in grouped(history, kpis()[0], "person", until="2026-06-28")) == [
        "of ana",
        "of bob",
    ]
    with sums.opened(team) as db:
        strata = {unit.person for unit in units(sums.facts(db))}
    assert strata == {"of ana", "of bob"}


def test_a_report_takes_the_records_of_its_time(team: str, tmp_path: Path) -> None:
    with filled(tmp_path, 3, 120) as log:
        send(log, team, both(log), "p1", KEY)
        own = len([1 for body in log.bodies("kind = 'output'") if "2026-02-01" <= body["time"] < "2026-04-01"])
    with pulled(
        TeamHistory(team), Selection(since="2026-02-01T00:00:00.000Z", until="2026-03-31T23:59:59.999Z")
    ) as log:
        assert len(list(log.bodies("kind = 'output'"))) == own
        assert log.verify()[1] == []


def test_old_months_can_be_dropped_and_counts_stay(team: str, tmp_path: Path) -> None:
    with filled(tmp_path, 4, 120) as log:
        send(log, team, both(log), "p1", KEY)
    counted = rows(team, "SELECT sum(outputs) FROM facts")
    old = rows(team, "SELECT count(*) FROM records WHERE day < '2026-03'")[0][0]
    assert drop_records(team, "2026-03-15") == old > 0
    assert rows(team, "SELECT count(*) FROM records WHERE day < '2026-03'") == [(0,)]
    assert rows(team, "SELECT sum(outputs) FROM facts") == counted


def test_setting_up_twice_does_nothing_and_the_script_can_be_read_first(team: str) -> None:
    assert set_up(team) == 0
    assert script().startswith("BEGIN;\n-- A team's log")
    assert script().endswith("COMMIT;\n")


def run(*words: str) -> str:
    """What a command prints, or the words of the error that ends it."""
    done = CliRunner().invoke(aicheck, words, standalone_mode=False)
    return str(done.exception) if done.exception is not None else str(done.stdout)


def test_who_has_nothing_to_read_or_to_send_is_told_why(
    team: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AICHECK_TEAM_KEY", "0" * 64)
    project = str(tmp_path)
    assert "'aicheck team grant' lets a login read" in run("trend", "--from", login(team, "reader", "aicheck_reader"))
    assert f"give it as --project {project}=NAME" in run("log", "push", team, "--project", project)
    assert run("log", "push", team, "--project", f"{project}=shop", "--as", "ana").startswith("nothing was sent: ")
    assert f"{project} is a folder" in run("team", "grant", team, "reader", "--project", project)
    assert rows(team, "SELECT count(*) FROM access") == [(0,)]


def test_what_is_no_teams_log_is_told(server: str, tmp_path: Path) -> None:
    with pytest.raises(AicheckError, match="team setup"), sums.opened(f"{server}/postgres") as db:
        sums.newest(db)
    with filled(tmp_path, 5, 10) as log, pytest.raises(AicheckError, match="team setup"):
        send(log, f"{server}/postgres", {log.keyed(PROJECTS[0]): SHOP}, "p", KEY)
    with pytest.raises(AicheckError, match="--from takes"):
        TeamHistory("mysql://x/y")


def test_a_report_of_a_team_names_the_version_and_who_carries_it(
    team: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twelve people, of whom each has too little to tell; a client version after which twice as much is cut off."""
    monkeypatch.setattr("aicheck_app.report.evidence.change.now", lambda: "2026-05-01T00:00:00.000Z")
    monkeypatch.setattr("aicheck_app.monitor.watcher.now", lambda: "2026-05-01T00:00:00.000Z")
    for number in range(12):
        with Log(str(tmp_path / f"p{number}/log.sqlite3")) as log:
            log.append(list(of_a_team(number, log.keyed(PROJECTS[0]))))
            send(log, team, chosen(log), f"person{number:02}", KEY)
    text = rendered("markdown", Filters(), source=team)
    assert "changed" in text.split("\n")[2]
    assert "client version 2.1.9" in text
    assert "of 12 people moved so" in text
    assert "| person | person" in text
    found = json.loads(rendered("json", Filters(), source=team))
    assert [one["value"] for one in found["change"]["carried"]["version"]][:1] == ["2.1.9"]
    assert len(found["change"]["carried"]["person"]) == 5
    file = tmp_path / "r.json"
    file.write_text(rendered("json", Filters(), source=team))
    assert verify(str(file)).faults == []


def of_a_team(number: int, project: str) -> Iterator[Output]:
    """A person's outputs over four months; the version comes in the third, to each within a week."""
    chance = random.Random(number)
    for day in range(110):
        version = "2.1.9" if day >= 70 + number % 7 else "2.1.8"
        for at in range(6):
            bad = chance.random() < (0.35 if version == "2.1.9" else 0.06)
            findings = (
                [Finding(code="TRU001", message="cut off", line=1, column=1, severity="error", confidence="high")]
                if bad
                else []
            )
            time = f"{date(2026, 1, 1) + timedelta(days=day)}T10:0{at}:00.000Z"
            yield Output(
                id=f"{number:04}{day:04}{at:04}", time=time, agent="claude-code", agent_version=version, model="m", session=f"s{number}-{day}-{at // 2}",
                project=project, tool="Edit", unit="file", language="go", verdict="suspect" if bad else "clean", findings=findings, lines=9, ruleset="r",
                attribution="transcript",
            )  # fmt: skip


@pytest.mark.parametrize(
    "made", ["CREATE SCHEMA aicheck", "CREATE SCHEMA aicheck; CREATE TABLE aicheck.version (number integer)"]
)
def test_a_schema_of_others_is_left_alone(server: str, made: str) -> None:
    name = f"others{len(made)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as db:
        db.execute(f"CREATE DATABASE {name}".encode())
    with psycopg.connect(f"{server}/{name}", autocommit=True) as db:
        db.execute(made.encode())
    with pytest.raises(AicheckError, match="none of aicheck's"):
        set_up(f"{server}/{name}")


def test_who_may_not_is_told_what_to_do(team: str) -> None:
    with pytest.raises(AicheckError, match="no login 'nobody' with the role aicheck_reader"):
        allow(team, "nobody", ["*"])
    reader, other = login(team, "reader", "aicheck_reader"), login(team, "other", "pg_monitor")
    with pytest.raises(AicheckError, match="run this as the owner of the database"):
        drop_records(reader, "2026-01-01")
    with pytest.raises(AicheckError, match="role aicheck_reader"), sums.opened(other) as db:
        sums.newest(db)
    with pytest.raises(AicheckError, match="this is no address"):
        set_up("postgresql://ana@127.0.0.1:port/team")
