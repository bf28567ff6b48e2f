"""The figures of a JSON report that can be worked out again from what else stands in it, each with what is wrong if it differs."""

from __future__ import annotations

from collections import Counter
from math import isclose
from typing import TYPE_CHECKING, Any

from aicheck_app.log.chain import canonical
from aicheck_app.log.merkle import Proof, leaf, proven
from aicheck_app.log.queries import REASONS
from aicheck_app.monitor.kpis import named
from aicheck_app.monitor.statistics import Interval, Sums, fisher, wilson
from aicheck_app.report.evidence import wording
from aicheck_app.report.evidence.counts import Counts
from aicheck_app.report.evidence.json import digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Checks = Iterator[tuple[str, bool]]
    """What is wrong if a figure is not as it should be, and whether it is."""

MAX_COUNT = 10_000_000
"""Sessions of a group, beyond which nothing is worked out."""
_GROUPS = ("by_model", "by_client", "by_language", "by_day", "by_model_and_client")
_COUNTS = ("outputs", "clean", "suspect", "unchecked")


def checks(found: dict[str, Any]) -> Checks:
    """Each figure that can be worked out again."""
    yield "its members are not those whose SHA-256 it states", found["sha256"] == digest(found)
    yield from _integrity(found["integrity"])
    yield from _counts(found)
    yield from _spans(found)
    yield from _suspects(found)
    yield from _controls(found)
    yield from _kpis(found)
    yield from _change(found["change"])
    yield from _standout(found["standout"])
    yield from _claim(found)
    yield from _exhibits(found)


def _integrity(integrity: dict[str, Any]) -> Checks:
    yield (
        "the log was not whole when the report was made",
        integrity["verified"] is True and not integrity["faults"],
    )
    yield "more records are said to be checked than there are", integrity["checked"] <= integrity["records"]


def _counts(found: dict[str, Any]) -> Checks:
    total, alike = found["total"], found["outputs_worth_one"]
    yield "an output is said to be worth more than one", alike >= 1
    yield "the verdicts do not add up to the outputs", total["outputs"] == sum(total[name] for name in _COUNTS[1:])
    for group in _GROUPS:
        for name in _COUNTS:
            right = sum(row[name] for row in found[group])
            yield f"{group}: {name} add up to {right}, not to the total's {total[name]}", right == total[name]
    for group in ("total", *_GROUPS, "guessed"):
        for row in found[group] if isinstance(found[group], list) else [found[group]]:
            checked, told = row["clean"] + row["suspect"], (row["rate"], row["low"], row["high"])
            sound = (
                told == (None, None, None)
                if not checked
                else _same(told, wilson(row["suspect"] / alike, checked / alike))
            )
            yield f"{group}: the rate of {row.get('value', 'all')} is not that of its counts", sound
            yield (
                f"{group}: the verdicts of {row.get('value', 'all')} do not add up to its outputs",
                (row["outputs"] == checked + row["unchecked"]),
            )
    told_why = sum(row["outputs"] for row in found["unchecked"])
    every = len(found["unchecked"]) < REASONS and not found["integrity"]["pruned"]
    yield (
        f"the reasons why outputs are unchecked add up to {told_why}, not to the total's {total['unchecked']}",
        told_why == total["unchecked"] or (not every and told_why < total["unchecked"]),
    )


def _spans(found: dict[str, Any]) -> Checks:
    """The times of clients, which are those of the outputs that have one."""
    spans, period = found["spans"], found["period"]
    of_client = {row["value"]: row["outputs"] for row in found["by_client"]}
    timed = sum(row["outputs"] for row in found["by_day"] if row["value"] != "unknown")
    yield (
        "the period is not that of the clients' times",
        period["first"] == min((one["first"] for one in spans), default="")
        and period["last"] == max((one["last"] for one in spans), default=""),
    )
    yield "the outputs of the clients' times are not those of the days", sum(one["outputs"] for one in spans) == timed
    for one in spans:
        yield (
            f"the time of {one['client']} ends before it begins, or holds more outputs than it has",
            one["first"] <= one["last"] and 0 < one["outputs"] <= of_client.get(one["client"], 0),
        )
    yield "there are more sessions than outputs", 0 <= found["sessions"] <= found["total"]["outputs"]


def _lists_all(found: dict[str, Any]) -> bool:
    """Whether the suspect outputs are all that are counted: none is pruned or left out."""
    return not found["integrity"]["pruned"] and not found["suspects_left_out"]


def _suspects(found: dict[str, Any]) -> Checks:
    """The list of suspect outputs; where some are pruned or left out it is not all of what is counted."""
    listed, suspect = found["suspects"], found["total"]["suspect"]
    yield (
        f"{len(listed)} suspect outputs are listed and {found['suspects_left_out']} left out, of {suspect}",
        found["integrity"]["pruned"] > 0 or len(listed) + found["suspects_left_out"] == suspect,
    )
    if not _lists_all(found):
        return
    codes = Counter(code for one in listed for code in {each["code"] for each in one["findings"]})
    yield (
        "the outputs by rule are not those of the list of suspect outputs",
        codes == {row["code"]: row["outputs"] for row in found["findings"]},
    )
    if not all("agent" in one for one in listed):  # shown without their words
        return
    for group, value in _VALUES.items():
        counted = Counter(value(one) for one in listed)
        yield (
            f"{group}: the suspect outputs are not those of the list",
            counted == {row["value"]: row["suspect"] for row in found[group] if row["suspect"]},
        )


