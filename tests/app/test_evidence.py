"""Reports that anyone can check, forms that fit the vendor's, and nothing in them that should have stayed."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from aicheck_app.cli.group import aicheck
from aicheck_app.clock import days_between
from aicheck_app.errors import AicheckError
from aicheck_app.log import records
from aicheck_app.log.handed_out import keyed
from aicheck_app.log.marks import mark
from aicheck_app.log.merkle import Proof, leaf, prove, proven, root
from aicheck_app.log.store import Log
from aicheck_app.monitor.kpis import NAMES
from aicheck_app.monitor.watcher import current
from aicheck_app.report.templates.answers import VENDORS
from aicheck_app.report.templates.form import form
from tests.app.test_monitor import BAD, day, history, message, now, output

__all__ = ("now",)
FORMS = ("claude-code-model", "claude-code-bug", "codex", "gemini", "copilot", "cursor")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(aicheck, arguments)


@pytest.fixture
def changed(now: None) -> None:
    """A log with a change of the model, suspect outputs, and outputs that were guessed."""
    with Log() as log:
        for first, more in (
            (range(60), {}),
            (range(60, 119), {"thinks": 0.3, "model": "claude-opus-new", "version": "2.1.0"}),
        ):
            found = history(first, **more)  # type: ignore[arg-type]
            for record in found:
                record.agent = "claude-code"  # type: ignore[attr-defined]
                record.provider = "anthropic"  # type: ignore[attr-defined]
            log.append(found)
        bad = {
            "verdict": "suspect",
            "findings": [BAD],
            "agent": "claude-code",
            "agent_version": "2.1.0",
            "request": "req_011CabcdefghijkLMNOPQRST",
        }
        log.append([output(f"o{at}", day(100), session=f"s{at}", tool_use=f"toolu_{at}", path="shop/cart.py", **(bad if at < 3 else {"agent": "claude-code"})) for at in range(9)])  # fmt: skip
        log.append([output("g", day(100), attribution="heuristic", verdict="suspect", findings=[BAD])])


@given(st.integers(1, 70), st.data())
def test_a_leaf_is_proven_in_its_place_and_nowhere_else(size: int, data: st.DataObject) -> None:
    leaves = [leaf("s", str(at)) for at in range(size)]
    place = data.draw(st.integers(0, size - 1))
    proof = prove(leaves, place)
    assert proven(leaves[place], proof) == root(leaves)
    assert proven(leaf("s", "other"), proof) != root(leaves)
    if size > 1:
        assert proven(leaves[place], proof._replace(place=(place + 1) % size)) != root(leaves)
        assert proven(leaves[place], proof._replace(beside=proof.beside[:-1])) != root(leaves)


def test_a_tree_is_that_of_rfc_6962() -> None:
    """The root of one leaf is the leaf; of none the hash of nothing, as in certificate-transparency's test vectors."""
    assert root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert leaf("", "").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert proven(b"x", Proof(5, 2, [])) is None
    assert proven(b"x", Proof(0, 2, ["no hex"])) is None


