"""Sentences and figures that several report formats share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app.monitor.watcher import LEAST_SESSIONS, WINDOW_DAYS
from aicheck_app.report.evidence.change import sure_of
from aicheck_app.report.trend.figures import number, rate, smallest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aicheck_app.monitor.attribution import Switch
    from aicheck_app.monitor.conformal import Alarm
    from aicheck_app.monitor.kpi import Kpi
    from aicheck_app.monitor.statistics import Interval
    from aicheck_app.report.evidence.change import Change
    from aicheck_app.report.evidence.collect import Evidence
    from aicheck_app.report.evidence.counts import Counts


def percent(value: float) -> str:
    """A share as a percentage with three significant digits."""
    scaled = value * 100
    if scaled == 0 or scaled >= 99.95:
        return f"{scaled:.0f} %"
    return f"{scaled:.2g} %" if scaled < 1 else f"{scaled:.1f} %"


def counted(number: int, noun: str) -> str:
    """A number of things."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def interval(rate: Interval) -> str:
    """A rate with its interval."""
    return f"{percent(rate.rate)} ({percent(rate.low)} to {percent(rate.high)})"


def rate_of(counts: Counts) -> str:
    """The suspect rate, or why there is none."""
    return interval(counts.rate) if counts.checked else "none checked"


def worth(counts: Counts) -> str:
    """What intervals of rates over outputs allow for."""
    return f"outputs of one session are alike, so that {number(counts.alike)} count as one"


DEFINITIONS = (
    ("output", "one piece of code that a model wrote: an edit, a new file, a block of code in a reply"),
    ("suspect", "an output that a rule says, with at least medium confidence, is damaged"),
    (
        "session",
        "what one client did under one session id on one day (UTC); one that goes on for days counts once a day",
    ),
)
"""What the report's words mean, in a sentence each."""
TITLES = {"model": "Model", "client": "Client version", "language": "Language", "day": "Day (UTC)"}
"""Heads of the tables of rates."""


def change(found: Change, shown: Callable[[str], str] = str) -> str:
    """What changed, since when, and what switched with it; a name in it as it is to be ``shown``."""
    alarm, kpi = found.alarm, found.kpi
    when = f"on {alarm.onset}"
    if alarm.earliest != alarm.latest:
        when = f"between {alarm.earliest} and {alarm.latest}, most likely on {alarm.onset}"
    sure = sure_of(found.switches)
    came = "; ".join(
        f"{_DIMENSION.get(one.dimension, one.dimension)} {shown(one.value)}, first seen {one.day}" for one in sure[:3]
    )
    together = f" It came with: {came}." if came else _untold(found)
    better = found.reading.better_since if alarm is found.reading.alarms[-1] else ""
    figures = change_figures(kpi, found.rate(found.before), found.rate(found.after), found.days)
    return (
        f"{kpi.title} changed {when}: {figures}."
        f"{together}{f' Since {better} it has been moving the other way.' if better else ''}"
    )


def change_figures(kpi: Kpi, before: Interval | None, after: Interval | None, days: tuple[int, int]) -> str:
    """The rates before and after a change, with the days that each was counted in."""
    then = f"in the {counted(days[1], 'day')} from then on" if days[1] else "from then on"
    earlier = (
        f"{rate(kpi, before)} in the {counted(days[0], 'day')} before" if days[0] else "nothing is known of before"
    )
    return f"{rate(kpi, after)} {kpi.unit} {then}, {earlier}"


def _untold(found: Change) -> str:
    """Why no switch is named beside a change."""
    if not found.switches:
        return " No switch that is known came with it."
    if all(one.p is None for one in found.switches):
        return " What came with it can't be told yet: that is tested on sessions from after the alarm alone, and there are too few."
    return " No switch that is known surely came with it."


_DIMENSION = {"version": "client version", "model": "model", "asked": "model asked for", "settings": "other files for agents in the project", "ruleset": "another rule set of aicheck"}  # fmt: skip


