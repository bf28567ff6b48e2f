"""Evidence as one self-contained HTML page: opens offline, light and dark, for print; its charts are drawn by Vega-Lite."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from markupsafe import Markup

from aicheck_app import hashing
from aicheck_app.report.evidence import wording
from aicheck_app.report.evidence.charts import charts
from aicheck_app.report.evidence.counts import together
from aicheck_app.report.sinks.json import dumps
from aicheck_app.report.sinks.page import resource, templates
from aicheck_app.report.trend.figures import rate, smallest, sparkline, state

if TYPE_CHECKING:
    from aicheck_app.report.evidence.collect import Evidence
    from aicheck_app.report.evidence.counts import Counts

    Cross = list[tuple[str, str, Counts]]

PACKAGE = "aicheck_app.report.evidence"
"""Where the page's template, style and scripts lie."""
MAX_GROUPS = 200
"""Rows of a table; the smaller groups are added up in a last row."""


def render(evidence: Evidence) -> str:
    """The page."""
    environment = templates(PACKAGE)
    environment.filters.update(
        percent=wording.percent, rate=wording.rate_of, count=lambda n: f"{n:,}", kpi_rate=lambda row: rate(row.kpi, row.now.rate),
        sparkline=sparkline, state=state, smallest=smallest, switch=wording.switch, minute=wording.minute,
    )  # fmt: skip
    drawn = charts(evidence)
    scripts = [resource(PACKAGE, name) for name in (("vega.js", "page.js") if drawn else ("page.js",))]
    policy = " ".join(f"'sha256-{base64.b64encode(hashing.raw(script.encode())).decode()}'" for script in scripts)
    return environment.get_template("page.html.j2").render(
        e=evidence,
        change=evidence.monitored.change,
        claim=wording.claim(evidence),
        damaged=wording.damaged(evidence),
        sure=wording.sureness(evidence.monitored.change) if evidence.monitored.change else "",
        period=wording.period(evidence),
        head=wording.head(evidence),
        judged=wording.judged(evidence),
        too=wording.changed_too(evidence),
        unmoved=wording.unmoved(evidence),
        controls=wording.controls(evidence),
        guessed=wording.guessed(evidence),
        definitions=wording.DEFINITIONS,
        limits=wording.LIMITS,
        titles=wording.TITLES,
        bars={name: bars(groups if name != "day" else groups[::-1]) for name, groups in evidence.by.items()},
        cross=_cross(evidence.cross),
        charts=[{**one, "spec": Markup(dumps(one["spec"]).replace("<", "\\u003c"))} for one in drawn],
        scripts=list(map(Markup, scripts)),
        policy=Markup(policy),
        style=Markup(resource(PACKAGE, "page.css")),
    )


def _cross(found: Cross) -> Cross:
    """Model and client version together, as many as a table has rows."""
    rest = found[MAX_GROUPS:]
    more = [(f"{len(rest):,} more", "", together((c for *_, c in rest), rest[0][2].alike))] if rest else []
    return [*found[:MAX_GROUPS], *more]


def bars(groups: list[tuple[str, Counts]]) -> list[tuple[str, Counts, float, float, float]]:
    """Each group with its rate and interval in per cent of the widest upper bound."""
    shown = groups[:MAX_GROUPS]
    if rest := groups[MAX_GROUPS:]:
        shown = [*shown, (f"{len(rest):,} more", together((c for _, c in rest), rest[0][1].alike))]
    widest = max((c.rate.high for _, c in groups if c.checked), default=1.0) or 1.0

    def scaled(c: Counts, share: float) -> float:
        return round(100 * share / widest, 2) if c.checked else 0.0

    return [(value, c, scaled(c, c.rate.rate), scaled(c, c.rate.low), scaled(c, c.rate.high)) for value, c in shown]
