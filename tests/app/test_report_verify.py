"""``aicheck verify``: whatever is changed in a report is told, or named among what is taken on its word."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aicheck_app.log.store import Log
from aicheck_app.report.evidence.json import digest
from aicheck_app.report.evidence.verify import ON_TRUST, verify
from tests.app.test_evidence import changed, run
from tests.app.test_monitor import BAD, day, now, output

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ("changed", "now")
FORMAL = ("version", "sha256")


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each figure and text, the first three of each list."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from leaves(each, (*path, key))
    elif isinstance(value, list):
        for at, each in enumerate(value[:3]):
            yield from leaves(each, (*path, at))
    else:
        yield path


def altered(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 7
    return f"{value or ''}x"


def said_of(data: dict[str, Any], path: Path) -> tuple[list[str], list[str]]:
    """The faults of a report whose own hash was worked out again, and what is taken on its word."""
    path.write_text(json.dumps({**data, "sha256": digest(data)}))
    found = verify(str(path))
    return found.faults, found.taken


def test_each_figure_that_is_changed_is_told_or_named_as_taken_on_its_word(changed: None, tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    run("report", "-o", str(path))
    data = json.loads(path.read_text("utf-8"))
    data["kpis"] = data["kpis"][:2]
    assert said_of(data, path)[0] == []
    untold = []
    for way in leaves({key: value for key, value in data.items() if key not in FORMAL}):
        copy = json.loads(json.dumps(data))
        place = copy
        for step in way[:-1]:
            place = place[step]
        place[way[-1]] = altered(place[way[-1]])
        faults, taken = said_of(copy, path)
        if not faults and ON_TRUST[way[0]] not in taken and not (way[0] == "suspects" and "suspect" in str(taken)):
            untold.append(way)
    assert untold == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda d: d["claim"], "the claim does not say"),
        (lambda d: d["period"].update(last="2027-01-01T00:00:00.000Z"), "the period is not that of the clients' times"),
        (lambda d: d.update(sessions=90_000), "more sessions than outputs"),
        (lambda d: d["spans"][0].update(outputs=90), "holds more outputs than it has"),
        (lambda d: d["controls"].update(clean=9), "3 sessions have suspect outputs, not the 0"),
        (lambda d: d["by_day"][0].update(clean=5, suspect=4), "by_day: the suspect outputs are not those of the list"),
        (lambda d: d["unchecked"].append({"reason": "x", "outputs": 5}), "the reasons why outputs are unchecked add up to 5"),
        (lambda d: d["integrity"].update(faults=["x"]), "the log was not whole"),
        (lambda d: d["integrity"].update(checked=10**9), "more records are said to be checked than there are"),
        (lambda d: d["change"].update(sessions=[1, 2]), "the sessions before the change are not those of its sums"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_as_it_is(changed: None, tmp_path: Path, change: Any, says: str) -> None:
    path = tmp_path / "r.json"
    run("report", "-o", str(path))
    data = json.loads(path.read_text("utf-8"))
    if says == "the claim does not say":
        data["claim"] = data["claim"].replace(" %", "9 %", 1)
    change(data)
    assert says in " ".join(said_of(data, path)[0])


def test_the_share_in_the_claim_is_that_of_the_total(tmp_path: Path, now: None) -> None:
    with Log() as log:
        log.append([output(f"o{at}", day(100), **({"verdict": "suspect", "findings": [BAD]} if at == 0 else {})) for at in range(8)])  # fmt: skip
    path = tmp_path / "r.json"
    run("report", "-o", str(path))
    data = json.loads(path.read_text("utf-8"))
    assert "1 of 8 checked outputs was suspect" in data["claim"]
    data["claim"] = data["claim"].replace("1 of 8", "7 of 8")
    assert "the claim does not say '1 of 8 checked outputs" in said_of(data, path)[0][0]


def test_a_changed_hash_reads_as_what_is_wrong(changed: None, tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    run("report", "-o", str(path))
    data = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**data, "made": "2020-01-01T00:00:00.000Z"}))
    assert "not as it says: its members are not those whose SHA-256 it states" in run("verify", str(path)).stdout


def test_a_clock_that_runs_ahead_makes_no_report_wrong(now: None, tmp_path: Path) -> None:
    with Log() as log:
        log.append([output("o", "2031-01-01", verdict="suspect", findings=[BAD]), output("p", "2031-01-01")])
    path = tmp_path / "r.json"
    run("report", "-o", str(path))
    assert verify(str(path)).faults == []
    assert json.loads(path.read_text("utf-8"))["total"]["outputs"] == 2


def test_line_ends_of_windows_change_nothing_and_text_below_the_last_line_is_told(
    changed: None, tmp_path: Path
) -> None:
    path = tmp_path / "r.md"
    run("report", "-o", str(path))
    text = path.read_bytes()
    path.write_bytes(text.replace(b"\n", b"\r\n"))
    assert "the text is whole" in run("verify", str(path)).stdout
    for wrong, says in (
        (text + b"\nand more\n", "there is more text below the last line"),
        (b"An introduction\n" + text, "the text is not the one whose SHA-256 stands in its last line"),
        (text[: text.rindex(b"SHA-256")], "the last line, which states the SHA-256 of the text, is missing"),
    ):
        path.write_bytes(wrong)
        done = run("verify", str(path))
        assert says in done.stdout
        assert done.stderr == ""


def test_of_a_filled_form_it_is_said_that_it_has_no_check_of_its_own(changed: None, tmp_path: Path) -> None:
    path = tmp_path / "f.md"
    run("report", "--template", "claude-code", "-o", str(path))
    assert "a form filled in for a vendor has no check of its own" in run("verify", str(path)).stderr