_VALUES: dict[str, Callable[[dict[str, Any]], str]] = {
    "by_model": lambda one: one.get("model") or "unknown",
    "by_client": lambda one: f"{one.get('agent') or '?'} {one.get('agent_version') or '?'}",
    "by_language": lambda one: one.get("language") or "unknown",
    "by_day": lambda one: str(one.get("time", ""))[:10] or "unknown",
}
"""In which row of which group an output is counted."""


def _controls(found: dict[str, Any]) -> Checks:
    sessions, clean = found["controls"]["sessions"], found["controls"]["clean"]
    yield "more sessions are said to be clean than there are", 0 <= clean <= sessions
    told = _lists_all(found) and all("agent" in one for one in found["suspects"])
    if sessions and told and not found["filters"].get("finding"):
        bad = {(str(one.get("time", ""))[:10], one["agent"], one.get("session", "")) for one in found["suspects"]}
        yield (
            f"{len(bad)} sessions have suspect outputs, not the {sessions - clean} that are said to",
            sessions - clean == len(bad),
        )


def _kpis(found: dict[str, Any]) -> Checks:
    for kpi in found["kpis"]:
        for point in (*kpi["points"], kpi["now"], kpi["before"]):
            name = f"{kpi['kpi']} {point['period']}"
            yield f"{name}: a rate without what it is made of", (point["rate"] is None) != ("sums" in point)
            if "sums" in point:
                yield f"{name}: it is divided by another number than it says", point["below"] == point["sums"]["below"]
                right = Sums(**point["sums"]).interval(share=kpi["kind"] == "share")
                yield (
                    f"{name}: the rate is not that of its sums",
                    _same((point["rate"], point["low"], point["high"]), right),
                )


def _standout(one: dict[str, Any] | None) -> Checks:
    if one:
        (bad, size), (other, others) = one["inside"], one["outside"]
        if not 0 <= max(bad, size, other, others) <= MAX_COUNT:
            raise ValueError("no numbers of sessions")
        p = min(1.0, fisher(bad, size - bad, other, others - other) * one["compared"])
        yield f"the standout's p value is {p:.3g}, not {one['p']:.3g}", isclose(p, one["p"], rel_tol=1e-6)


def _change(change: dict[str, Any] | None) -> Checks:
    if change is None:
        return
    days = [change[name] for name in ("earliest", "onset", "latest", "day")]
    yield "the change began after it was found", days[0] <= days[1] <= days[2] <= days[3]
    for at, name in enumerate(("before", "after")):
        found = change[f"{name}_sums"]
        yield (
            f"the sessions {name} the change are not those of its sums",
            change["sessions"][at] == (found["number"] if found else 0),
        )
        if found:
            right = Sums(**found).interval(share=change["kind"] == "share")
            yield f"the rate {name} the change is not that of its sums", _same(tuple(change[name]), right)


def _claim(found: dict[str, Any]) -> Checks:
    """The figures in the claim's words."""
    for words in _claimed(found):
        yield f"the claim does not say '{words}', as its figures do", words in found["claim"]


def _claimed(found: dict[str, Any]) -> Iterator[str]:
    """What has to stand in the claim."""
    total, one, change = found["total"], found["standout"], found["change"]
    if found["filters"].get("output"):
        return
    if change is not None:
        kpi = named(change["kpi"])
        sums = [change["before_sums"], change["after_sums"]]
        if kpi is not None:
            before, after = (kpi.interval(Sums(**each)) if each else None for each in sums)
            yield wording.change_figures(kpi, before, after, tuple(change["days"]))
            yield change["onset"]
        return
    if not total["clean"] + total["suspect"]:
        return
    counts = Counts(total["clean"], total["suspect"], total["unchecked"], found["outputs_worth_one"])
    yield wording.overall(counts, found["filters"].get("finding", ""))
    if one:
        yield wording.standout_figures(one["inside"], one["outside"], one["p"], one["compared"])


def _exhibits(found: dict[str, Any]) -> Checks:
    roots = {day["day"]: (day["root"], day["outputs"]) for day in found["proofs"]["days"]}
    listed = {record["id"]: record for record in found["suspects"]}
    for identifier, proof in found["proofs"]["exhibits"].items():
        made = proven(
            leaf(proof["salt"], canonical(proof["leaf_of"])), Proof(proof["place"], proof["size"], proof["beside"])
        )
        stated = roots.get(proof["day"], ("", 0))
        yield (
            f"exhibit {identifier} is not one of its day",
            made is not None and (made.hex(), proof["size"]) == stated,
        )
        shown, held = listed.get(identifier, {}), proof["leaf_of"]
        yield (
            f"exhibit {identifier} is not what was proven",
            all(shown.get(key) == value for key, value in held.items() if key != "path"),
        )


def _same(told: tuple[float | None, ...], right: Interval) -> bool:
    """Whether figures are the same to the digits that are told; what has no bound is told as nothing."""
    return all(
        (stated is None and value == float("inf"))
        or (stated is not None and abs(stated - value) <= 1e-6 + 1e-6 * abs(value))
        for stated, value in zip(told, right, strict=True)
    )
