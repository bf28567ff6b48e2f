"""What the pages show is what the log holds and what the commands say."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from aicheck_app import hashing
from aicheck_app.log import queries
from aicheck_app.log.store import Log
from aicheck_app.monitor.trend import trend
from aicheck_app.report.evidence import asked, previewed, rendered
from aicheck_app.report.trend import text
from tests.serve.browsing import Browser, browsing, output

if TYPE_CHECKING:
    from pathlib import Path


def ids(page: str) -> list[int]:
    """The outputs that a list shows, in its order."""
    return [int(found, 16) for found in re.findall(r'class="row" href="/[\w-]+/outputs/(\w+)"', page)]


def words(page: str) -> str:
    """A page's text, without its marks."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", page)))


def onward(browser: Browser, page: str, rel: str) -> str:
    (found,) = re.findall(rf'<a rel="{rel}"[^>]* href="/[\w-]+/([^"]*)"', page)
    return browser.get(unescape(found)).text


def test_the_list_is_walked_to_its_end_and_back(browser: Browser) -> None:
    first = browser.get().text
    second = onward(browser, first, "next")
    third = onward(browser, second, "next")
    assert [ids(page) for page in (first, second, third)] == [
        [*range(119, 69, -1)],
        [*range(69, 19, -1)],
        [*range(19, -1, -1)],
    ]
    assert 'rel="prev"' not in first
    assert 'rel="next"' not in third
    assert ids(onward(browser, third, "prev")) == ids(second)
    assert ids(onward(browser, second, "prev")) == ids(first)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"verdict": "suspect"}, [*range(110, -1, -10)]),
        ({"agent": "codex", "model": "m-0"}, [*range(114, -1, -6)]),
        ({"project": "000000000003", "path": "src/f1.py"}, [111, 91, 71, 51, 31, 11]),
        ({"since": "2026-03-01T01:55", "until": "2026-03-01T01:58"}, [117, 116, 115]),
        ({"judged": "dismissed"}, []),
        ({"verdict": "unchecked"}, []),
        ({"older": "0003"}, [2, 1, 0]),
        ({"older": "no such id"}, []),
    ],
)
def test_filters(browser: Browser, query: dict[str, str], expected: list[int]) -> None:
    assert ids(browser.get(**query).text) == expected


def test_a_project_is_chosen_by_its_folder(browser: Browser, tmp_path: Path) -> None:
    with Log() as log:
        log.append([output(500, project=log.keyed(str(tmp_path)))])
    assert ids(browser.get(project=f"{tmp_path}/").text) == [500]


def test_a_day_that_is_none_is_told(browser: Browser) -> None:
    found = browser.get(since="yesterday")
    assert found.status == 400
    assert "'yesterday' is no time" in words(found.text)


def test_outputs_without_a_time_come_last_and_once(browser: Browser) -> None:
    with Log() as log:
        log.append([output(number, time="") for number in range(200, 260)])
    pages = [browser.get(until="2026-03-01T00:01").text, browser.get(older="0003").text]
    assert ids(pages[0]) == [0]
    assert ids(pages[1]) == [2, 1, 0, *range(259, 212, -1)]
    assert ids(onward(browser, pages[1], "next")) == [*range(212, 199, -1)]
    assert ids(onward(browser, onward(browser, pages[1], "next"), "prev")) == ids(pages[1])


def test_an_output_is_judged_as_the_command_does(browser: Browser) -> None:
    page = browser.get("outputs/000a").text
    assert "TRU001 cut off" in words(page)
    assert "def f(\n    a,\n" in unescape(page)
    answer = browser.post("outputs/000a", said="dismissed", reason="made so, é <b>", secret=browser.secret)
    assert (answer.status, answer.headers["location"]) == (303, f"{browser.home}outputs/000a#judgement")
    with Log() as log:
        (mark,) = queries.marks(log)
    assert (mark.target, mark.mark, mark.reason) == ("000a", "dismissed", "made so, é <b>")
    shown = browser.get("outputs/000a").text
    assert "dismissed" in words(shown)
    assert "made so, é &lt;b&gt;" in shown
    assert ids(browser.get(judged="dismissed").text) == [10]


def test_what_a_judgement_of_a_clean_output_means_is_told(browser: Browser) -> None:
    browser.post("outputs/0001", said="confirmed", secret=browser.secret)
    assert "No rule found it: it stays out of the rates" in words(browser.get("outputs/0001").text)


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"said": "kept"}, 400), ({"said": ""}, 400), ({}, 400), ({"said": "confirmed", "secret": ""}, 403)],
)
def test_a_judgement_that_is_none_is_not_logged(browser: Browser, fields: dict[str, str], status: int) -> None:
    assert browser.post("outputs/000a", **{"secret": browser.secret, **fields}).status == status
    assert browser.post("outputs/ffff", said="confirmed", secret=browser.secret).status == 404
    with Log() as log:
        assert list(queries.marks(log)) == []


