"""The self-test for people and for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicheck_app.report.sinks.json import dumps
from aicheck_app.report.trend.figures import number, rate
from aicheck_app.report.trend.json import rounded

if TYPE_CHECKING:
    from aicheck_app.monitor.attribution import Switch
    from aicheck_app.monitor.selftest import Selftest, Tried


def lines(found: Selftest) -> list[str]:
    """The lines of the terminal."""
    if not found.tried:
        return [
            "too little history: a series needs 50 sessions with a value (aicheck ingest reads what your agents keep)"
        ]
    told = [
        f"{found.sessions:,} sessions, {found.first} to {found.last}; {len(found.tried)} series, each shuffled {found.shuffles} times.",
        "",
        (
            f"Shuffled: {found.alarmed} of {found.shuffles * len(found.tried)} alarmed;"
            f" the budget allows {found.expected:.1f}: each of {found.shuffles} histories may alarm once, and these series have {found.expected / found.shuffles:.0%} of the budget."
        ),
        "In their real order:",
    ]
    for one in found.tried:
        for alarm, near in one.alarms:
            told += [
                "",
                f"  {one.series.kpi.title}, {one.series.policy}: alarm on {alarm.day}; began {_onset(alarm.earliest, alarm.latest, alarm.onset)}",
                (
                    f"    the evidence is {number(alarm.evidence)} times what an alarm needs, {number(alarm.tempered)} times with phases of work taken off"
                ),
            ]
            told += [f"    {_switch(one, each)}" for each in near]
    if not any(one.alarms for one in found.tried):
        told.append("  no alarm")
    return [
        *told,
        "",
        "Series whose blocks of sessions vary more than chance gives (phases of work):",
        *_inflated(found),
    ]


def _onset(earliest: str, latest: str, onset: str) -> str:
    return onset if earliest == latest else f"{onset} ({earliest} to {latest})"


def _inflated(found: Selftest) -> list[str]:
    high = sorted((one for one in found.tried if one.inflation >= 2), key=lambda one: -one.inflation)[:8]
    return [f"  {one.series.kpi.title}, {one.series.policy}: {number(one.inflation)} times" for one in high] or [
        "  none"
    ]


def _switch(one: Tried, each: Switch) -> str:
    kpi = one.series.kpi
    sure = "too few sessions to test" if each.p is None else f"p = {each.p:.2g}, corrected"
    agree = f", in {each.agree} of {each.projects} working folders the same way" if each.projects > 1 else ""
    return f"{each.day} {each.dimension} {each.value}: {rate(kpi, each.before)} before, {rate(kpi, each.after)} after; {sure}{agree}"


def json(found: Selftest) -> str:
    """One JSON object, version 1, and a newline."""
    series: list[dict[str, Any]] = [
        {
            "kpi": one.series.kpi.name, "policy": one.series.policy, "weight": round(one.series.weight, 6), "sessions": one.sessions,
            "inflation": round(one.inflation, 3), "shuffles_that_alarmed": one.shuffled,
            "alarms": [{**alarm._asdict(), "switches": [switch(each) for each in near]} for alarm, near in one.alarms],
        }
        for one in found.tried
    ]  # fmt: skip
    document = {
        "version": 1, "sessions": found.sessions, "first": found.first or None, "last": found.last or None,
        "shuffles": found.shuffles, "alarmed": found.alarmed, "expected_at_most": round(found.expected, 3), "series": series,
    }  # fmt: skip
    return dumps(document, indent=1) + "\n"


def switch(each: Switch) -> dict[str, Any]:
    """A switch as plain data."""
    rates = {
        name: None if found is None else list(map(rounded, found))
        for name, found in (("before", each.before), ("after", each.after), ("effect", each.effect))
    }
    return {
        "day": each.day, "dimension": each.dimension, "value": each.value, **rates, "sessions": list(each.sessions),
        "p": each.p, "projects": each.projects, "agree": each.agree,
    }  # fmt: skip