def test_a_report_is_worked_out_again_and_a_changed_figure_is_told(changed: None, tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    assert run("report", "-o", str(path)).exit_code == 0
    good = run("verify", str(path))
    assert "all as it says" in good.stdout
    data = json.loads(path.read_text("utf-8"))
    assert len(data["proofs"]["exhibits"]) == 3

    def broken(change: Any) -> str:
        copy = json.loads(json.dumps(data))
        change(copy)
        path.write_text(json.dumps(copy))
        done = run("verify", str(path))
        return done.stdout

    assert "by_model: suspect add up to 3, not to the total's 1" in broken(lambda d: d["total"].update(suspect=1))
    assert "the rate of all" in broken(lambda d: d["total"].update(rate=0.5))
    assert "thinking" in broken(lambda d: d["kpis"][NAMES.index("thinking")]["now"].update(rate=0.5))
    assert "the rate after the change" in broken(lambda d: d["change"].update(after=[0, 0, 1]))
    assert "is not one of its day" in broken(
        lambda d: next(iter(d["proofs"]["exhibits"].values()))["leaf_of"].update(model="x")
    )
    assert "is not what was proven" in broken(lambda d: d["suspects"][0].update(model="x"))
    assert "a member is missing" in broken(lambda d: d.pop("kpis"))


def test_a_report_in_markdown_is_the_one_whose_hash_it_holds(changed: None, tmp_path: Path) -> None:
    path = tmp_path / "r.md"
    run("report", "-o", str(path))
    assert "the text is whole. Taken on its word: every figure" in run("verify", str(path)).stdout
    path.write_text(path.read_text("utf-8").replace("suspect", "clean", 1), "utf-8")
    assert "not as it says" in run("verify", str(path)).stdout
    path.write_text("hello")
    assert "no report of aicheck" in run("verify", str(path)).stderr


def test_the_claim_names_the_change_and_guessed_outputs_stand_apart(changed: None) -> None:
    text = run("report").stdout
    assert "**Messages that think changed between" in text
    assert "`claude-opus-new`" in text or "claude-opus-new" in text
    assert "Last good version" not in text  # the model changed on the same day
    assert "1 outputs recognised by shape, model unknown" in text
    assert len(text) < 60_000
    data = json.loads(run("report", "--format", "json").stdout)
    assert (data["guessed"]["outputs"], data["total"]["outputs"]) == (1, 9)
    assert data["controls"] == {"sessions": 9, "clean": 6}


def test_a_version_is_named_good_or_bad_only_where_no_model_changed_with_it(now: None) -> None:
    with Log() as log:
        log.append(history(range(60)))
        log.append(history(range(60, 119), thinks=0.3, version="2.0"))
    text = run("report").stdout
    assert "Last good version: `1.0`" in text.replace("Last good version: 1.0", "Last good version: `1.0`")
    assert "client version 2.0" in text.replace("`", "")


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_form_is_filled_in_with_its_own_fields_and_options(changed: None, vendor: str) -> None:
    done = run("report", "--template", vendor, "--agent", "claude-code")
    assert done.exit_code == 0, done.output
    assert len(done.stdout) < 60_000
    body = done.stdout.split("\n---\n", 1)[1]
    blocks = dict(block.split("\n\n", 1) for block in body.split("\n### ")[1:])
    found = [one for one in map(form, FORMS) if [field.label for field in one.fields] == list(blocks)]
    assert len(found) == 1
    for field in found[0].fields:
        answer = blocks[field.label].strip()
        if field.type == "dropdown" and not answer.startswith("(yours") and answer != "_No response_":
            assert answer in field.options
        if field.type == "checkboxes":
            assert answer == "(yours to tick in the form)"
    link = next((line.strip("<>") for line in done.stdout.splitlines() if line.startswith("<https://")), "")
    if found[0].repository:
        query = parse_qs(urlsplit(link).query)
        assert query["template"] == [found[0].template]
        assert set(query) - {"template", "title"} <= {field.id for field in found[0].fields}
        assert len(link.encode()) < 8_000


def test_one_output_and_one_session_have_reports_of_their_own(changed: None) -> None:
    with Log(read_only=True) as log:
        (identifier,) = (body["id"] for body in log.bodies("kind = 'output' AND session = 's1'"))
        shown = keyed(log, identifier)
    assert "**One output of m, 2026-04-11 10:00 UTC" in run("report", "--finding", shown).stdout
    data = json.loads(run("report", "--session", "s1", "--format", "json").stdout)
    assert (data["total"]["outputs"], data["total"]["suspect"], data["change"]) == (1, 1, None)
    with pytest.raises(AicheckError, match="no outputs of the session 'nope'"):
        raise run("report", "--session", "nope").exception  # type: ignore[misc]


def test_every_measure_has_a_mode_of_the_client() -> None:
    from importlib.resources import files

    lines = files("aicheck_app.report.templates").joinpath("modes.tsv").read_text("utf-8").splitlines()[1:]
    assert {line.split("\t")[0] for line in lines} <= set(NAMES)


def test_names_that_strangers_gave_stay_text_in_a_form(now: None) -> None:
    version = "2.0.9 <img src=x onerror=alert(1)> [c](javascript:1) @octocat #1"
    with Log() as log:
        log.append([message("m", day(100), "s", agent="claude-code", agent_version=version, model="opus @octocat")])
        log.append(
            [output("o", day(100), agent="claude-code", agent_version=version, verdict="suspect", findings=[BAD])]
        )
    body = run("report", "--template", "claude-code").stdout.split("\n---\n", 1)[1]
    bare = re.sub(r"`[^`\n]*`", "", body)
    assert "@octocat" in body
    assert not re.search(r"<img|@octocat|\]\(javascript|#1", bare)


def test_a_finding_of_a_severity_that_is_not_known_is_a_note_in_sarif() -> None:
    odd = records.Finding(code="TRU001", severity="catastrophe", confidence="high", message="x", line=1, column=1)
    with Log() as log:
        log.append([output("o", day(1), verdict="suspect", findings=[odd])])
    (result,) = json.loads(run("report", "--format", "sarif").stdout)["runs"][0]["results"]
    assert result["level"] == "note"


def test_a_log_in_which_nothing_varies_claims_no_change(now: None) -> None:
    """Among equals only chance would decide, and would alarm as often as the budget allows."""
    with Log() as log:
        log.append([output(f"o{at}-{n}", day(at), session=f"s{at}-{n}") for at in range(110) for n in range(12)])
        watcher = current(log, 300.0)
    assert [detector.alarms for detector in watcher.detectors.values() if detector.alarms] == []
    assert json.loads(run("report", "--format", "json").stdout)["change"] is None


def test_judgements_are_counted_as_the_report_counts_them(now: None) -> None:
    with Log() as log:
        log.append([output("o", day(100), verdict="suspect", findings=[BAD])])
        for said, finding in (("dismissed", BAD), ("confirmed", None)):
            mark(log, "o", said, finding=finding)  # type: ignore[arg-type]
    report = json.loads(run("report", "--format", "json").stdout)
    usage = json.loads(run("log", "stats", "--daily", "--format", "json").stdout)["rows"][0]
    assert report["total"]["suspect"] == usage["suspect"] == 1


def test_a_pruned_log_and_its_trend_tell_the_same_outputs(now: None, tmp_path: Path) -> None:
    bad = {"verdict": "suspect", "findings": [BAD]}
    with Log() as log:
        log.append([output(f"o{at}", day(60 + at), **(bad if at % 3 == 0 else {})) for at in range(40)])
        log.prune(f"{day(80)}T00:00:00.000Z", f"{day(101)}T00:00:00.000Z")
    data = json.loads(run("report", "-o", str(tmp_path / "r.json")).stdout or (tmp_path / "r.json").read_text("utf-8"))
    assert (data["total"]["outputs"], data["total"]["suspect"], len(data["suspects"])) == (40, 14, 7)
    assert sum(row["suspect"] for row in data["by_day"]) == 14
    assert run("verify", str(tmp_path / "r.json")).exit_code == 0


def test_a_hostile_report_is_told_and_neither_hangs_nor_crashes(changed: None, tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    run("report", "-o", str(path))
    data = json.loads(path.read_text("utf-8"))
    huge = {
        "dimension": "model",
        "value": "x",
        "inside": [10**9, 2 * 10**9],
        "outside": [10**9, 2 * 10**9],
        "p": 1,
        "compared": 1,
    }
    sums = {"above": 10**400, "below": 3, "number": 2, "spread": 1.0}
    for broken in (
        {**data, "standout": huge},
        {**data, "change": {**data["change"], "after_sums": sums}},
        {**data, "kpis": []},
    ):
        path.write_text(json.dumps(broken))
        assert "not as it says" in run("verify", str(path)).stdout
    path.write_text('{"version": 3, "claim": "a", "claim": "b"}')
    good = tmp_path / "good.json"
    good.write_text(json.dumps(data))
    done = run("verify", str(path), str(good))
    assert ("no report of aicheck" in done.stderr, "all as it says" in done.stdout) == (True, True)


def test_options_that_say_two_things_are_wrong_use(changed: None) -> None:
    assert run("report", "--template", "codex", "--format", "json").exit_code != 0
    assert run("report", "--template", "codex", "-o", "x.html").exit_code != 0


def test_a_change_is_counted_up_to_the_end_of_what_was_chosen_and_says_in_how_many_days(changed: None) -> None:
    whole = json.loads(run("report", "--format", "json").stdout)["change"]
    end = whole["day"]
    until = (date.fromisoformat(end) + timedelta(days=1)).isoformat()
    data = json.loads(run("report", "--until", until, "--format", "json").stdout)
    found, known = data["change"], days_between(whole["onset"], end) + 1
    assert found["onset"] == whole["onset"]
    assert (found["days"][1], whole["days"][1]) == (known, 28)
    assert found["sessions"][1] < whole["sessions"][1]
    assert f"in the {known} days from then on" in data["claim"]
    assert (
        f"in the {days_between(day(0), found['onset'])} days before" in data["claim"]
    )  # all the history that there is
    assert all(one["day"] <= end for one in found["switches"])


def test_a_rate_by_one_rule_alone_says_so(now: None) -> None:
    with Log() as log:
        log.append([output("o", day(100), verdict="suspect", findings=[BAD]), output("p", day(100))])
    for shape in ("markdown", "html"):
        assert "0 of 2 checked outputs were suspect by ELI alone" in run("report", "--finding", "ELI", "--format", shape).stdout  # fmt: skip
    assert "alone" not in json.loads(run("report", "--format", "json").stdout)["claim"]
