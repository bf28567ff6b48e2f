"""OpenHands, SWE-agent and mini-swe-agent: every edit once, with its file's texts, the model that served, how calls ended."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from aicheck_app.capture.ingest import Ingest
from aicheck_app.config import Config
from aicheck_app.log.listing import older
from aicheck_app.log.store import Log
from tests.app import trajectories

if TYPE_CHECKING:
    from pathlib import Path

RUNS: dict[str, tuple[Any, str, list[tuple[str, str, str]]]] = {
    "openhands": (trajectories.openhands, "openhands", [("file_editor", "file", "a.py"), ("file_editor", "file", "a.py")]),
    "openhands, a list": (
        trajectories.openhands_list, "openhands",
        [("reply", "reply", ""), ("str_replace_editor", "file", "a.py"), ("str_replace_editor", "file", "a.py")],
    ),
    "mini-swe-agent": (trajectories.mini, "mini-swe-agent", [("bash", "file", "a.py")]),
    "swe-agent": (trajectories.swe_agent, "swe-agent", [("edit", "fragment", "c.py"), ("str_replace_editor", "file", "a.py"), ("str_replace_editor", "file", "a.py"), ("str_replace_editor", "file", "b.py")]),
}  # fmt: skip


def ingest(path: Path) -> dict[str, Any]:
    with Log() as log:
        return Ingest(log, Config()).run([str(path)]).as_dict()


def bodies(kind: str) -> list[dict[str, Any]]:
    with Log(read_only=True) as log:
        return list(log.bodies(f"kind = '{kind}'"))


@pytest.mark.parametrize("name", RUNS)
def test_every_edit_of_a_run_is_read_once(tmp_path: Path, name: str) -> None:
    make, agent, expected = RUNS[name]
    path = make(tmp_path / "run" if name == "openhands" else tmp_path)
    totals = ingest(path)
    with Log(read_only=True) as log:
        found = [one.record for one in older(log, 99)]
    assert {one.agent for one in found} == {agent}
    assert sorted((one.tool, one.unit, os.path.basename(one.path)) for one in found) == expected
    assert {one.verdict for one in found} == {"clean"}
    assert totals["skipped"] == {}
    assert ingest(path)["outputs"] == 0


def test_a_conversation_of_openhands_is_logged_with_usage_models_and_ends(tmp_path: Path) -> None:
    path = trajectories.openhands(tmp_path / "run")
    os.utime(path, (1, 1))
    ingest(path)
    first, second, third = bodies("message")
    names = ("asked", "model", "request", "input_tokens", "tokens", "cache_read", "thinking_tokens")
    assert [first[name] for name in names] == ["p/m-asked", "m-served", "r1", 9, 4, 7, 1]
    assert (second["request"], third["request"]) == ("r2", "r3")
    (session,) = bodies("session")
    assert (session["context"]["rejected"], session["failed"], session["context"]["edits_not_found"]) == (
        1,
        {"file_editor": 1},
        1,
    )
    assert [event["event"] for event in bodies("event")] == ["compact boundary"]
    (turn,) = bodies("turn")
    assert (turn["edits"], turn["checks_failed"], turn["signals"]) == (3, 1, {"said_done_failed": 1})


def test_a_run_that_ended_by_a_limit_says_so(tmp_path: Path) -> None:
    ingest(trajectories.mini(tmp_path))
    (event,) = bodies("event")
    assert (event["event"], event["reason"]) == ("run ended", "LimitsExceeded")
    first, _ = bodies("message")
    assert [first[name] for name in ("asked", "model", "request", "input_tokens", "cache_read")] == [
        "p/m-asked",
        "m-served",
        "r1",
        2,
        10,
    ]
    (turn,) = bodies("turn")
    assert (turn["checks"], turn["checks_failed"]) == (1, 1)


def test_two_runs_of_one_task_are_two_sessions(tmp_path: Path) -> None:
    for number in (1, 2):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = trajectories.mini(folder)
        path.write_text(path.read_text().replace('"now"', f'"now {number}"'))
        ingest(path)
    assert len({session["session"] for session in bodies("session")}) == 2
