"""What ingest records beside outputs: messages, turns, changes of the model; and each session once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aicheck_app.capture.ingest import Ingest
from aicheck_app.config import Config
from aicheck_app.log.store import Log
from tests.app.test_ingest import GOOD, ingest, outputs
from tests.app.transcripts import assistant, result, text, use, write


def test_a_message_is_recorded_once_with_what_the_client_says_of_it(tmp_path: Path) -> None:
    usage = {
        "input_tokens": 3, "output_tokens": 50, "cache_read_input_tokens": 900, "cache_creation_input_tokens": 40, "speed": "fast",
        "output_tokens_details": {"thinking_tokens": 20},
    }  # fmt: skip
    first = assistant("m1", {"type": "thinking", "thinking": "", "signature": "abc"}, stop_reason=None, tokens=1)
    last = assistant("m1", text("hello"), use("t1", "Read", file_path="/x"), entrypoint="cli", effort="high")
    last["message"]["usage"] = usage
    prompt = {**result("p", None), "message": {"role": "user", "content": "go on"}, "permissionMode": "plan"}
    session = write(tmp_path / "s.jsonl", prompt, first, last, result("t1", {}), assistant("m2", text("x")))
    ingest(session)
    with Log(read_only=True) as log:
        one, two = log.bodies("kind = 'message'")
    assert one.pop("id") != two.pop("id")
    assert one.pop("project")
    assert one == {
        "kind": "message", "time": "2026-05-01T10:00:00.000Z", "agent": "claude-code", "agent_version": "2.1.0", "turn": 1,
        "model": "model-a", "asked": "model-a", "provider": "anthropic", "session": "s1", "message": "m1", "request": "req-m1",
        "stop_reason": "tool_use", "tokens": 50, "input_tokens": 3, "cache_read": 900, "cache_written": 40, "thinking_tokens": 20,
        "speed": "fast", "thinking_blocks": 1, "signature": 3, "characters": 5 + len('{"file_path": "/x"}'), "calls": 1,
        "permission_mode": "plan", "attribution": "transcript",
    }  # fmt: skip


def test_a_turn_is_recorded_with_its_calls_and_its_end(tmp_path: Path) -> None:
    prompt = {**result("p", None), "message": {"role": "user", "content": "go on"}}
    stopped = {**prompt, "message": {"role": "user", "content": "[Request interrupted by user]"}}
    todos = [{"status": "completed"}, {"status": "pending"}, {"status": "in_progress"}]
    session = write(
        tmp_path / "s.jsonl",
        prompt,
        assistant("m1", use("t1", "Write", file_path="/x/a.py", content=GOOD)), result("t1", {"filePath": "/x/a.py"}),
        assistant("m2", use("t2", "Bash", command="pytest -q")), result("t2", "Error: Exit code 1", error=True),
        assistant("m3", use("t3", "TodoWrite", todos=todos)), result("t3", {}),
        assistant("m4", text("Done."), stop_reason="end_turn"),
        {"type": "system", "subtype": "turn_duration", "durationMs": 1500, "sessionId": "s1"},
        prompt,
        assistant("m5", use("t5", "Bash", command="ls")), stopped,
    )  # fmt: skip
    ingest(session)
    with Log(read_only=True) as log:
        one, two = log.bodies("kind = 'turn'")
    names = (
        "number",
        "end",
        "stop_reason",
        "messages",
        "calls",
        "edits",
        "checks",
        "checks_failed",
        "todo",
        "milliseconds",
    )
    assert [one.get(name, 0) for name in names] == [1, "prompt", "end_turn", 4, 3, 1, 1, 1, 2, 1500]
    assert [two.get(name, 0) for name in names] == [2, "interrupted", "tool_use", 1, 0, 0, 0, 0, 0, 0]


def test_every_change_of_the_model_is_an_event(tmp_path: Path) -> None:
    fallback = {
        "type": "system", "subtype": "model_refusal_fallback", "uuid": "f1", "sessionId": "s1", "originalModel": "model-a",
        "fallbackModel": "model-b", "requestId": "req-9", "apiRefusalCategory": "cyber", "retractedMessageUuids": [],
    }  # fmt: skip
    command = "<local-command-stdout>Set model to \x1b[1mModel C (default)\x1b[22m</local-command-stdout>"
    switch = {**result("p", None), "uuid": "c1", "message": {"role": "user", "content": command}}
    refused = assistant("m5", text("no"), model="model-d", stop_reason="refusal")
    refused["message"]["stop_details"] = {"type": "refusal", "category": "bio"}
    session = write(
        tmp_path / "s.jsonl",
        assistant("m1", text("x")), fallback, assistant("m2", text("y"), model="model-b"), switch,
        assistant("m3", text("z"), model="model-c"), assistant("m4", text("z"), model="model-d"), refused,
    )  # fmt: skip
    assert ingest(session)["events"] == {
        "model change": 1,
        "model refusal fallback": 1,
        "model switch": 1,
        "refusal": 1,
    }
    with Log(read_only=True) as log:
        events = [
            [b.get(n, "") for n in ("event", "model_from", "model_to", "category", "request")]
            for b in log.bodies("kind = 'event'")
        ]
        asked = [(body["model"], body["asked"]) for body in log.bodies("kind = 'message'")]
    assert events == [
        ["model refusal fallback", "model-a", "model-b", "cyber", "req-9"],
        ["model switch", "model-b", "Model C", "", ""],
        ["model change", "model-c", "model-d", "", ""],
        ["refusal", "", "", "bio", "req-m5"],
    ]
    assert asked[:3] == [("model-a", "model-a"), ("model-b", "model-a"), ("model-c", "model-c")]


def test_a_copy_of_a_session_s_file_adds_nothing_to_its_signals(tmp_path: Path) -> None:
    lines = [
        assistant("m1", use("t1", "Write", file_path="/x/a.py", content=GOOD)),
        result("t1", {"filePath": "/x/a.py"}),
    ]
    ingest(write(tmp_path / "s.jsonl", *lines))
    again = ingest(write(tmp_path / "copy.jsonl", *lines), write(tmp_path / "part.jsonl", *lines[:1]))
    assert (again["outputs"], again["records"]) == (0, {"assistant": 2, "user": 1})
    with Log(read_only=True) as log:
        found = list(log.bodies("kind = 'session'"))
    assert [sum(each.get("applied", {}).values()) for each in found] == [1, 0][: len(found)]
    assert sum(each.get("context", {}).get("edits", 0) for each in found) == 1


def test_a_format_that_a_person_names_wrongly_marks_no_file_as_read(tmp_path: Path) -> None:
    session = write(
        tmp_path / "s.jsonl", assistant("m1", use("t1", "Write", file_path="/x/a.py", content=GOOD)), result("t1", {})
    )
    with Log() as log:
        wrong = Ingest(log, Config(), agent="codex").run([str(session)]).as_dict()
    assert (wrong["files"], wrong["skipped"]) == (0, {"file is no session of a known agent": 1})
    assert ingest(session)["outputs"] == 1


def test_a_call_that_leaks_into_a_message_s_words_is_a_finding_and_clean_words_are_no_output(tmp_path: Path) -> None:
    leaked = 'I will read it.\n\n<invoke name="Read">\n<parameter name="file_path">a.py</parameter>\n</invoke>\n'
    session = write(
        tmp_path / "s.jsonl",
        assistant("m1", text("All is `<invoke>` well.")),
        assistant("m2", text(leaked)),
        assistant("m2", text(leaked)),
    )
    assert ingest(session)["findings"] == {"COR010": 1}
    assert [(o["tool"], o["unit"], o["verdict"], o["message"]) for o in outputs()] == [
        ("message", "prose", "suspect", "m2")
    ]


def test_a_check_that_failed_behind_a_pipe_is_told_by_its_output(tmp_path: Path) -> None:
    def ran(number: int, command: str, shown: str) -> list[dict[str, Any]]:
        call = assistant(f"m{number}", use(f"t{number}", "Bash", command=command))
        return [call, result(f"t{number}", {"stdout": shown, "stderr": ""})]

    session = write(
        tmp_path / "s.jsonl",
        *ran(1, "cargo test 2>&1 | tail", "error: could not compile `a` (lib)\n"),
        *ran(2, "go test ./... | tail", "--- FAIL: TestA (0.00s)\n"),
        *ran(3, "pnpm --filter api test", "Tests  2 failed | 10 passed\n"),
        *ran(4, "pytest -q | tail", "12 passed, 0 failed\n"),
        *ran(5, "grep -rn FAIL .", "FAIL\n"),
    )
    ingest(session)
    with Log(read_only=True) as log:
        (turn,) = log.bodies("kind = 'turn'")
    assert (turn["checks"], turn["checks_failed"]) == (4, 3)
