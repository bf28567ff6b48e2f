"""What older versions of Claude Code tell of agents that a session started, and of prompts that waited."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.app.test_counted_once import bodies, counted, ingest, turn
from tests.app.transcripts import COMMON, assistant, result, use, write


def progress(line: dict[str, Any]) -> dict[str, Any]:
    kept = ("type", "message", "uuid", "requestId", "timestamp", "toolUseResult")
    inner = {name: value for name, value in line.items() if name in kept}
    return {"type": "progress", **COMMON, "data": {"type": "agent_progress", "agentId": "a1", "message": inner}}


def test_the_edits_and_messages_of_an_agent_are_read_from_its_parent_s_transcript(tmp_path: Path) -> None:
    call = use("h1", "Write", file_path="/x/h.py", content="import os\nprint(os.sep)\n")
    lines = [
        *turn(1),
        progress({"type": "user", "message": {"role": "user", "content": "look"}}),
        progress(assistant("hm1", call)),
        progress(result("h1", {"filePath": "/x/h.py", "originalFile": None})),
    ]
    ingest(write(tmp_path / "s.jsonl", *lines))
    found = {one["tool_use"]: one.get("side_chain", False) for one in bodies("output")}
    assert found == {"t1": False, "h1": True}
    assert {one["message"]: one.get("side_chain", False) for one in bodies("message")} == {
        "m1": False,
        "e1": False,
        "hm1": True,
    }
    assert (counted()["s1"]["context prompts"], counted()["s1"]["context edits"], len(bodies("turn"))) == (1, 1, 1)


def test_a_prompt_that_waited_and_a_command_of_one_s_own_are_prompts_and_what_other_agents_say_is_none(
    tmp_path: Path,
) -> None:
    def said(words: str) -> dict[str, Any]:
        return {**result("p", None), "message": {"role": "user", "content": words}}

    def waiting(words: str) -> dict[str, Any]:
        told = {"type": "queued_command", "prompt": words, "commandMode": "prompt"}
        return {"type": "attachment", **COMMON, "attachment": told}

    lines = [
        said("<command-message>fix is running</command-message><command-args>the tests</command-args>"),
        said("<command-name>/model</command-name>"), said("<teammate-message teammate_id='a'>idle</teammate-message>"),
        waiting("and tests"), waiting("<task-notification>done"), *turn(1),
    ]  # fmt: skip
    ingest(write(tmp_path / "s.jsonl", *lines))
    assert counted()["s1"]["context prompts"] == 3


def test_a_copy_whose_lines_have_new_ids_and_times_counts_once(tmp_path: Path) -> None:
    copies = [
        {**line, "sessionId": "s2", "uuid": f"new-{at}", "timestamp": "2026-05-02T10:00:00.000Z"}
        for at, line in enumerate((*turn(1), *turn(2)))
    ]
    ingest(write(tmp_path / "b.jsonl", *turn(1)), write(tmp_path / "a.jsonl", *copies))
    assert {name: counts["Write"] for name, counts in counted().items()} == {"s1": 1, "s2": 1}
    assert len(bodies("turn")) == 2


def test_a_failure_of_the_service_is_an_event_once(tmp_path: Path) -> None:
    failing = {"type": "system", "subtype": "api_error", "uuid": "e", **COMMON}
    ingest(write(tmp_path / "s.jsonl", *turn(1), failing, {**failing, "uuid": "f"}, *turn(2)))
    assert [one["event"] for one in bodies("event")] == ["api error"]
