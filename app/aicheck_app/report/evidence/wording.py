"""Sentences and figures that several report formats share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicheck_app.monitor.statistics import Interval
    from aicheck_app.report.evidence.collect import Counts, Evidence


def percent(value: float) -> str:
    """A share as a percentage with three significant digits."""
    scaled = value * 100
    if scaled == 0 or scaled >= 99.95:
        return f"{scaled:.0f} %"
    return f"{scaled:.2g} %" if scaled < 1 else f"{scaled:.1f} %"


def interval(rate: Interval) -> str:
    """A rate with its interval."""
    return f"{percent(rate.rate)} ({percent(rate.low)} to {percent(rate.high)})"


def rate_of(counts: Counts) -> str:
    """The suspect rate, or why there is none."""
    return interval(counts.rate) if counts.checked else "none checked"


def claim(evidence: Evidence, shown: Callable[[str], str] = str) -> str:
    """The one sentence at the top: what stands out, or that nothing does; a name in it as it is to be ``shown``."""
    total, found = evidence.total, evidence.standout
    if not total.checked:
        return "Nothing to report: no output of this selection was checked."
    overall = f"{total.suspect:,} of {total.checked:,} checked outputs were suspect: {interval(total.rate)}"
    if found is None:
        return f"Nothing unusual: no model or client version stands out. {overall}."
    inside, outside = found.inside, found.outside
    return (
        f"Sessions of {found.dimension} {shown(found.value)} held a suspect output in {inside[0]} of {inside[1]} cases"
        f" ({percent(inside[0] / inside[1])}), the others in {outside[0]} of {outside[1]}"
        f" ({percent(outside[0] / outside[1])}); p = {found.p:.2g}, Fisher's exact test on sessions, corrected"
        f" for {found.compared} comparisons. Overall, {overall}."
    )


def judged(evidence: Evidence) -> str:
    """What people said of the suspect outputs; empty where nobody did."""
    if not evidence.marks:
        return ""
    confirmed, dismissed = evidence.marks.get("confirmed", 0), evidence.marks.get("dismissed", 0)
    return f"Looked at by a person: {confirmed:,} confirmed, {dismissed:,} dismissed (these count as clean)"


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
