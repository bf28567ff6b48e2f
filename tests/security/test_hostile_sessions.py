"""Sessions whose numbers, names or rows are odd cost no other session, and no time or memory that grows out of bounds."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from aicheck_app.capture.ingest import Ingest
from aicheck_app.capture.reader import transcripts
from aicheck_app.config import Config
from aicheck_app.log import facts
from aicheck_app.log.store import Log
from tests.app.transcripts import assistant, result, use, write

if TYPE_CHECKING:
    from pathlib import Path

    from aicheck_app.capture.totals import Totals
    from aicheck_app.log.records import Body


def ingest(*paths: Path) -> Totals:
    with Log() as log:
        return Ingest(log, Config(), alone=True).run([file for path in paths for file in transcripts(str(path))])


def sessions() -> set[str]:
    with Log(read_only=True) as log:
        return {body["session"] for body in log.bodies("kind = 'output'")}


def verified() -> bool:
    with Log(read_only=True) as log:
        return not log.verify()[1]


def written(session: str, name: str, **more: Any) -> list[dict[str, Any]]:
    """A message that wrote a file, and the answer."""
    call = use(f"t-{session}-{name}", "Write", file_path=f"/x/{name}.py", content=f"{name} = 1\n")
    done = result(f"t-{session}-{name}", {"filePath": f"/x/{name}.py", "originalFile": None}, sessionId=session)
    return [assistant(f"m-{session}-{name}", call, sessionId=session, **more), done]


@pytest.mark.parametrize("tokens", [2**40, 2**53 - 1, 2**53, 2**62, 2**63 - 1, -5, 1e300])
def test_counts_that_no_model_reaches_stop_no_ingest(tokens: float, tmp_path: Path) -> None:
    odd = [line for name in "abc" for line in written("odd", name, tokens=tokens)]
    write(tmp_path / "s" / "odd.jsonl", *odd)
    write(tmp_path / "s" / "good.jsonl", *written("good", "d"))
    ingest(tmp_path / "s")
    assert "good" in sessions()
    write(tmp_path / "s" / "odd.jsonl", *odd, *written("odd", "e", tokens=tokens))
    ingest(tmp_path / "s")
    with Log(read_only=True) as log:
        rows = list(log.rows("SELECT tokens, typeof(tokens), input_tokens FROM facts"))
    assert {kind for _, kind, _ in rows} == {"integer"}
    assert max(number for number, _, _ in rows) <= facts.MOST
    assert verified()


def test_sums_of_clamped_counts_are_the_same_in_whichever_pieces_they_come(tmp_path: Path) -> None:
    for name in "abc":
        write(tmp_path / f"{name}.jsonl", *written("s", name, tokens=facts.MOST - 1))
        ingest(tmp_path / f"{name}.jsonl")
    assert verified()


def test_a_file_that_the_log_cannot_hold_costs_no_other_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = write(tmp_path / "s" / "odd.jsonl", *written("odd", "a"))
    write(tmp_path / "s" / "good.jsonl", *written("good", "b"))
    add = facts.add

    def failing(db: sqlite3.Connection, bodies: list[Body], **more: Any) -> None:
        if any(body.get("session") == "odd" for body in bodies):
            raise OverflowError("Python int too large to convert to SQLite INTEGER")
        add(db, bodies, **more)

    monkeypatch.setattr(facts, "add", failing)
    totals = ingest(tmp_path / "s")
    assert sessions() == {"good"}
    assert [file for file, _ in totals.left] == [str(odd)]
    assert totals.outputs == 1
    monkeypatch.undo()
    monkeypatch.setenv("AICHECK_HOME", str(tmp_path / "home"))
    ingest(tmp_path / "s")
    assert sessions() == {"good", "odd"}
