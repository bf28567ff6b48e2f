"""Reports in which nothing was found, or more than a table holds: what they say, and that they say it once."""

from __future__ import annotations

import csv
import io
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner

from aicheck_app.cli.group import aicheck
from aicheck_app.log.store import Log
from aicheck_app.report.evidence import html
from aicheck_app.report.sinks.markdown import text
from aicheck_app.report.templates.answers import VENDORS
from aicheck_app.report.templates.facts import AGENTS
from tests.app.test_evidence import changed
from tests.app.test_monitor import BAD, day, now, output

__all__ = ("changed", "now")


def report(*arguments: str) -> str:
    done = CliRunner().invoke(aicheck, ["report", *arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize("vendor", VENDORS)
def test_where_nothing_was_found_no_form_is_filled_in(now: None, vendor: str) -> None:
    with Log() as log:
        log.append([output(f"o{at}", day(100), agent=AGENTS[vendor]) for at in range(9)])
    said = report("--template", vendor)
    assert said.startswith("There is nothing to report, so no form was filled in")
    assert said.count("0 of 9 checked outputs") == 1
    assert "###" not in said
    assert "https://" not in said


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_form_without_a_change_has_a_short_title_and_promises_no_rate_of_before(now: None, vendor: str) -> None:
    with Log() as log:
        agent = AGENTS[vendor]
        log.append([output("b", day(100), agent=agent, verdict="suspect", findings=[BAD]), output("o", day(100), agent=agent)])  # fmt: skip
    said = report("--template", vendor)
    assert "at the rate of the time before" not in said
    assert "Outputs that are whole and that parse." in said
    assert said.count("1 of 2 checked outputs was suspect") == 1
    for link in re.findall(r"<(https://\S+)>", said):
        (title,) = parse_qs(urlsplit(link).query)["title"]
        assert title.endswith("1 of 2 checked outputs suspect")


def test_a_form_of_a_change_expects_the_rate_of_before(changed: None) -> None:
    assert "at the rate of the time before." in report("--template", "claude-code")


@pytest.fixture
def many(now: None) -> None:
    """Outputs of 26 versions with a model each; of the last two nothing was checked."""
    with Log() as log:
        log.append([
            output(f"o{at}-{n}", day(100), agent_version=f"1.{at:02}", model=f"m{at:02}", session=f"s{at}", verdict="clean" if at < 24 else "unchecked")
            for at in range(26) for n in range(30 - at)
        ])  # fmt: skip


def test_rows_that_a_table_leaves_out_are_added_up(many: None, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [line for line in report().splitlines() if line.startswith("| 6 more |")]
    assert len(rows) == 3  # models, versions, and both together
    assert rows[2].startswith("| 6 more |  | 34 | 0 |")
    monkeypatch.setattr(html, "MAX_GROUPS", 20)
    page = report("--format", "html")
    assert page.count("<td>6 more</td>") == 3


def test_the_table_has_no_rate_where_nothing_was_checked(many: None) -> None:
    rows = {row["value"]: row for row in csv.DictReader(io.StringIO(report("--format", "csv")))}
    assert [rows["m25"][name] for name in ("rate", "low", "high")] == ["", "", ""]
    assert float(rows["m00"]["high"]) > 0


def test_a_chart_says_which_weeks_it_covers(changed: None) -> None:
    page = report("--format", "html")
    assert re.search(r"<h2>Messages that think by week, the 12 weeks to 2026-04-29, with 95 % intervals</h2>", page)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("""'import "github.com/x/y"', and""", "'import \"`github.com/x/y`\"', and"),
        ("(see a_b.c), then", "(see `a_b.c`), then"),
        ("it is a.b: yes", "it is `a.b`: yes"),
        ("***", "`***`"),
        ("'''", "`'''`"),
        ("'@octocat'.", "`'@octocat`'."),
        ("1. x_y", "`1. x_y`"),
        ("", ""),
    ],
)
def test_quotes_and_commas_of_a_sentence_stay_outside_of_code(said: str, shown: str) -> None:
    assert text(said) == shown


def test_a_dimension_of_which_nothing_was_counted_is_no_empty_table(now: None) -> None:
    with Log() as log:
        log.append([output("o", day(1))])
    done = CliRunner().invoke(aicheck, ["trend", "--by", "model", "--until", "2020-01-01"])
    assert done.stdout.startswith("nothing was counted from ")
