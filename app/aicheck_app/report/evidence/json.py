"""Evidence as JSON, version 3: all counts and every suspect output."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aicheck_app import hashing
from aicheck_app.log.chain import canonical
from aicheck_app.report.evidence import wording
from aicheck_app.report.sinks.json import dumps
from aicheck_app.report.trend.json import kpi_rows, rounded, series, sums
from aicheck_app.report.trend.tried import switch

if TYPE_CHECKING:
    from aicheck_app.monitor.attribution import Carrier
    from aicheck_app.report.evidence.collect import Evidence
    from aicheck_app.report.evidence.counts import Counts


def render(evidence: Evidence) -> str:
    """One JSON object and a newline."""
    return dumps(document(evidence), indent=1) + "\n"


def sealed(text: str) -> str:
    """A finished report with the hash of all that stands in it beside ``sha256``."""
    found = json.loads(text)
    return dumps({**found, "sha256": digest(found)}, indent=1) + "\n"


def digest(found: dict[str, Any]) -> str:
    """SHA-256 of a report's members but ``sha256``, as JSON with sorted keys and without blanks."""
    kept = {key: value for key, value in found.items() if key != "sha256"}
    return hashing.of_text(canonical(kept))


def document(evidence: Evidence) -> dict[str, Any]:
    """The object as plain data."""
    return {
        "version": 3,
        "claim": wording.claim(evidence),
        "made": evidence.made,
        "filters": {k: v for k, v in evidence.filters._asdict().items() if v},
        "period": {"first": evidence.first, "last": evidence.last},
        "sessions": evidence.sessions,
        "total": _counts(evidence.total),
        "outputs_worth_one": evidence.total.alike,
        **{f"by_{name}": [{"value": v, **_counts(c)} for v, c in groups] for name, groups in evidence.by.items()},
        "findings": [{"code": c, "name": name, "outputs": n} for c, name, n in evidence.codes],
        "change": _change(evidence),
        "changes_beside": [
            {"series": reading.series.name, **alarm._asdict()} for reading, alarm in evidence.monitored.others
        ],
        "kpis": kpi_rows(evidence.monitored.rows),
        "by_model_and_client": [{"model": m, "client": v, **_counts(c)} for m, v, c in evidence.cross],
        "controls": dict(zip(("sessions", "clean"), evidence.controls, strict=True)),
        "guessed": _counts(evidence.guessed),
        "seen": {title: dict(values) for title, values in evidence.seen.items()},
        "spans": [
            {"client": client, "first": first, "last": last, "outputs": c.total}
            for client, first, last, c in evidence.spans
        ],
        "proofs": evidence.proofs,
        "definitions": dict(wording.DEFINITIONS),
        "standout": evidence.standout._asdict() if evidence.standout else None,
        "marks": {**evidence.marks, **({"confirmed_unfound": evidence.unfound} if evidence.unfound else {})},
        "unchecked": [{"reason": reason, "outputs": n} for reason, n in evidence.unchecked],
        "events": evidence.events,
        "suspects": evidence.suspects,
        "suspects_left_out": evidence.left_out,
        "environment": evidence.environment,
        "integrity": evidence.integrity,
    }


def _change(evidence: Evidence) -> dict[str, Any] | None:
    """The change that is claimed, with all switches of its time."""
    found = evidence.monitored.change
    if found is None:
        return None
    rates = {
        name: None if rate is None else list(map(rounded, rate))
        for name, rate in (("before", found.rate(found.before)), ("after", found.rate(found.after)))
    }
    return {
        "kpi": found.kpi.name, "unit": found.kpi.unit, "kind": found.kpi.kind, **found.alarm._asdict(), **rates, "sessions": list(found.sessions), "days": list(found.days),
        "before_sums": sums(found.before) if found.before else None, "after_sums": sums(found.after) if found.after else None,
        "series": series(found.reading), "switches": [switch(one) for one in found.switches],
        "last_good_version": found.last_good or None, "first_bad_version": found.first_bad or None,
        **({"carried": {name: [_carrier(one) for one in parts] for name, parts in found.carried}} if found.carried else {}),
    }  # fmt: skip


def _carrier(one: Carrier) -> dict[str, Any]:
    """A person's, project's or version's part in a change."""
    rates = {
        name: None if rate is None else list(map(rounded, rate))
        for name, rate in (("before", one.before), ("after", one.after))
    }
    return {"value": one.value, **rates, "sessions": list(one.sessions), "excess": rounded(one.excess)}


def _counts(counts: Counts) -> dict[str, Any]:
    rate = counts.rate
    return {
        "outputs": counts.total, "clean": counts.clean, "suspect": counts.suspect, "unchecked": counts.unchecked,
        **{name: round(value, 6) if counts.checked else None for name, value in rate._asdict().items()},
    }  # fmt: skip
