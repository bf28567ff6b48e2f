"""Checking a report on any machine: its figures are worked out again from what it holds, its exhibits from their proofs."""

from __future__ import annotations

import json
import re
from collections import Counter
from math import isclose
from typing import TYPE_CHECKING, Any, NamedTuple

from aicheck_app import hashing
from aicheck_app.errors import AicheckError
from aicheck_app.log.chain import canonical
from aicheck_app.log.merkle import Proof, leaf, proven
from aicheck_app.monitor.statistics import Sums, fisher, wilson
from aicheck_app.report.evidence.json import digest
from aicheck_checks.files import read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES = 200_000_000
MAX_COUNT = 10_000_000
"""Sessions of a group, beyond which nothing is worked out."""
_DIGEST = re.compile(r"SHA-256 of everything above this line: `([0-9a-f]{64})`\n?\Z")
_GROUPS = ("by_model", "by_client", "by_language", "by_day", "by_model_and_client")
_COUNTS = ("outputs", "clean", "suspect", "unchecked")


class Verified(NamedTuple):
    """How many figures of a report were worked out again, what is wrong, and what had to be taken on its word."""

    figures: int
    faults: list[str]
    taken: list[str]


def verify(path: str) -> Verified:
    """Check a report. Raises AicheckError for what is no report."""
    try:
        data = read_bytes(path, MAX_BYTES)
    except OSError as error:
        raise AicheckError(f"{path}: can't be read: {error.strerror}") from error
    text = data.decode("utf-8", "replace")
    if digest := _DIGEST.search(text):
        whole = hashing.of_text(text[: digest.start()])
        faults = [] if whole == digest[1] else ["the text is not the one whose SHA-256 stands in its last line"]
        return Verified(0, faults, ["every figure: only the JSON report holds what they are made of"])
    try:
        found = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise AicheckError(f"{path}: no report of aicheck in Markdown or JSON") from error
    if not isinstance(found, dict) or found.get("version") != 3 or "claim" not in found:
        raise AicheckError(f"{path}: no report of aicheck of version 3 (aicheck report --format json)")
    try:
        told = list(_checks(found))
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError, RecursionError) as error:
        return Verified(0, [f"a member is missing or of another shape: {type(error).__name__} {error}"], [])
    return Verified(len(told), [words for words, right in told if not right], _taken(found))


def _taken(found: dict[str, Any]) -> list[str]:
    """What nothing in a report shows to be so."""
    unproven = len(found["suspects"]) - len(found["proofs"]["exhibits"])
    taken = ["the words of the claim", "names and times of groups", "the counts of outputs that are not listed"]
    if found["change"]:
        taken.append("when the change began and how strong its evidence is, and the tests of what switched")
    if unproven > 0:
        taken.append(f"{unproven:,} of {len(found['suspects']):,} suspect outputs, which have no proof")
    if found["integrity"].get("imported"):
        taken.append(f"{found['integrity']['imported']:,} records that came from the exports of other logs")
    return taken


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose members have different names: of two of one name, readers would take this or that."""
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a member stands twice in an object")
    return made


def _checks(found: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    """Each figure that can be worked out again, and whether it comes to the same."""
    yield "the members are those whose SHA-256 it states", found["sha256"] == digest(found)
    yield "the log was whole when the report was made", found["integrity"]["verified"] is True
    yield from _counts(found)
    yield from _suspects(found)
    yield from _kpis(found)
    yield from _change(found["change"])
    yield from _standout(found["standout"])
    yield from _exhibits(found)


def _counts(found: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    total, alike = found["total"], found["outputs_worth_one"]
    yield "no output is worth more than one", alike >= 1
    yield "the verdicts add up to the outputs", total["outputs"] == sum(total[name] for name in _COUNTS[1:])
    for group in _GROUPS:
        for name in _COUNTS:
            yield f"{group}: {name} add up", sum(row[name] for row in found[group]) == total[name]
    for group in ("total", *_GROUPS, "guessed"):
        for row in found[group] if isinstance(found[group], list) else [found[group]]:
            checked, told = row["clean"] + row["suspect"], (row["rate"], row["low"], row["high"])
            right = (
                told == (None, None, None)
                if not checked
                else _same(told, wilson(row["suspect"] / alike, checked / alike))
            )
            yield f"{group}: the rate of {row.get('value', 'all')}", right
    yield "no more clean sessions than sessions", 0 <= found["controls"]["clean"] <= found["controls"]["sessions"]


def _suspects(found: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    """The list of suspect outputs; where some are pruned or left out it is not all of what is counted."""
    pruned, left_out, listed = found["integrity"]["pruned"] > 0, found["suspects_left_out"], found["suspects"]
    yield "each suspect output is listed", pruned or len(listed) + left_out == found["total"]["suspect"]
    if not pruned and not left_out:
        codes = Counter(code for one in listed for code in {each["code"] for each in one["findings"]})
        yield "the outputs by rule", codes == {row["code"]: row["outputs"] for row in found["findings"]}


def _kpis(found: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    for kpi in found["kpis"]:
        for point in (*kpi["points"], kpi["now"], kpi["before"]):
            name = f"{kpi['kpi']} {point['period']}"
            yield f"{name}: a rate and what it is made of", (point["rate"] is None) != ("sums" in point)
            if "sums" in point:
                yield f"{name}: what it is divided by", point["below"] == point["sums"]["below"]
                right = Sums(**point["sums"]).interval(share=kpi["kind"] == "share")
                yield name, _same((point["rate"], point["low"], point["high"]), right)


def _standout(one: dict[str, Any] | None) -> Iterator[tuple[str, bool]]:
    if one:
        (bad, size), (other, others) = one["inside"], one["outside"]
        if not 0 <= max(bad, size, other, others) <= MAX_COUNT:
            raise ValueError("no numbers of sessions")
        p = min(1.0, fisher(bad, size - bad, other, others - other) * one["compared"])
        yield "the standout's p value", isclose(p, one["p"], rel_tol=1e-6)


def _change(change: dict[str, Any] | None) -> Iterator[tuple[str, bool]]:
    if change is None:
        return
    days = [change[name] for name in ("earliest", "onset", "latest", "day")]
    yield "the change began before it was found", days[0] <= days[1] <= days[2] <= days[3]
    for name in ("before", "after"):
        if change[f"{name}_sums"]:
            right = Sums(**change[f"{name}_sums"]).interval(share=change["kind"] == "share")
            yield f"the rate {name} the change", _same(tuple(change[name]), right)


def _exhibits(found: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    roots = {day["day"]: (day["root"], day["outputs"]) for day in found["proofs"]["days"]}
    listed = {record["id"]: record for record in found["suspects"]}
    for identifier, proof in found["proofs"]["exhibits"].items():
        made = proven(
            leaf(proof["salt"], canonical(proof["leaf_of"])), Proof(proof["place"], proof["size"], proof["beside"])
        )
        stated = roots.get(proof["day"], ("", 0))
        yield f"exhibit {identifier} is one of its day", made is not None and (made.hex(), proof["size"]) == stated
        shown, held = listed.get(identifier, {}), proof["leaf_of"]
        yield (
            f"exhibit {identifier} is what was proven",
            all(shown.get(key) == value for key, value in held.items() if key != "path"),
        )


def _same(told: tuple[float | None, ...], right: tuple[float, ...]) -> bool:
    """Whether figures are the same to the digits that are told; what has no bound is told as nothing."""
    return all(
        (stated is None and value == float("inf"))
        or (stated is not None and abs(stated - value) <= 1e-6 + 1e-6 * abs(value))
        for stated, value in zip(told, right, strict=True)
    )
