"""What people ask the log and tell it: lists in the order of time, judgements on clean outputs, counts that agree."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from aicheck_app.cli.group import aicheck
from aicheck_app.errors import AicheckError
from aicheck_app.log.store import Log
from tests.app.test_monitor import BAD, day, now, output

__all__ = ("now",)


def run(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(aicheck, arguments, input=given)


@pytest.fixture
def logged(now: None) -> None:
    """Six outputs, logged in another order than they were made in; the odd ones are suspect."""
    with Log() as log:
        bad = {"verdict": "suspect", "findings": [BAD]}
        log.append([output(f"o{at}", day(90 + at), **(bad if at % 2 else {})) for at in (4, 1, 5, 0, 3, 2)])


def test_what_is_listed_is_in_the_order_of_its_own_times(logged: None) -> None:
    for more in ((), ("--limit", "3")):
        outputs = json.loads(run("log", "list", "--format", "json", *more).stdout)["outputs"]
        times = [one["time"] for one in outputs]
        assert times == sorted(times)
        assert times[-1][:10] == day(95)
    rows = run("log", "list").stdout.splitlines()[1:]
    assert [row.split()[0] for row in rows] == [f"o{at}" for at in range(6)]


def test_what_no_rule_found_is_counted_apart_when_a_person_confirms_it(logged: None) -> None:
    before = json.loads(run("report", "--format", "json").stdout)
    assert "no rule found it" in run("log", "confirm", "o0").stdout
    run("log", "confirm", "o1")
    data = json.loads(run("report", "--format", "json").stdout)
    assert data["total"] == before["total"]
    assert data["marks"] == {"confirmed": 1, "confirmed_unfound": 1}
    words = "1 output that no rule found was confirmed as degraded by a person, and in no rate"
    assert words in run("report").stdout
    assert words in run("report", "--format", "html").stdout
    assert words not in run("report", "--since", day(91)).stdout
    listed = json.loads(run("log", "list", "--verdict", "clean", "--judged", "confirmed", "--format", "json").stdout)
    assert [one["id"] for one in listed["outputs"]] == ["o0"]
    assert run("log", "list", "--judged", "dismissed").stdout == "no outputs\n"


def test_the_counts_of_the_log_say_what_they_are_of(logged: None) -> None:
    assert "every rate" not in run("log", "stats", "--daily").stdout
    run("log", "dismiss", "o1")
    run("log", "confirm", "o3")
    with Log() as log:
        log.prune(f"{day(91)}T00:00:00.000Z", f"{day(101)}T00:00:00.000Z")
    whole, daily = (json.loads(run("log", "stats", *more, "--format", "json").stdout) for more in ((), ("--daily",)))
    assert (whole["by_verdict"], whole["dismissed"], whole["pruned"]) == ({"suspect": 3, "clean": 2}, 1, 1)
    assert sum(row.get("suspect", 0) for row in daily["rows"]) == whole["by_verdict"]["suspect"] - whole["dismissed"]
    assert "dismissed by a person and so clean in every rate: 1" in run("log", "stats").stdout
    assert "1 pruned records, whose outputs still count" in run("log", "stats").stdout
    assert "what a person dismissed is clean, and what was pruned still counts" in run("log", "stats", "--daily").stdout
    since = json.loads(run("log", "stats", "--since", day(94), "--format", "json").stdout)
    assert since["dismissed"] == 0


def test_an_agent_that_the_log_does_not_have_is_wrong_use(logged: None) -> None:
    for option in ("--agent", "--model"):
        with pytest.raises(AicheckError, match="'nope'"):
            raise run("log", "list", option, "nope").exception  # type: ignore[misc]
    assert run("log", "list", "--agent", "a", "--path", "nowhere").stdout == "no outputs\n"


@pytest.mark.parametrize("arguments", [("prune", "--before", "2027-01-01"), ("purge",)])
def test_a_no_deletes_nothing_and_is_no_failure(logged: None, arguments: tuple[str, ...]) -> None:
    done = run("log", *arguments, given="n\n")
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, "nothing was deleted")
    assert len(json.loads(run("log", "list", "--format", "json").stdout)["outputs"]) == 6


def test_a_session_is_named_by_its_beginning(logged: None) -> None:
    with Log() as log:
        log.append([output("x", day(99), session="s-other")])
    assert json.loads(run("report", "--session", "s-oth", "--format", "json").stdout)["filters"]["session"] == "s-other"
    with pytest.raises(AicheckError, match="more than one session's id starts with 's-'"):
        raise run("report", "--session", "s-").exception  # type: ignore[misc]
    with pytest.raises(AicheckError, match="no outputs of the session 'nope'"):
        raise run("report", "--session", "nope").exception  # type: ignore[misc]


def test_runs_of_the_canary_that_are_none_are_no_sessions_of_agents() -> None:
    done = run("canary", "runs")
    assert (done.exit_code, done.stdout) == (0, "no runs yet: 'aicheck canary run' makes one\n")
