"""Each count of a session once: in copies of its file, in branches, and in agents that share its id."""

from __future__ import annotations

import os
import time
from collections import Counter
from pathlib import Path
from typing import Any

from aicheck_app.capture.ingest import Ingest
from aicheck_app.config import Config
from aicheck_app.log.store import Log
from tests.app.transcripts import assistant, result, text, use, write

PARENT, CHILD = "019f046d-0000-7000-8000-000000000001", "019f066d-0000-7000-8000-000000000002"


def ingest(*files: Path) -> None:
    with Log() as log:
        Ingest(log, Config()).run([str(file) for file in files])


def bodies(kind: str) -> list[dict[str, Any]]:
    with Log(read_only=True) as log:
        return list(log.bodies(f"kind = '{kind}'"))


def counted() -> dict[str, Counter[str]]:
    """The counts of all sessions, by session."""
    found: dict[str, Counter[str]] = {}
    for body in bodies("session"):
        counts = found.setdefault(body["session"], Counter())
        counts.update({**body.get("applied", {}), **{f"context {k}": n for k, n in body.get("context", {}).items()}})
        counts["tokens"] += body.get("tokens", 0)
    return found


def turn(number: int) -> list[dict[str, Any]]:
    """A prompt, an edit, and the end of the turn; each at a time of its own."""
    when = f"2026-05-01T10:{number:02}:00.000Z"
    prompt = {**result(f"p{number}", None), "message": {"role": "user", "content": f"go on with {number}"}}
    call = use(f"t{number}", "Write", file_path=f"/x/{number}.py", content=f"x = {number}\n")
    lines = [
        prompt,
        assistant(f"m{number}", call),
        result(f"t{number}", {"filePath": f"/x/{number}.py", "originalFile": None}),
        assistant(f"e{number}", text("Done."), stop_reason="end_turn"),
    ]
    return [{**line, "timestamp": when} for line in lines]


def test_two_copies_of_a_session_in_one_run_count_once(tmp_path: Path) -> None:
    shorter = write(tmp_path / "a.jsonl", *turn(1))
    ingest(shorter, write(tmp_path / "b.jsonl", *turn(1), *turn(2)))
    found = counted()["s1"]
    assert (found["Write"], found["tokens"], found["context prompts"]) == (2, 40, 2)


def test_a_branch_counts_what_it_adds_in_whichever_order_it_is_read(tmp_path: Path) -> None:
    first = write(tmp_path / "a.jsonl", *turn(1), *turn(2))
    copies = [{**line, "sessionId": "s2"} for line in (*turn(1), *turn(2), *turn(3))]
    branch = write(tmp_path / "b.jsonl", *copies)
    ingest(branch)
    ingest(first)
    assert counted()["s2"]["Write"] == 3
    assert "Write" not in counted().get("s1", {})
    ingest(write(tmp_path / "a.jsonl", *turn(1), *turn(2), *turn(4)))
    assert counted()["s1"]["Write"] == 1
    assert [one["number"] for one in bodies("turn")] == [1, 2, 3, 3]
    assert len(bodies("message")) == 8


def test_a_branch_that_is_read_with_what_it_comes_from_counts_what_it_adds(tmp_path: Path) -> None:
    first = write(tmp_path / "a.jsonl", *turn(1))
    branch = write(tmp_path / "b.jsonl", *({**line, "sessionId": "s2"} for line in (*turn(1), *turn(2))))
    ingest(first, branch)
    assert {name: counts["Write"] for name, counts in counted().items()} == {"s1": 1, "s2": 1}


def test_a_turn_that_was_open_is_recorded_when_nothing_more_came(tmp_path: Path) -> None:
    session = write(tmp_path / "s.jsonl", assistant("m1", text("Hello.")))
    stamp = session.stat().st_mtime_ns
    now = time.time_ns()
    os.utime(session, ns=(now, now))
    ingest(session)
    assert (bodies("turn"), bodies("message")) == ([], [])
    os.utime(session, ns=(stamp, stamp))
    ingest(session)
    assert (len(bodies("turn")), len(bodies("message"))) == (1, 1)


def codex(tmp_path: Path, name: str, about: dict[str, Any], *, tokens: int) -> Path:
    def line(kind: str, at: int, **payload: Any) -> dict[str, Any]:
        return {"timestamp": f"2026-10-01T10:00:0{at}.000Z", "type": kind, "payload": payload}

    usage = {"total_token_usage": {"input_tokens": 10, "output_tokens": tokens}}
    return write(
        tmp_path / f"rollout-{name}.jsonl",
        line("session_meta", 0, session_id=PARENT, cwd="/w", cli_version="0.171.0", **about),
        line("event_msg", 1, type="user_message", message="go"),
        line("response_item", 2, type="message", role="assistant", content=[{"text": "Done."}]),
        line("event_msg", 3, type="token_count", info=usage),
        line("event_msg", 4, type="task_complete"),
    )


def test_an_agent_of_codex_that_shares_its_parent_s_session_keeps_its_own_messages(tmp_path: Path) -> None:
    guardian = {"subagent": {"other": "guardian"}}
    ingest(
        codex(tmp_path, "a", {"id": PARENT, "source": "vscode"}, tokens=5),
        codex(tmp_path, "b", {"id": CHILD, "source": guardian, "parent_thread_id": PARENT}, tokens=7),
    )
    messages = [(one["tokens"], one.get("side_chain", False)) for one in bodies("message")]
    assert messages == [(5, False), (7, True)]
    assert [one.get("side_chain", False) for one in bodies("turn")] == [False, True]
    assert counted()[PARENT]["context prompts"] == 1


def test_what_a_hook_puts_before_a_prompt_is_no_prompt(tmp_path: Path) -> None:
    hook = {
        **result("h", None),
        "message": {"role": "user", "content": "<user-prompt-submit-hook>ok</user-prompt-submit-hook>"},
    }
    ingest(write(tmp_path / "s.jsonl", hook, *turn(1)))
    assert counted()["s1"]["context prompts"] == 1


def test_a_line_of_a_message_that_comes_behind_the_next_one_still_counts(tmp_path: Path) -> None:
    first = assistant("m1", text("a"), tokens=1, stop_reason=None)
    last = assistant("m1", use("t1", "Bash", command="ls"), tokens=528, stop_reason=None)
    ingest(write(tmp_path / "s.jsonl", first, assistant("m2", text("b")), last))
    assert {one["message"]: one["tokens"] for one in bodies("message")} == {"m1": 528, "m2": 10}
