"""The monitor: facts that add up, statistics as others compute them, changes found, nothing found where nothing changed."""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from aicheck_app.cli.group import aicheck
from aicheck_app.errors import AicheckError
from aicheck_app.log import facts, records
from aicheck_app.log.marks import mark
from aicheck_app.log.store import Log
from aicheck_app.monitor import sums
from aicheck_app.monitor.attribution import firsts, switches
from aicheck_app.monitor.conformal import Alarm, Detector
from aicheck_app.monitor.edges import edges, era, unfilled
from aicheck_app.monitor.kpis import NAMES, kpis, named
from aicheck_app.monitor.ranks import Amounts, YesNo
from aicheck_app.monitor.selftest import selftest
from aicheck_app.monitor.series import series
from aicheck_app.monitor.statistics import holm, mantel_haenszel, strata_test, summed, t_point
from aicheck_app.monitor.units import Unit, units
from aicheck_app.monitor.watcher import current
from aicheck_app.report.trend.figures import number as figure
from aicheck_app.report.trend.figures import sparkline

BAD = records.Finding(code="TRU001", severity="error", confidence="high", line=3, column=1)
TABLES = [(8, 20, 3, 25), (5, 12, 2, 14), (1, 9, 4, 30)]


def output(name: str, day: str, **more: object) -> records.Output:
    known: dict[str, object] = {
        "id": name, "time": f"{day}T10:00:00.000Z", "agent": "a", "agent_version": "1.0", "session": f"s-{day}", "model": "m",
        "asked": "m", "language": "python", "verdict": "clean", "lines": 10, "attribution": "transcript", "project": "p",
    }  # fmt: skip
    return records.Output(**{**known, **more})  # type: ignore[arg-type]


def day(number: int) -> str:
    from datetime import date, timedelta

    return (date(2026, 1, 1) + timedelta(days=number)).isoformat()


def message(name: str, when: str, session: str, **more: object) -> records.Message:
    known: dict[str, object] = {
        "id": name, "time": f"{when}T10:00:00.000Z", "agent": "a", "agent_version": "1.0", "session": session, "model": "m", "asked": "m",
        "project": "p", "tokens": 100, "characters": 400, "stop_reason": "end_turn",
    }  # fmt: skip
    return records.Message(**{**known, **more})  # type: ignore[arg-type]


def totals(log: Log) -> Counter[str]:
    with sums.opened(log.path) as db:
        (found,) = sums.sums(db, ())
    return found.counts


def test_later_findings_and_judgements_change_an_output_s_counts_and_a_rebuild_agrees() -> None:
    with Log() as log:
        log.append([output("o1", day(0), verdict="suspect", findings=[BAD]), output("o2", day(0))])
        log.append(
            [records.Later(id="l1", target="o2", verdict="suspect", findings=[BAD], time=f"{day(1)}T00:00:00.000Z")]
        )
        assert (totals(log)["checked"], totals(log)["suspect"], totals(log)["tru"]) == (2, 2, 2)
        mark(log, "o1", "dismissed")
        assert (totals(log)["checked"], totals(log)["suspect"], totals(log)["tru"], totals(log)["dismissed"]) == (
            2,
            1,
            1,
            1,
        )
        mark(log, "o1", "confirmed")
        mark(log, "o2", "dismissed", finding=BAD)
        mark(log, "o2", "kept")
        found = totals(log)
        assert {name: found[name] for name in ("outputs", "checked", "suspect", "confirmed", "dismissed", "kept")} == {
            "outputs": 2, "checked": 2, "suspect": 1, "confirmed": 1, "dismissed": 1, "kept": 1,
        }  # fmt: skip
        log.db.execute("BEGIN")
        facts.rebuild(log.db)
        log.db.execute("COMMIT")
        assert totals(log) == found


def test_pruned_records_stay_in_the_facts() -> None:
    with Log() as log:
        log.append([output("o1", day(0)), output("o2", day(20))])
        log.prune(f"{day(10)}T00:00:00.000Z", f"{day(21)}T00:00:00.000Z")
        assert totals(log)["outputs"] == 2


@pytest.mark.parametrize("day_", ["0000-02-29", "0000-01-01", "2026-02-29", "2026-13-01"])
def test_a_record_of_a_day_that_there_is_not_counts_in_none(day_: str) -> None:
    (row,) = facts.rows_of(records.body(output("o1", day_)))
    assert row.key.day == ""


