"""A hook whose agent writes its transcript later: it answers first, and completes the record then."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import NoReturn

import pytest

from aicheck_app.hook.handle import Means, handle
from aicheck_app.hook.transcript import LAG_SECONDS
from aicheck_app.log.store import Log
from tests.app.test_hook import CUT, FACT, records, write


@pytest.fixture
def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "a.py").write_text(CUT)
    return folder


def lagging(work: Path) -> tuple[Path, str]:
    """A transcript that is kept and does not hold the call yet, and the line that will tell of it."""
    transcript = work / ".claude/projects/p/s1.jsonl"
    transcript.parent.mkdir(parents=True)
    transcript.write_text("")
    message = {"id": "msg_1", "model": "model-1", "content": [{"type": "tool_use", "id": "toolu_1"}]}
    return transcript, json.dumps(
        {"type": "assistant", "version": "2.1.9", "requestId": "req_1", "message": message}
    ) + "\n"


def test_a_transcript_that_lags_is_waited_for_after_the_answer(work: Path) -> None:
    transcript, line = lagging(work)
    answers: list[bytes] = []
    logged: list[int] = []

    def take(answer: bytes) -> None:
        answers.append(answer)
        logged.append(len(records()))
        transcript.write_text(line)

    rest = handle(json.dumps(write(work)).encode(), "/", means=Means(answer=take))
    assert (len(answers), logged, rest) == (1, [0], b"")
    assert FACT.encode() in answers[0]
    (record,) = records()
    assert [record[name] for name in ("model", "agent_version", "message", "request")] == [
        "model-1",
        "2.1.9",
        "msg_1",
        "req_1",
    ]
    with Log() as log:
        assert not log.spool.waiting()
        assert log.verify()[1] == []


def test_a_transcript_that_never_tells_costs_the_agent_no_time_and_loses_nothing(work: Path) -> None:
    lagging(work)
    begin = time.monotonic()
    took: list[float] = []
    handle(json.dumps(write(work)).encode(), "/", means=Means(answer=lambda _: took.append(time.monotonic() - begin)))
    assert time.monotonic() - begin - took[0] > LAG_SECONDS / 2
    (record,) = records()
    assert (record["tool_use"], record.get("message")) == ("toolu_1", None)


def test_a_hook_that_ends_after_its_answer_has_lost_nothing(work: Path, home: Path) -> None:
    """Killed while it waits for the transcript: the log takes in what is known."""
    lagging(work)

    def end(_: bytes) -> NoReturn:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        handle(json.dumps(write(work)).encode(), "/", means=Means(answer=end))
    (held,) = (home / "log.spool").iterdir()
    assert records() == []
    os.utime(held, (0, 0))  # nobody is at work on it any more
    with Log() as log:
        assert [body["tool_use"] for body in log.bodies("kind = 'output'")] == ["toolu_1"]
        assert log.verify()[1] == []
