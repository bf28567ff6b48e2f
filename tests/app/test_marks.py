"""What is said of one finding of an output, and what that makes of the output."""

from __future__ import annotations

import pytest

from aicheck_app.log import records
from aicheck_app.log.marks import judgements, mark
from aicheck_app.log.store import Log
from aicheck_app.report.evidence.collect import Filters, collect

FINDINGS = [
    records.Finding(code=code, message=code, line=line, column=1, severity="error", confidence="high")
    for code, line in (("IMP001", 2), ("TRU001", 9))
]


@pytest.fixture
def log(home: object) -> Log:
    log = Log()
    output = records.Output(
        id="o1", time="2026-11-01T00:00:00.000Z", agent="a", language="python", verdict="suspect", attribution="hook",
        findings=FINDINGS,
    )  # fmt: skip
    log.append([output])
    return log


def counted(log: Log) -> tuple[int, list[str]]:
    """How many suspect outputs a report counts, and the findings that it shows of them."""
    found = collect(log, Filters(), "2026-11-02T00:00:00.000Z")
    return found.total.suspect, [finding["code"] for output in found.suspects for finding in output["findings"]]


def test_an_output_stays_suspect_until_all_that_makes_it_so_is_dismissed(log: Log) -> None:
    assert counted(log) == (1, ["IMP001", "TRU001"])
    mark(log, "o1", "dismissed", "on purpose", FINDINGS[0])
    assert (judgements(log), counted(log)) == ({}, (1, ["TRU001"]))
    mark(log, "o1", "dismissed", "this too", FINDINGS[1])
    assert (judgements(log), counted(log)) == ({"o1": "dismissed"}, (0, []))
    mark(log, "o1", "confirmed")
    assert judgements(log) == {"o1": "confirmed"}  # the newest word counts


def test_the_same_word_on_two_findings_is_two_records(log: Log) -> None:
    for finding in FINDINGS:
        mark(log, "o1", "dismissed", "", finding)
    kept = [(one["code"], one["line"], one["column"]) for one in log.bodies("kind = 'mark'", ())]
    assert kept == [("IMP001", 2, 1), ("TRU001", 9, 1)]
    assert log.verify()[1] == []