def sureness(found: Change) -> str:
    """How sure a change is, and what that means."""
    alarm, policy = found.alarm, found.reading.series.policy
    return (
        f"The evidence is {number(alarm.evidence)} times what an alarm needs, at one false alarm a year over all that is watched"
        f" (or as many as the settings allow). {_phases(alarm)} Sessions are compared inside the same working folder, {policy}."
        " The rate since the change counts the sessions that raised the alarm, so that the true change may be smaller."
    )


def _phases(alarm: Alarm) -> str:
    """Whether earlier sessions hung together, and what that leaves of the evidence."""
    if not alarm.blocks:
        return "There were too few sessions before to see whether good and bad work comes in phases."
    if not alarm.in_phases:
        return "Earlier sessions show no phases of good and bad work beyond chance."
    less = ": by that measure it would be no alarm" if alarm.tempered < 1 else ""
    return (
        f"Earlier sessions came in phases: blocks of 100 varied {number(alarm.measured)} times as much as chance gives. With that and"
        f" its error taken off, {number(alarm.tempered)} times are left{less}."
    )


def claim(evidence: Evidence, shown: Callable[[str], str] = str) -> str:
    """The sentence at the top: what changed or stands out, or that nothing does; a name in it as it is to be ``shown``."""
    total, found = evidence.total, evidence.standout
    if evidence.filters.output and evidence.exhibits:
        one = evidence.exhibits[0]
        first = one["findings"][0]
        return f"One output of {shown(str(one.get('model', 'an unknown model')))}, {minute(one.get('time', ''))} UTC: {shown(first['message'])}."
    if evidence.monitored.change is not None:
        return change(evidence.monitored.change, shown)
    if not total.checked:
        return "Nothing to report: no output of this selection was checked."
    told = overall(total, evidence.filters.finding)
    if found is None:
        return f"{_quiet(evidence)} {told}."
    figures = standout_figures(found.inside, found.outside, found.p, found.compared)
    return f"Sessions of {found.dimension} {shown(found.value)} {figures}. Overall, {told}."


def overall(total: Counts, finding: str = "") -> str:
    """How many of the checked outputs were suspect; where one rule or family alone counts, that is said."""
    were = "was" if total.suspect == 1 else "were"
    alone = f" by {finding} alone (whatever other rules found does not count here)" if finding else ""
    return f"{total.suspect:,} of {total.checked:,} checked outputs {were} suspect{alone}: {interval(total.rate)}"


def standout_figures(inside: Sequence[int], outside: Sequence[int], p: float, compared: int) -> str:
    """The sessions inside and outside a group that stands out, and how sure that is."""
    return (
        f"held a suspect output in {inside[0]} of {inside[1]} cases ({percent(inside[0] / inside[1])}),"
        f" the others in {outside[0]} of {outside[1]} ({percent(outside[0] / outside[1])});"
        f" p = {p:.2g}, Fisher's exact test on sessions, corrected for {compared} comparisons"
    )


def title(evidence: Evidence) -> str:
    """What is claimed in a few words; empty where nothing is."""
    total, found, changed = evidence.total, evidence.standout, evidence.monitored.change
    if (evidence.filters.output and evidence.exhibits) or changed is not None:
        return claim(evidence).partition(": ")[0]
    if found is not None:
        less = found.inside[0] * found.outside[1] < found.outside[0] * found.inside[1]
        return f"{'Fewer' if less else 'More'} suspect outputs with {found.dimension} {found.value}"
    return f"{total.suspect:,} of {total.checked:,} checked outputs suspect" if total.suspect else ""


def _quiet(evidence: Evidence) -> str:
    """What is said where neither a change nor a group is to be claimed: that, or that nobody can tell."""
    headline = evidence.monitored.rows[0] if evidence.monitored.rows else None
    if headline is None:
        return "A part of the log alone can't tell whether anything changed."
    if not any(reading.sessions >= LEAST_SESSIONS for reading in headline.readings):
        return f"Too few sessions in the last {WINDOW_DAYS} days to tell whether anything changed, and no group stands out."
    return "No change was found, and no model or client version stands out."


