"""``aicheck log``: what each command says, and what it says when something is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from aicheck_app.cli.group import aicheck
from aicheck_app.cli.main import main
from aicheck_app.config import Config
from aicheck_app.errors import AicheckError
from aicheck_app.log import records
from aicheck_app.log.marks import mark
from aicheck_app.log.store import Log
from aicheck_app.observe import observe
from tests.app.test_log import record
from tests.security.outputs import output

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["aicheck", "log", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return call


@pytest.fixture
def logged(home: Path) -> Path:
    """Five outputs of two models, an event, a judgement."""
    finding = {"code": "TRU001", "message": "cut", "line": 1, "column": 1, "severity": "error", "confidence": "high"}
    with Log() as log:
        log.take([
            record(1, model="m1", verdict="clean", agent="a", path="src/a.py"),
            record(2, model="m1", verdict="suspect", agent="a", findings=[finding]),
            record(3, model="m2", verdict="unchecked", agent="b", reason="too large", path="src/b.py"),
            record(4, model="m2", verdict="clean", agent="b"),
            record(5, model="m2", verdict="clean"),
            {"id": "e1", "kind": "event", "event": "api error"},
        ])  # fmt: skip
        mark(log, "r2", "dismissed", "wrong")
    return home


UNFOUND = "; no rule found it: it stays out of the rates, which are by the rules alone, and a report counts it apart"


def ids(out: str) -> list[str]:
    head, *lines = out.splitlines()
    assert head.startswith("id ")
    return [line.split()[0] for line in lines]


@pytest.mark.parametrize(
    ("options", "found"),
    [((), ["r1", "r2", "r3", "r4", "r5"]), (("--verdict", "clean"), ["r1", "r4", "r5"]), (("--model", "m1"), ["r1", "r2"]),
     (("--limit", "2"), ["r4", "r5"]), (("--verdict", "clean", "--model", "m2", "--limit", "1"), ["r5"]),
     (("--agent", "b"), ["r3", "r4"]), (("--agent", "a", "--verdict", "suspect"), ["r2"]), (("--path", "src/a.py"), ["r1"]),
     (("--path", "./src/"), ["r1", "r3"]), (("--path", "a.py"), ["r1"]), (("--path", "rc/a.py"), []), (("--path", "%"), []),
     (("--since", "2999-01-01"), [])],
)  # fmt: skip
def test_list_says_which_outputs_there_are(logged: Path, run: Run, options: tuple[str, ...], found: list[str]) -> None:
    code, out, err = run("list", *options)
    assert (code, err) == (0, "")
    assert (ids(out) if found else out) == (found or "no outputs\n")
    assert [each["id"] for each in json.loads(run("list", "--format", "json", *options)[1])["outputs"]] == found
    if "r2" in found:
        assert "TRU001" in out
        assert next(line for line in out.splitlines() if line.startswith("r2 ")).endswith("[dismissed]")


@pytest.mark.parametrize(
    "odd",
    [{"verdict": 7}, {"time": ["x"]}, {"findings": [7]}, {"findings": {"code": 1}}, {"model": None}, {"path": {}}],
)
def test_a_record_of_odd_shape_is_listed_shown_and_reported(home: Path, run: Run, odd: dict[str, Any]) -> None:
    with Log() as log:
        log.take([{**record(1, verdict="suspect"), **odd}])
    assert run("list")[0] == 0
    assert run("list", "--path", "a.py")[0] == 0
    assert run("list", "--format", "json")[0] == 0
    assert run("show", "r1")[0] == 0
    assert run("stats")[0] == 0
    assert run("export")[0] == 0
    from aicheck_app.report.evidence import rendered
    from aicheck_app.report.evidence.collect import Filters

    for form in ("json", "markdown", "html", "sarif", "csv"):
        assert rendered(form, Filters())


def test_show_prints_a_record_with_what_was_said_of_it(logged: Path, run: Run) -> None:
    code, out, _ = run("show", "r2", "--format", "json")
    shown = json.loads(out)
    assert (code, shown["id"], shown["findings"][0]["code"]) == (0, "r2", "TRU001")
    assert [(each["mark"], each["reason"]) for each in shown["marks"]] == [("dismissed", "wrong")]
    assert "marks" not in json.loads(run("show", "r1", "--format", "json")[1])
    said = run("show", "r2")[1]
    for part in (
        "output r2: suspect",
        "model  m1",
        "TRU001 at line 1, column 1 (error, high confidence)",
        "  cut\n",
        ": wrong\n",
    ):
        assert part in said
    assert "event  api error" in run("show", "e1")[1]


def test_a_head_as_it_is_shown_in_short_will_do(logged: Path, run: Run) -> None:
    head = run("verify")[1].split()[-1]
    for given in (head, head[:8], f"{head[:16]}...", f"{head[:12].upper()}…"):
        code, out, _ = run("verify", "--head", given)
        assert (code, "chain intact" in out) == (0, True), given


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(("show", "zz"), "no record has an id that starts with 'zz'"), (("show", "r"), "5 records have an id that starts with 'r'"),
     (("confirm", "zz"), "no record has"), (("dismiss", "e1"), "e1 is no output but a record of kind 'event'"),
     (("list", "--since", "soon"), "is no time"), (("list", "--model", "m' OR 1=1 --"), "no outputs of the model"), (("verify", "--head", "12"), "give at least 8 digits"),
     (("verify", "--head", "ghijklmnop"), "is no hash"), (("export", "-o", "/nowhere/x"), "can't be written"),
     (("prune", "--before", "soon", "--yes"), "is no time"), (("stats", "--since", "never"), "is no time")],
)  # fmt: skip
def test_what_is_wrong_is_one_line_and_exit_code_2(
    logged: Path, run: Run, arguments: tuple[str, ...], says: str
) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert says in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments", [("list",), ("show", "x"), ("verify",), ("export",), ("stats",), ("confirm", "x")]
)
def test_a_log_that_is_none_is_told_by_each_command(home: Path, run: Run, arguments: tuple[str, ...]) -> None:
    home.mkdir(mode=0o700)
    (home / "log.sqlite3").write_bytes(b"no database at all, " * 1_000)
    code, _, err = run(*arguments)
    assert code == 2
    assert "the log is damaged" in err or "no record has" in err  # what can't be read is looked up in the spool


def test_a_judgement_lands_on_the_output_that_was_named(logged: Path, run: Run) -> None:
    assert run("confirm", "r3", "--reason", "it was so")[:2] == (0, f"r3 confirmed{UNFOUND}\n")
    assert run("confirm", "r2")[:2] == (0, "r2 confirmed\n")
    assert run("dismiss", "r2")[:2] == (0, "r2 dismissed\n")
    code, out, _ = run("dismiss", "r4")
    assert (code, out.startswith("r4 dismissed; no rule found anything")) == (0, True)
    outputs = json.loads(run("list", "--format", "json")[1])["outputs"]
    assert [each.get("mark") for each in outputs] == [None, "dismissed", "confirmed", "dismissed", None]


def test_stats_count_what_is_there(logged: Path, run: Run) -> None:
    data = json.loads(run("stats", "--format", "json")[1])
    assert (data["records"], data["by_verdict"]) == (7, {"clean": 3, "suspect": 1, "unchecked": 1})
    assert data["by_model"] == {"m2": 3, "m1": 2}
    assert data["by_agent"] == {"a": 2, "b": 2, "unknown": 1}
    assert data["bytes"] == (logged / "log.sqlite3").stat().st_size
    assert data["first"] <= data["last"]
    code, out, _ = run("stats", "--since", "2999-01-01")
    assert (code, "no outputs" in out) == (0, True)
    empty = json.loads(run("stats", "--since", "2999-01-01", "--format", "json")[1])
    assert (empty["first"], empty["last"], empty["by_verdict"]) == (None, None, {})


def test_verify_names_what_was_changed(logged: Path, run: Run) -> None:
    code, out, _ = run("verify")
    assert (code, out.startswith("7 records, chain intact, head ")) == (0, True)
    head = out.split()[-1]
    assert run("verify", "--head", head[:8])[0] == 0
    with Log() as log:
        log.db.execute("UPDATE records SET body = replace(body, 'too large', 'too small') WHERE seq = 3")
    code, out, _ = run("verify", "--head", head[:8])
    assert (code, out.splitlines()[0]) == (1, "record 3 r3: the record or its hash was changed")
    assert run("verify", "--head", "0" * 64)[1].splitlines()[1] == f"the head {'0' * 64} is not in this log"


def test_full_texts_are_bounded_and_what_was_left_out_is_told(home: Path, run: Run) -> None:
    """Megabytes of one output: the record says how much of it is not there."""
    limit = records.LENGTH["text"]
    secret = "ghp_" + "aB3dE5gH7jK9mN1pQ3sT5vX7zA9cD1fG3hJ5"
    line = f'TOKEN = "{secret}"\n'
    with Log() as log:
        big, small = output("a", line + "x = 1\n" * 500_000), output("b", line)
        observe([big, small], log, Config(excerpt="full"))
        large, whole = log.bodies()
    assert len(large["text"]) == limit
    assert large["more_text"] == len(big.written) - limit
    assert large["bytes"] == len(big.written)
    assert "more_text" not in whole
    assert whole["text"].startswith('TOKEN = "[REDACTED')
    for each in (large, whole):
        assert secret not in each["text"]
    assert json.loads(run("show", large["id"], "--format", "json")[1])["more_text"] == large["more_text"]


def test_a_secret_at_the_bound_is_not_cut_into_something_harmless(home: Path) -> None:
    limit = records.LENGTH["text"]
    secret = "ghp_" + "aB3dE5gH7jK9mN1pQ3sT5vX7zA9cD1fG3hJ5"
    with Log() as log:
        for before in range(limit - 40, limit + 1, 8):
            observe([output(f"k{before}", "#" * (before - 10) + f'\nT = "{secret}"\n')], log, Config(excerpt="full"))
        texts = [body["text"] for body in log.bodies()]
    assert len(texts) == 6
    assert [text[-60:] for text in texts if "ghp_" in text] == []


def test_what_a_colleague_exported_is_taken_in_once_under_names_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def output(session: str) -> records.Output:
        return records.Output(
            id="o1", time="2026-05-01T10:00:00.000Z", agent="a", model="m", session=session, project="p1", verdict="suspect",
            language="python", attribution="hook", findings=[records.Finding(code="TRU001", severity="error", confidence="high", message="x")],
        )  # fmt: skip

    with Log() as log:
        log.append([output("s1"), records.Mark(id="k", target="o1", mark="kept", time="2026-05-01T11:00:00.000Z")])
    exported = tmp_path / "theirs.jsonl"
    CliRunner().invoke(aicheck, ["log", "export", "-o", str(exported)])
    monkeypatch.setenv("AICHECK_HOME", str(tmp_path / "team"))
    with Log() as log:
        log.append([output("s1")])
    first = CliRunner().invoke(aicheck, ["log", "import", str(exported)])
    assert "2 of 2 records taken in" in first.stdout
    assert "0 of 2 records taken in" in CliRunner().invoke(aicheck, ["log", "import", str(exported)]).stdout
    with Log(read_only=True) as log:
        own, theirs = log.bodies("kind = 'output'")
        assert log.verify()[1] == []
    assert (own["session"], theirs["session"][8:]) == ("s1", "-s1")
    assert theirs["project"].endswith("-p1")
    (tmp_path / "none.jsonl").write_text("[1]\n")
    with pytest.raises(AicheckError, match="is no object"):
        raise CliRunner().invoke(aicheck, ["log", "import", str(tmp_path / "none.jsonl")]).exception  # type: ignore[misc]


def test_a_colleague_s_judgements_come_with_what_they_are_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finding = records.Finding(code="TRU001", severity="error", confidence="high", message="x", line=3, column=1)
    more = finding.__class__(code="ELI001", severity="error", confidence="high", message="y", line=9, column=1)
    known: dict[str, Any] = {"time": "2026-05-01T10:00:00.000Z", "agent": "a", "model": "m", "session": "s", "verdict": "suspect", "language": "python", "attribution": "hook"}  # fmt: skip
    with Log() as log:
        log.append([records.Output(id=name, findings=[finding, more], **known) for name in ("o1", "o2", "o3")])
        mark(log, "o1", "dismissed")
        mark(log, "o2", "dismissed", "", finding)
        mark(log, "o3", "confirmed")
    exported = tmp_path / "theirs.jsonl"
    CliRunner().invoke(aicheck, ["log", "export", "-o", str(exported)])
    monkeypatch.setenv("AICHECK_HOME", str(tmp_path / "team"))
    assert "6 of 6 records taken in" in CliRunner().invoke(aicheck, ["log", "import", str(exported)]).stdout
    data = json.loads(CliRunner().invoke(aicheck, ["report", "--format", "json"]).stdout)
    assert (
        data["total"]["suspect"],
        data["total"]["clean"],
        data["marks"]["confirmed"],
        data["marks"]["dismissed"],
    ) == (2, 1, 1, 1)
    assert {row["code"]: row["outputs"] for row in data["findings"]} == {"ELI001": 2, "TRU001": 1}


def test_the_head_is_noted_in_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def git(*arguments: str) -> str:
        done = subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x@y", *arguments], cwd=tmp_path, check=True, capture_output=True, text=True)  # fmt: skip
        return done.stdout

    git("init", "-q")
    git("config", "user.name", "x")
    git("config", "user.email", "x@y")
    git("commit", "-q", "--allow-empty", "-m", "x")
    monkeypatch.chdir(tmp_path)
    with Log() as log:
        log.append([records.Event(id="e", event="refusal", time="2026-05-01T10:00:00.000Z")])
        head = log.head()
    assert CliRunner().invoke(aicheck, ["log", "note"]).exit_code == 0
    assert head in git("notes", "--ref=aicheck", "show")


@pytest.mark.parametrize("odd", [{"id": None}, {"id": ""}, {"id": 5}, {}])
def test_a_record_without_an_id_is_not_taken_in_and_it_is_said_what_was(tmp_path: Path, odd: dict[str, object]) -> None:
    good = {"record": {"kind": "output", "id": "o1", "verdict": "clean", "lines": -(10**18), "language": ["no text"]}}
    rows = [{"kind": "aicheck log", "version": 2, "head": "h"}, good, {"record": {"kind": "output", **odd}}]
    (tmp_path / "x.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = CliRunner().invoke(aicheck, ["log", "import", str(tmp_path / "x.jsonl")])
    assert isinstance(done.exception, AicheckError)
    assert "line 3 has no id; 0 records before that were taken in" in str(done.exception)
    rows[2] = {"record": {"kind": "output", "id": "o2"}}
    (tmp_path / "x.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert CliRunner().invoke(aicheck, ["log", "import", str(tmp_path / "x.jsonl")]).exit_code == 0
    with Log() as log:
        first = next(log.bodies())
    assert first["id"].endswith("-o1")
    assert "lines" not in first
    assert "language" not in first


def test_an_export_of_one_endless_line_is_no_export(tmp_path: Path) -> None:
    with (tmp_path / "x.jsonl").open("wb") as file:
        file.truncate(200_000_000)
    done = CliRunner().invoke(aicheck, ["log", "import", str(tmp_path / "x.jsonl")])
    assert isinstance(done.exception, AicheckError)
