"""Sessions whose numbers, names or rows are odd cost no other session, and no time or memory that grows out of bounds."""

from __future__ import annotations

import json
import pickle
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from aicheck_app.capture.ingest import Ingest
from aicheck_app.capture.reader import Reader, transcripts
from aicheck_app.capture.tally import MAX_NAMES, Tally
from aicheck_app.capture.totals import OTHER_TEXT
from aicheck_app.config import Config
from aicheck_app.log import facts, fields
from aicheck_app.log.chain import link
from aicheck_app.log.store import Log
from aicheck_app.redaction import redact
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


def many_tools(number: int, session: str = "s") -> list[dict[str, Any]]:
    """Turns that each call a tool of a name of its own."""
    lines: list[dict[str, Any]] = []
    for at in range(number):
        prompt = {
            **result(f"p{at}", None, sessionId=session),
            "message": {"role": "user", "content": f"go on with {at}"},
        }
        lines += [prompt, assistant(f"m{at}", use(f"t{at}", f"tool{at}"), sessionId=session)]
    return lines


def test_what_is_remembered_of_a_session_grows_with_its_length_alone(tmp_path: Path) -> None:
    reader = Reader(str(write(tmp_path / "s.jsonl", *many_tools(2_000))))
    for session in reader:
        session.finish()
    assert len(reader.session.calls) <= MAX_NAMES + 1
    assert reader.session.calls.total() == 2_000
    kept = sum(len(counts) for mark in reader.session.marks for counts in mark.counts.values())
    assert len(reader.session.marks) == 2_000
    assert kept < 2_000 * 15


def test_a_copy_of_a_session_of_many_names_counts_once(tmp_path: Path) -> None:
    first = write(tmp_path / "a.jsonl", *many_tools(600))
    ingest(first, write(tmp_path / "b.jsonl", *many_tools(700, "branch")))
    with Log(read_only=True) as log:
        calls = [sum(body["calls"].values()) for body in log.bodies("kind = 'session'")]
    assert calls == [600, 100]


def test_a_counter_keeps_so_many_names_and_counts_the_rest_together() -> None:
    tally = Tally()
    for at in range(MAX_NAMES + 7):
        tally[f"n{at}"] += 2
    tally["n1"] += 1
    more = Tally({f"m{at}": 3 for at in range(MAX_NAMES + 2)})
    tally.update(more)
    assert (tally["n1"], len(tally), tally.total()) == (3, MAX_NAMES + 1, 2 * (MAX_NAMES + 7) + 1 + 3 * (MAX_NAMES + 2))
    assert pickle.loads(pickle.dumps(more)) == more


def test_names_are_redacted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def counted(text: str) -> str:
        asked.append(text)
        return redact(text)

    monkeypatch.setattr(fields, "redact", counted)
    names = {f"mcp__a-server__tool-{at}": at for at in range(300)}
    secret = "ghp_" + "Ab1" * 12
    assert fields.state({"calls": names, "turns": [["x"]]}) == {"calls": names, "turns": [["x"]]}
    assert fields.cleaned([{"id": "a", "kind": "session", "calls": names}])[0]["calls"] == names
    assert len(asked) == 2
    assert secret not in str(fields.state({"calls": {**names, secret: 1}}))
    assert secret not in str(fields.cleaned([{"id": "a", "kind": "session", "calls": {**names, secret: 1}}]))


@pytest.mark.parametrize("together", [False, True])
def test_an_output_that_is_known_with_another_text_is_told(tmp_path: Path, together: bool) -> None:
    def session(name: str, content: str) -> Path:
        call = use("toolu_0123456789abcdefgh", "Write", file_path="/x/a.py", content=content)
        done = result("toolu_0123456789abcdefgh", {"filePath": "/x/a.py", "originalFile": None}, sessionId=name)
        return write(tmp_path / f"{name}.jsonl", assistant(f"m-{name}", call, sessionId=name), done)

    first, same, other = session("first", "x = 1\n"), session("same", "x = 1\n"), session("other", "def f(:\n")
    runs = [[first, same, other]] if together else [[first], [same], [other]]
    totals = [ingest(*run) for run in runs]
    assert sum(one.skipped[OTHER_TEXT] for one in totals) == 1
    assert sum(one.known for one in totals) == 2


def test_what_is_no_text_in_a_record_that_another_program_wrote_stops_no_verification(home: Path) -> None:
    with Log() as log:
        log.take([{"id": "a", "kind": "output", "verdict": "clean"}])
        odd = {"id": "\ud83d", "kind": "mark", "target": "\ud83d", "mark": "kept", "agent": "\ud83d"}
        body = json.dumps({**odd, "salt": "00"})
        head = link(bytes.fromhex(log.head()), body.encode())
        log.db.execute("INSERT INTO records (body, hash) VALUES (?, ?)", (body, head))
        message = json.dumps({"id": "m", "kind": "message", "model": "\ud83d", "tokens": 3, "salt": "00"})
        log.db.execute("INSERT INTO records (body, hash) VALUES (?, ?)", (message, link(head, message.encode())))
        assert isinstance(log.verify()[1], list)