def unmoved(evidence: Evidence) -> list[str]:
    """What did not change, with the smallest change that would have shown; what could not have shown any is not among it."""
    return [
        f"{row.kpi.title}: {rate(row.kpi, row.now.rate)} {row.kpi.unit}; a change of {least} would most likely have shown"
        for row in evidence.monitored.rows
        if row.state == "quiet" and row.now.rate is not None and (least := smallest(row))
    ]


def controls(evidence: Evidence) -> str:
    """How sessions of the same days fared; empty where there is nothing to compare."""
    sessions, clean = evidence.controls
    if not sessions:
        return ""
    return f"On the days with a suspect output, {clean:,} of {sessions:,} checked sessions had none"


def guessed(evidence: Evidence) -> str:
    """What is known of outputs whose maker was guessed; empty where there are none."""
    counts = evidence.guessed
    if not counts.total:
        return ""
    return (
        f"{counts.total:,} outputs recognised by shape, model unknown: {counts.clean:,} clean, {counts.suspect:,} suspect,"
        f" {counts.unchecked:,} unchecked; {rate_of(counts)} of the checked ones were suspect. They are in no other figure"
    )


def switch(kpi: Kpi, one: Switch) -> str:
    """A switch in words: the rates before and after it, and how sure their difference is."""
    sure = "too few sessions to test" if one.p is None else f"p = {one.p:.2g}, corrected"
    agree = f"; {one.agree:,} of {one.projects:,} working folders moved so" if one.projects > 1 else ""
    people = f"; {one.people_agree:,} of {one.people:,} people moved so" if one.people > 1 else ""
    return f"{rate(kpi, one.before)} before, {rate(kpi, one.after)} after; {sure}{agree}{people}"


def changed_too(evidence: Evidence) -> list[str]:
    """Other changes that were found, in a line each."""
    return [
        f"{reading.series.kpi.title} ({reading.series.policy}) since {alarm.onset}, found {alarm.day}"
        for reading, alarm in evidence.monitored.others
    ]


def minute(time: str) -> str:
    """A time (UTC) to the minute."""
    return time[:16].replace("T", " ")


def damaged(evidence: Evidence) -> str:
    """What has to be said first of a report on a log that is not whole; empty where it is."""
    if evidence.integrity["verified"]:
        return ""
    return (
        "The log that this report was made from is damaged, so nothing below can be relied on ('aicheck log verify' names all"
        f" that is wrong): {'; '.join(evidence.integrity['faults'])}"
    )


def judged(evidence: Evidence) -> str:
    """What people said of outputs; empty where nobody did."""
    told = []
    if evidence.marks:
        confirmed, dismissed = evidence.marks.get("confirmed", 0), evidence.marks.get("dismissed", 0)
        told.append(f"Looked at by a person: {confirmed:,} confirmed, {dismissed:,} dismissed (these count as clean)")
    if evidence.unfound:
        were = "was" if evidence.unfound == 1 else "were"
        told.append(
            f"{counted(evidence.unfound, 'output')} that no rule found {were} confirmed as degraded by a person, and in no rate"
        )
    return ". ".join(told)


def head(evidence: Evidence, shown: Callable[[str], str] = str) -> str:
    """The head of the chain as it is to be ``shown``, or why there is none."""
    found = evidence.integrity["chain_head"]
    return (
        shown(found)
        if found
        else "not shown (an older aicheck wrote the newest record, and its hash can be guessed at)"
    )


def period(evidence: Evidence) -> str:
    """The time that the evidence covers."""
    if not evidence.first:
        return "no outputs"
    return f"{evidence.first[:16].replace('T', ' ')} to {evidence.last[:16].replace('T', ' ')} UTC"


LIMITS = (
    "A rule says that a text is damaged, not why; the share of outputs that no rule could check is shown.",
    "Groups may differ in their tasks. Fisher's test here compares sessions, not like with like.",
    "The hash chain shows that the log was not edited since its head was published, not that it was honest.",
)
