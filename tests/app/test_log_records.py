"""The types of records: what is written comes back, what others wrote is read, and the schema says so."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from aicheck_app.capture.ingest import Ingest
from aicheck_app.config import Config
from aicheck_app.log import queries, records
from aicheck_app.log.chain import canonical
from aicheck_app.log.marks import mark
from aicheck_app.log.store import Log
from aicheck_app.observe import observe
from aicheck_app.origin import Origin, Output
from tests.app import transcripts

ROOT = Path(__file__).parents[2]
OUTPUT = records.Output(id="a1", time="2026-04-01T00:00:00.000Z", verdict="suspect", tokens=7, side_chain=True,
                        findings=[records.Finding(code="SYN001", message="m", line=1, column=2, severity="error", confidence="high")])  # fmt: skip


def some(kind: type[records.Record]) -> records.Record:
    """A record of a kind with a value in each member."""
    values: dict[type, Any] = {str: "7", int: 7, bool: True, dict: {"Write": 7}, list: ["x"]}
    given = kind()
    for name in given.__struct_fields__:
        setattr(given, name, values[type(getattr(given, name))])
    for name, value in (("findings", OUTPUT.findings), ("ranges", [[1, 2]])):
        if hasattr(given, name):
            setattr(given, name, value)
    return given


@pytest.mark.parametrize("kind", records.KINDS)
def test_a_record_comes_back_as_it_was(kind: type[records.Record]) -> None:
    given = some(kind)
    stored = json.loads(canonical(records.body(given)))
    assert stored["kind"] == records.kind_of(kind)
    assert records.read(kind, stored) == given
    assert records.body(kind()) == {"kind": records.kind_of(kind)}  # what is empty is left out


def test_the_canonical_form_is_what_it_was() -> None:
    """Byte for byte what aicheck wrote before records had types."""
    assert canonical(records.body(OUTPUT)) == (
        '{"findings":[{"code":"SYN001","column":2,"confidence":"high","line":1,"message":"m","severity":"error"}],"id":"a1",'
        '"kind":"output","side_chain":true,"time":"2026-04-01T00:00:00.000Z","tokens":7,"verdict":"suspect"}'
    )


@pytest.mark.parametrize(
    "odd",
    [{"tokens": "many"}, {"model": 7}, {"findings": "none"}, {"findings": [{"line": "x"}]}, {"new": {"in": [3]}}, {"time": None}],
)  # fmt: skip
def test_a_member_of_another_shape_costs_no_other(odd: dict[str, Any]) -> None:
    """Also what a stranger put into the log: members that a newer aicheck wrote, or other types."""
    body = {**records.body(OUTPUT), "session": "s", **odd}
    with Log() as log:
        log.take([body])
        (found,) = queries.newest_outputs(log, 10)
        assert (found.id, found.session, found.verdict) == ("a1", "s", "suspect")
        (stored,) = queries.suspects(log, queries.Selection())
        assert set(stored.body) >= set(body) - {"time"}
        assert log.verify() == (1, [])


def test_half_a_surrogate_pair_is_read_as_it_was_logged() -> None:
    with Log() as log:
        log.append([records.Mark(id="m", target="x", mark="dismissed", reason="half \ud83d")])
        (found,) = queries.marks(log)
    assert found.reason == "half \ud83d"


def test_each_member_has_one_form_whatever_the_kind() -> None:
    """The cleaner knows members by name alone."""
    one = {kind: records._forms(kind) for kind in records.KINDS}
    for kind in records.KINDS:
        plain = {member for member in kind.__struct_fields__ if member not in one[kind]}
        assert {name: form for name, form in records.forms().items() if name in plain} == {}, kind
        assert one[kind].items() <= records.forms().items()


def test_the_schema_holds_what_is_logged(tmp_path: Path) -> None:
    schema = Draft202012Validator(records.schema())
    session = transcripts.write(
        tmp_path / "s.jsonl",
        transcripts.assistant(
            "m1", transcripts.use("toolu_1", "Write", file_path="/home/dev/shop/a.py", content="x = (\n")
        ),
        transcripts.result("toolu_1", {"type": "create", "filePath": "/home/dev/shop/a.py", "content": "x = (\n"}),
    )
    with Log() as log:
        Ingest(log, Config()._replace(excerpt="full")).run([str(session)])
        observe([Output("k" * 20, "Write", "x = (", "x = (", "file", "b.py", Origin(agent="x"))], log, Config())
        log.append([records.Event(id="e", event="api error", reason="HTTP 529")])
        mark(log, "x", "dismissed", "no")
        log.append([records.Event(id="old", event="api error", time="2020-01-01T00:00:00.000Z")])
        log.prune("2021-01-01T00:00:00.000Z", "2026-01-01T00:00:00.000Z")
        kinds = set()
        for body in log.bodies():
            kinds.add(body["kind"])
            assert [error.message for error in schema.iter_errors(body)] == []
    assert kinds == {"output", "message", "turn", "session", "event", "mark", "prune"}
    assert any(schema.iter_errors({"kind": "output", "id": 7}))
    assert any(schema.iter_errors({"kind": "other", "id": "x"}))


def test_checking_and_the_hooks_client_need_no_types() -> None:
    """Start-up is a feature."""
    script = (
        "import sys\nimport aicheck_app.hook.client\n"
        "from aicheck_app.cli.run_check import run_plain\nrun_plain([sys.argv[1]])\n"
        "print([m for m in ('msgspec', 'sqlite3', 'aicheck_app.log.records') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script, __file__], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
