"""Checking a report on any machine: its figures are worked out again from what it holds, its exhibits from their proofs."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from aicheck_app import hashing
from aicheck_app.errors import AicheckError
from aicheck_app.report.evidence.worked_out import checks
from aicheck_checks.files import read_bytes

MAX_BYTES = 200_000_000
_DIGEST = re.compile(r"SHA-256 of everything above this line: `([0-9a-f]{64})`\n")
_TITLE = "# Evidence of AI code quality\n"
_FORM = re.compile(
    r"\A[^\0]{0,3000}^- \[ \] read every line: it leaves your machine only if you post it$", re.MULTILINE
)


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
    text = data.decode("utf-8", "replace").replace("\r\n", "\n")
    if text.startswith(_TITLE) or _DIGEST.search(text):
        return _markdown(text)
    if _FORM.search(text):
        raise AicheckError(
            f"{path}: a form filled in for a vendor has no check of its own: give out the report too that holds its figures"
            " (aicheck report -o report.json), which can be verified"
        )
    try:
        found = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise AicheckError(f"{path}: no report of aicheck in Markdown or JSON") from error
    if not isinstance(found, dict) or found.get("version") != 3 or "claim" not in found:
        raise AicheckError(f"{path}: no report of aicheck of version 3 (aicheck report --format json)")
    try:
        told = list(checks(found))
        taken = _taken(found)
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError, RecursionError) as error:
        return Verified(0, [f"a member is missing or of another shape: {type(error).__name__} {error}"], [])
    return Verified(len(told), [wrong for wrong, right in told if not right], taken)


def _markdown(text: str) -> Verified:
    """A report in Markdown: whether it is the text whose hash its last line states."""
    stated = list(_DIGEST.finditer(text if text.endswith("\n") else f"{text}\n"))
    if not stated:
        return Verified(0, ["the last line, which states the SHA-256 of the text, is missing"], [])
    last = stated[-1]
    if text[last.end() :].strip():
        return Verified(
            0, ["there is more text below the last line, so it is not the text whose SHA-256 that line states"], []
        )
    whole = hashing.of_text(text[: last.start()])
    faults = [] if whole == last[1] else ["the text is not the one whose SHA-256 stands in its last line"]
    return Verified(0, faults, ["every figure: only the JSON report holds what they are made of"])


ON_TRUST = {
    "claim": "the claim's words, beside the figures in them that are compared",
    "made": "when the report was made",
    "filters": "what was selected",
    "sessions": "how many sessions there were",
    "period": "names and times of groups",
    "by_model": "names and times of groups",
    "by_client": "names and times of groups",
    "by_language": "names and times of groups",
    "by_day": "names and times of groups",
    "by_model_and_client": "names and times of groups",
    "spans": "names and times of groups",
    "total": "the counts of outputs that are not listed",
    "guessed": "the counts of outputs that are not listed",
    "outputs_worth_one": "how many outputs are worth one",
    "findings": "the names of rules",
    "change": "when the change began, how strong its evidence is, and the tests of what switched",
    "changes_beside": "other changes",
    "kpis": "what sessions counted, and the states of series",
    "controls": "the sessions on the days of suspect outputs",
    "seen": "what clients said of themselves",
    "proofs": "that the roots of days are those of the log",
    "definitions": "definitions",
    "standout": "the sessions of the group that stands out",
    "marks": "what people judged",
    "unchecked": "why outputs are unchecked",
    "events": "events",
    "suspects": "suspect outputs without a proof",
    "suspects_left_out": "suspect outputs that are not listed",
    "environment": "the environment",
    "integrity": "that the log was whole, its records and the head of its chain ('aicheck log verify' there, with a head made known before)",
}
"""By member of a report: what nothing in it shows to be so."""


def _taken(found: dict[str, Any]) -> list[str]:
    """What nothing in a report shows to be so: all that is in it, but for what was worked out again."""
    taken = list(dict.fromkeys(words for member, words in ON_TRUST.items() if found.get(member)))
    taken += [f"the member {str(member)[:40]!r}" for member in found if member not in (*ON_TRUST, "version", "sha256")]
    unproven = len(found["suspects"]) - len(found["proofs"]["exhibits"])
    if found["suspects"]:
        taken[taken.index(ON_TRUST["suspects"])] = (
            f"{unproven:,} of {len(found['suspects']):,} suspect outputs, which have no proof"
            if unproven > 0
            else "the files of suspect outputs"
        )
    if found["integrity"].get("imported"):
        taken.append(f"{found['integrity']['imported']:,} records that came from the exports of other logs")
    return taken


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose members have different names: of two of one name, readers would take this or that."""
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a member stands twice in an object")
    return made