def test_a_guessed_output_is_in_no_rate() -> None:
    with Log() as log:
        log.append(
            [output("o1", day(0)), output("o2", day(0), attribution="heuristic", verdict="suspect", findings=[BAD])]
        )
        assert (totals(log)["outputs"], totals(log)["suspect"]) == (1, 0)
        with sums.opened(log.path) as db:
            (guessed,) = sums.sums(db, (), sums.Which(guessed=True))
    assert (guessed.counts["outputs"], guessed.counts["suspect"]) == (1, 1)


def test_a_session_on_a_day_is_a_unit_and_the_agents_that_it_started_count_apart() -> None:
    with Log() as log:
        log.append([
            message("m1", day(0), "s", thinking_blocks=1), message("m2", day(0), "s", side_chain=True, model="small"),
            message("m3", day(1), "s"), output("o1", day(0), session="s", side_chain=True),
        ])  # fmt: skip
        with sums.opened(log.path) as db:
            first, second = units(sums.facts(db))
    assert (first.day, first.own["messages"], first.all["messages"], first.all["outputs"]) == (day(0), 1, 2, 1)
    assert (second.day, second.own["messages"]) == (day(1), 1)
    thinking, suspect = named("thinking"), named("suspect")
    assert thinking is not None
    assert suspect is not None
    assert (first.value(thinking), second.value(thinking), first.value(suspect)) == (1.0, 0.0, 0.0)


def test_tokens_that_a_version_does_not_count_are_not_told() -> None:
    tokens = named("tokens")
    assert tokens is not None
    assert tokens.misses(Counter(messages=10, tokens=20, placeholders=9))
    assert not tokens.misses(Counter(messages=10, tokens=1000))
    assert unfilled("claude-code", "2.1.58", ("tokens",))
    assert unfilled("claude-code", "2.1.66", ("tokens",))
    assert not unfilled("claude-code", "2.1.60", ("tokens",))
    assert not unfilled("codex", "0.1", ("tokens",))
    assert [era("claude-code", version, ("rereads",)) for version in ("2.1.84", "2.1.85", "2.2")] == [0, 1, 1]
    assert {counter for edge in edges() for counter in edge.counters} <= set(facts.COUNTERS)


def test_every_kpi_counts_what_there_is_and_its_weights_add_up() -> None:
    assert [kpi.name for kpi in kpis()] == list(NAMES)
    for kpi in kpis():
        assert set(kpi.counters) <= set(facts.COUNTERS), kpi.name
        assert kpi.page.endswith("."), kpi.name
    assert math.isclose(sum(one.weight for one in series()), 1)
    assert series()[0].weight == 0.5


def test_ratios_over_clusters_have_a_regression_s_robust_variance_and_byar_s_interval() -> None:
    """The variance is that of statsmodels 0.15 (WLS of x / n on 1 with weights n, cov_type HC1): 0.048581 squared."""
    pairs = [(10, 100), (0, 120), (30, 90), (20, 200), (0, 70)]
    found = summed(pairs).interval(share=False)
    events, t = (6 / 58 / 0.0485825) ** 2, 2.7764451051977934
    low = (1 - 1 / (9 * events) - t / (3 * events**0.5)) ** 3
    high = (1 - 1 / (9 * events + 9) + t / (3 * (events + 1) ** 0.5)) ** 3 * (events + 1) / events
    assert found == pytest.approx((6 / 58, 6 / 58 * low, 6 / 58 * high), rel=1e-4)
    share = summed(pairs).interval(share=True)
    assert share.rate == pytest.approx(6 / 58)
    assert 0.02 < share.low < 0.05 < 0.25 < share.high < 0.35


def test_few_sessions_say_little() -> None:
    """Without anything counted, without differences, of one session alone: no interval is a point, and none is as of so many trials."""
    assert summed([(0, 5)]).interval(share=True).high > 0.4
    assert summed([(0, 8_000)]).interval(share=True).high > 0.2
    assert summed([(0, 100)] * 10).interval(share=False).high > 0.02
    assert summed([(7, 100)]).interval(share=False).high == math.inf
    assert [t_point(n) for n in (1, 2, 3, 5, 10, 30, 100)] == pytest.approx(
        [12.706204736, 4.3026527297, 3.1824463053, 2.5705818366, 2.2281388520, 2.0422724563, 1.9839715184], rel=1e-4
    )