def test_versions_of_a_file_where_texts_are_kept(browser: Browser) -> None:
    texts = ["import os\n\nx = 1\n", "x = 1\ny = 2\n", "x = 3\n"]
    with Log() as log:
        log.append(
            [
                output(300 + at, file="f", text=text, time=f"2026-04-0{at + 1}T00:00:00.000Z")
                for at, text in enumerate(texts)
            ]
        )
    page = browser.get(f"outputs/{301:04x}").text
    shown = words(page)
    assert "What changed since the version before - import os - x = 1 + y = 2" in shown
    assert "Written into this file afterwards x = 3" in shown
    assert re.findall(r"outputs/(\w+)", page.partition("same file afterwards")[2]) == [f"{302:04x}", f"{300:04x}"]
    assert "The log keeps no text of it" in words(browser.get("outputs/0001").text)


def test_series_say_what_trend_says(browser: Browser) -> None:
    with Log() as log:
        found = trend(log, 1.0, until="2026-03-02")
    shown = words(browser.get("series", until="2026-03-02").text)
    table = text.table(found, every=False)
    for line in table[1 : table.index("")]:
        for cell in re.split(r"\s{2,}", line):
            assert cell.replace("  ", " ") in shown, cell
    for path in ("series", "series/suspect"):
        assert "The newest session is of 2026-03-01" in words(browser.get(path).text)
    by_agent = words(browser.get("series/suspect", until="2026-03-02", among="agent").text)
    assert "codex" in by_agent
    assert "10 % (" in by_agent
    assert browser.get("series/nonsense").status == 404


def test_a_report_is_taken_as_it_was_shown_and_as_the_command_makes_it(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aicheck_app.clock.now", lambda: "2026-03-03T10:00:00.000Z")
    page = browser.get("report", made="1", form="json", agent="codex", since="2026-03-01").text
    filters = asked.filters(agent="codex", since="2026-03-01")
    for line in previewed(filters):
        assert re.sub(r"\s+", " ", line).strip() in words(page)
    (digest,) = re.findall(r"/report/([0-9a-f]{64})", page)
    taken = browser.get(f"report/{digest}")
    assert hashing.of_text(taken.text) == digest
    assert taken.text == rendered("json", filters)
    assert taken.headers["content-disposition"] == 'attachment; filename="aicheck-report.json"'
    assert taken.headers["content-type"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"form": "exe"}, "there is no such format"),
        ({"agent": "nobody"}, "the log has no outputs of the agent 'nobody'"),
        ({"since": "2026-03-02", "until": "2026-03-01"}, "the first day has to be before"),
    ],
)
def test_a_report_that_cannot_be_made_is_told(browser: Browser, query: dict[str, str], told: str) -> None:
    found = browser.get("report", made="1", **query)
    assert found.status == 400
    assert told in words(found.text)


def test_only_the_newest_reports_are_kept(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aicheck_app.serve.report.KEPT", 1)
    pages = [browser.get("report", made="1", form=form).text for form in ("csv", "form:codex")]
    digests = [digest for page in pages for digest in re.findall(r"/report/([0-9a-f]{64})", page)]
    assert [browser.get(f"report/{digest}").status for digest in digests] == [404, 200]


def test_a_report_that_is_made_again_is_the_newest(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aicheck_app.serve.report.KEPT", 2)
    pages = [browser.get("report", made="1", form=form).text for form in ("csv", "form:codex", "csv", "json")]
    digests = [digest for page in pages for digest in re.findall(r"/report/([0-9a-f]{64})", page)]
    assert digests[0] == digests[2]
    assert [browser.get(f"report/{digest}").status for digest in digests[1:]] == [404, 200, 200]


def test_looking_changes_nothing(browser: Browser, home: Path) -> None:
    with Log() as log:
        before = log.head()
    for path in (
        "",
        "outputs/000a",
        "series",
        "series/suspect",
        "report?made=1",
        "rules/TRU001",
        "keys",
        "static/keys.js",
    ):
        assert browser.get(path).status == 200, path
    with Log() as log:
        assert log.head() == before
    assert not (home / "faults.log").exists()


def test_an_empty_log_is_told(home: Path) -> None:
    with browsing() as browser:
        assert "the log is empty: nothing was captured yet" in words(browser.get().text)


def test_a_failure_of_our_own_is_told_and_written_down(
    browser: Browser, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError("secret words")

    monkeypatch.setattr("aicheck_app.serve.outputs.choices", fails)
    found = browser.get()
    assert found.status == 500
    assert "aicheck failed over this page (ZeroDivisionError)" in words(found.text)
    assert "secret words" not in found.text
    assert "serve: ZeroDivisionError" in (home / "faults.log").read_text()
    assert browser.get("keys").status == 200
