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


def test_a_log_of_before_counts_the_outputs_that_lower_checks(log: Log) -> None:
    """Outputs, and what was found of them later, of which an older aicheck counted nothing."""
    warned = records.Finding(code="TST002", message="a", line=1, column=1, severity="warning", confidence="medium")
    one = records.Output(
        id="o2", time="2026-11-01T00:00:00.000Z", agent="a", language="python", verdict="clean", findings=[warned]
    )
    two = records.Output(id="o3", time="2026-11-01T00:00:00.000Z", agent="a", language="go", verdict="clean")
    later = records.Later(
        id="l1", time="2026-11-01T00:01:00.000Z", target="o3", when="turn", verdict="clean", findings=[warned]
    )
    log.append([one, two, later])
    assert lowered(log) == [("go", 1), ("python", 1)]
    log.db.execute("UPDATE facts SET lowered = 0")
    for column in ("project", "file"):  # what newer versions of the log brought
        log.db.execute(f"DROP INDEX records_{column}")
        log.db.execute(f"ALTER TABLE records DROP COLUMN {column}")
    log.db.execute("PRAGMA user_version = 8")
    with Log() as again:
        assert lowered(again) == [("go", 1), ("python", 1)]
        assert again.verify()[1] == []


def lowered(log: Log) -> list[tuple[str, int]]:
    return list(
        log.rows("SELECT language, sum(lowered) FROM facts WHERE lowered > 0 GROUP BY language ORDER BY language")
    )