def test_strata_as_statsmodels_and_scipy_test_them() -> None:
    """statsmodels 0.15: StratifiedTable; scipy 1.17: the convolution of hypergeom.pmf."""
    assert mantel_haenszel(TABLES) == pytest.approx((3.189231987331749, 1.1958879117967596, 8.505145481183366))
    assert strata_test(TABLES) == pytest.approx(0.04012529697763916)
    assert mantel_haenszel([(0, 5, 0, 5)]) is None
    assert holm([0.01, 0.04, 0.03, 0.2]) == pytest.approx([0.04, 0.09, 0.09, 0.2])


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=60), st.floats(0.001, 0.999))
def test_ranks_are_those_of_a_plain_count(values: list[float], chance: float) -> None:
    ranks = Amounts()
    from aicheck_app.monitor.ranks import bin_of

    for at, value in enumerate(values):
        bins = [bin_of(one) for one in values[: at + 1]]
        greater, equal = sum(b > bins[-1] for b in bins), sum(b == bins[-1] for b in bins)
        assert ranks.place(value, chance) == pytest.approx((greater + chance * equal) / len(bins))
    assert Amounts.of(ranks.state()).state() == ranks.state()


def test_ranks_of_exchangeable_sessions_are_uniform() -> None:
    chance = random.Random(1)
    ranks = YesNo()
    found = [ranks.place(float(chance.random() < 0.1), chance.random()) for _ in range(4_000)]
    tenths = Counter(min(int(rank * 10), 9) for rank in found)
    assert all(300 < tenths[at] < 500 for at in range(10))
    assert abs(sum(found) / len(found) - 0.5) < 0.02


def fed(detector: Detector, chance: random.Random, share: float, first: int, days: int, threshold: float) -> list[str]:
    found = []
    for number in range(first, first + days):
        for _ in range(20):
            alarm = detector.update(day(number), "s", float(chance.random() < share), chance.random(), threshold)
            found += [alarm.day] if alarm is not None else []
    return found


def test_a_change_is_found_with_its_day_and_then_its_end() -> None:
    chance = random.Random(3)
    detector = Detector(hit=True, worse="higher")
    assert fed(detector, chance, 0.05, 0, 60, 1e5) == []
    assert len(fed(detector, chance, 0.25, 60, 20, 1e5)) == 1
    (alarm,) = detector.alarms
    assert alarm.earliest <= day(60) <= alarm.latest
    assert alarm.day <= day(66)
    fed(detector, chance, 0.25, 80, 20, 1e9)
    assert not detector.recovers(1e4)
    fed(detector, chance, 0.05, 100, 30, 1e9)
    assert detector.recovers(1e4)
    assert day(98) <= detector.better_since <= day(103)


def test_a_change_that_lasts_is_hardly_ever_said_to_go_back() -> None:
    """The sessions that raised an alarm are worse than the state that follows: they are no part of it."""
    back = 0
    for seed in range(60):
        chance, detector = random.Random(seed), Detector(hit=True, worse="higher")
        fed(detector, chance, 0.05, 0, 60, 5e3)
        fed(detector, chance, 0.15, 60, 60, 5e3)
        back += detector.recovers(headline.recovery(2400, 120))
    assert back <= 5


headline = series()[0]


