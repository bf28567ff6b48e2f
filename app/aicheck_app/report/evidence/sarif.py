"""The suspect outputs' findings as SARIF 2.1.0; the rates stay in JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicheck_app.report import sarif

if TYPE_CHECKING:
    from aicheck_app.report.evidence.collect import Evidence


def render(evidence: Evidence) -> str:
    """A SARIF log with one result a finding."""
    results = []
    for record in evidence.suspects:
        facts: dict[str, Any] = {
            k: record[k] for k in ("model", "agent", "agent_version", "session", "request", "time", "id") if k in record
        }
        for f in record["findings"]:
            results.append(
                sarif.Result(
                    f["code"], f["message"], str(record.get("path", "")), f["severity"], f["confidence"],
                    f["line"], f["column"], f["line"], f["column"], f.get("excerpt") or str(record.get("sha256", "")), facts,
                )
            )  # fmt: skip
    return sarif.render([r for r in results if r.code in sarif.KNOWN], automation="aicheck/report/")
