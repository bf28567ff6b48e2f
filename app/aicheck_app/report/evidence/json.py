"""Evidence as JSON, version 2: all counts and every suspect output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicheck_app.report.evidence import wording
from aicheck_app.report.sinks.json import dumps

if TYPE_CHECKING:
    from aicheck_app.report.evidence.collect import Counts, Evidence


def render(evidence: Evidence) -> str:
    """One JSON object and a newline."""
    return dumps(document(evidence), indent=1) + "\n"


def document(evidence: Evidence) -> dict[str, Any]:
    """The object as plain data."""
    return {
        "version": 2,
        "claim": wording.claim(evidence),
        "made": evidence.made,
        "filters": {k: v for k, v in evidence.filters._asdict().items() if v},
        "period": {"first": evidence.first, "last": evidence.last},
        "sessions": evidence.sessions,
        "total": _counts(evidence.total),
        **{f"by_{name}": [{"value": v, **_counts(c)} for v, c in groups] for name, groups in evidence.by.items()},
        "findings": [{"code": c, "name": name, "outputs": n} for c, name, n in evidence.codes],
        "standout": evidence.standout._asdict() if evidence.standout else None,
        "marks": evidence.marks,
        "unchecked": [{"reason": reason, "outputs": n} for reason, n in evidence.unchecked],
        "events": evidence.events,
        "suspects": evidence.suspects,
        "environment": evidence.environment,
        "integrity": evidence.integrity,
    }


def _counts(counts: Counts) -> dict[str, Any]:
    rate = counts.rate
    return {
        "outputs": counts.total, "clean": counts.clean, "suspect": counts.suspect, "unchecked": counts.unchecked,
        "rate": round(rate.rate, 6), "low": round(rate.low, 6), "high": round(rate.high, 6),
    }  # fmt: skip