@settings(max_examples=20)
@given(st.integers(0, 10_000), st.booleans())
def test_a_detector_that_is_kept_goes_on_as_if_it_had_not_been(seed: int, hit: bool) -> None:
    chance = random.Random(seed)
    steps = [(day(at // 5), f"s{chance.randrange(3)}", float(chance.random() < 0.3) if hit else chance.lognormvariate(0, 1), chance.random()) for at in range(120)]  # fmt: skip
    whole, first = Detector(hit, "higher" if hit else "either"), Detector(hit, "higher" if hit else "either")
    for step in steps:
        whole.update(*step, 40.0)
    for step in steps[:70]:
        first.update(*step, 40.0)
    second = Detector(hit, "higher" if hit else "either")
    second.restore(json.loads(json.dumps(first.state())))
    for step in steps[70:]:
        second.update(*step, 40.0)
    assert second.alarms == whole.alarms
    assert second.evidence == pytest.approx(whole.evidence, rel=1e-4)


def history(
    days: range, *, thinks: float = 1.0, model: str = "m", version: str = "1.0", per_day: int = 6
) -> list[records.Record]:
    chance = random.Random(days.start)
    found: list[records.Record] = []
    for number in days:
        for at in range(per_day):
            session = f"{number}-{at}"
            found += [
                message(
                    f"m{session}-{k}", day(number), session, model=model, asked=model, agent_version=version,
                    project=f"p{at % 2}", thinking_blocks=int(chance.random() < thinks * 0.9), signature=100,
                )
                for k in range(6)
            ]  # fmt: skip
    return found


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("monitor.watcher", "monitor.trend", "report.evidence.change"):
        monkeypatch.setattr(f"aicheck_app.{module}.now", lambda: f"{day(119)}T12:00:00.000Z")


def test_a_new_model_that_thinks_less_is_found_and_named(now: None) -> None:
    with Log() as log:
        log.append(history(range(60)))
        log.append(history(range(60, 120), thinks=0.3, model="new", version="2.0"))
        watcher = current(log)
        with sums.opened(log.path) as db:
            known, first_days = list(units(sums.facts(db))), firsts(db)
    changed = {r.series.name: r for r in watcher.readings(day(80)) if r.state == "changed"}
    assert set(changed) == {"thinking across models"}
    alarm = changed["thinking across models"].alarms[0]
    assert alarm.earliest <= day(60) <= alarm.latest
    thinking = named("thinking")
    assert thinking is not None
    first, second = switches(known, first_days, thinking, alarm)
    assert {(one.dimension, one.value, one.day) for one in (first, second)} == {
        ("model", "new", day(60)),
        ("version", "2.0", day(60)),
    }
    assert (first.p or 1) < 0.01
    assert (first.projects, first.agree) == (2, 2)
    done = CliRunner().invoke(aicheck, ["report", "--format", "json"])
    claim = json.loads(done.stdout)
    assert claim["change"]["kpi"] == "thinking"
    assert claim["claim"].startswith(
        "Messages that think changed between 2026-03-01 and 2026-03-02, most likely on 2026-03-02"
    )
    assert "model new, first seen 2026-03-02" in claim["claim"]


def test_what_raised_an_alarm_does_not_test_what_came_with_it() -> None:
    thinking = named("thinking")
    assert thinking is not None
    units_of = [
        Unit(day(n), f"{n}-{k}", day(n), "a", "1" if n < 60 else "2", "m", "m", "", "p", "go", "1", "", counts, counts)
        for n in range(100) for k in range(4)
        for counts in [Counter(messages=10, thinking=2 if 60 <= n <= 63 else 8)]
    ]  # fmt: skip
    begun: dict[str, dict[tuple[str, str], str]] = {
        name: {} for name in ("model", "asked", "effort", "settings", "ruleset")
    } | {"version": {("a", "1"): day(0), ("a", "2"): day(60)}}
    alarm = Alarm(day(63), day(60), day(60), day(60), 2.0, 2.0, 1.0, 3)
    (one,) = switches(units_of, begun, thinking, alarm)
    assert (one.value, one.sessions[1]) == ("2", 4 * 28)
    assert (one.p or 0) > 0.05
    (early,) = switches([unit for unit in units_of if unit.day <= day(63)], begun, thinking, alarm)
    assert early.p is None


def test_a_day_of_the_past_is_shown_as_it_was(now: None) -> None:
    with Log() as log:
        log.append(history(range(60)))
        log.append(history(range(60, 100), thinks=0.3))
        (later,) = [r for r in current(log).readings(day(99)) if r.series.name == "thinking within models"]
        (before,) = [
            r for r in current(log, until=day(59)).readings(day(59)) if r.series.name == "thinking within models"
        ]
        assert current(log).day == day(99)
    assert (later.state, before.state, before.sessions) == ("changed", "quiet", 28 * 6)
    done = CliRunner().invoke(aicheck, ["trend", "--until", day(59), "--kpi", "thinking"]).stdout
    assert f"to {day(59)}" in done
    assert "changed since" not in done


def test_what_is_kept_and_what_comes_late_make_no_difference(now: None, tmp_path: Path) -> None:
    whole = [*history(range(40)), *history(range(60, 110), thinks=0.5)]
    late = history(range(30, 60), per_day=3)
    with Log() as log:
        log.append(whole)
        current(log)
        assert next(kept for kept, _ in log.monitored()) == day(109)
        log.append(late)
        again = current(log)
    with Log(str(tmp_path / "other.sqlite3")) as log:
        log.append([*whole, *late])
        at_once = current(log)
    for name, detector in at_once.detectors.items():
        assert again.detectors[name].evidence == pytest.approx(detector.evidence, rel=1e-4), name
        assert again.detectors[name].alarms == detector.alarms, name


def test_a_state_that_is_damaged_is_worked_out_anew(now: None) -> None:
    with Log() as log:
        log.append(history(range(20)))
        first = current(log)
        log.db.execute("UPDATE monitored SET state = x'00'")
        assert current(log).detectors["thinking within models"].units == first.detectors["thinking within models"].units


def test_shuffled_sessions_alarm_no_more_than_the_budget_allows() -> None:
    with Log() as log:
        log.append(history(range(60)))
        log.append(history(range(60, 120), thinks=0.3, model="new"))
        found = selftest(log, shuffles=10)
    assert found.alarmed <= found.expected
    assert [one.series.name for one in found.tried if one.alarms] == ["thinking across models"]
    done = CliRunner().invoke(aicheck, ["selftest", "--shuffles", "2"])
    assert "model new" in done.stdout


def test_trend_is_the_same_table_each_time(now: None) -> None:
    with Log() as log:
        log.append(history(range(60, 120)))
    first = CliRunner().invoke(aicheck, ["trend"])
    assert first.exit_code == 0, first.output
    lines = {line.split("  ")[0]: line for line in first.stdout.splitlines()}
    assert "of messages" in lines["Messages that think"]
    assert " quiet " in lines["Messages that think"]
    assert "Suspect outputs" not in lines
    assert CliRunner().invoke(aicheck, ["trend"]).stdout == first.stdout
    data = json.loads(CliRunner().invoke(aicheck, ["trend", "--format", "json"]).stdout)
    (thinking,) = (one for one in data["kpis"] if one["kpi"] == "thinking")
    assert len(thinking["points"]) == 12
    assert thinking["series"][0]["policy"] == "within models"
    table = CliRunner().invoke(aicheck, ["trend", "--format", "csv", "--daily"]).stdout.splitlines()
    assert len(table) == 1 + len(NAMES) * 28
    by = CliRunner().invoke(aicheck, ["trend", "--by", "project", "--kpi", "thinking"])
    assert sorted(line.split()[0] for line in by.stdout.splitlines()[3:]) == ["p0", "p1"]


def test_a_trend_of_too_little_says_what_would_show_more(now: None) -> None:
    run = CliRunner().invoke
    assert run(aicheck, ["trend"]).stdout.startswith("nothing was logged yet: 'aicheck ingest'")
    with Log() as log:
        log.append(history(range(119, 120), per_day=1))
    assert run(aicheck, ["trend", "--until", day(119)]).stdout.startswith("too little to tell yet")
    assert f"'aicheck trend --until {day(119)}' shows" in run(aicheck, ["trend", "--until", day(200)]).stdout


def test_the_log_is_counted_by_month() -> None:
    with Log() as log:
        log.append([*history(range(25, 40), per_day=1), output("o", day(30), verdict="suspect", findings=[BAD])])
    found = json.loads(CliRunner().invoke(aicheck, ["log", "stats", "--monthly", "--format", "json"]).stdout)
    assert [(row["month"], row["sessions"], row["messages"]) for row in found["rows"]] == [
        ("2026-01", 7, 36),
        ("2026-02", 9, 54),
    ]
    assert found["rows"][0].get("suspect", 0) + found["rows"][1].get("suspect", 0) == 1
    text = CliRunner().invoke(aicheck, ["log", "stats", "--daily"]).stdout
    assert len(text.splitlines()) == 16


@pytest.mark.parametrize("said", ["0", "true", '"often"', "1000"])
def test_a_budget_that_is_no_number_of_alarms_is_an_error(said: str) -> None:
    from aicheck_app.config import parse
    from aicheck_checks.toml import parse as toml

    with pytest.raises(AicheckError, match="'false-alarms' must be a number a year"):
        parse(toml(f"false-alarms = {said}".encode()), "x")


def test_figures_are_short() -> None:
    assert [figure(x) for x in (0, 0.0123, 1.234, 123.4, 12345.6, math.inf)] == [
        "0",
        "0.012",
        "1.23",
        "123",
        "12,346",
        "∞",
    ]
    assert sparkline([]) == ""
