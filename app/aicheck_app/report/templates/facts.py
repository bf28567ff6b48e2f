"""What a form asks for, taken from the evidence: each fact once, for all vendors."""

from __future__ import annotations

import os
import platform
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app.report.evidence import wording
from aicheck_app.report.sinks.markdown import NAME, code, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicheck_app.log.records import Body
    from aicheck_app.report.evidence.collect import Evidence

SESSIONS = 3
"""Sessions that are named for a feedback id."""
AGENTS = {
    "claude-code": "claude-code",
    "codex": "codex",
    "gemini": "gemini",
    "copilot": "copilot-cli",
    "cursor": "cursor",
}


class Facts(NamedTuple):
    """Facts in words that are ready to be posted; empty where they are not known."""

    claim: str
    changed: bool
    details: str
    version: str
    last_good: str
    model: str
    provider: str
    permission_mode: str
    sessions: list[str]
    requests: list[str]
    files: str
    modes: str
    os: str
    terminal: str
    reproduction: str


def facts(evidence: Evidence, vendor: str) -> Facts:
    """The facts of a report for a vendor's form."""
    agent = AGENTS[vendor]
    change = evidence.monitored.change
    own = [
        record for record in evidence.exhibits if str(record.get("agent", "")).startswith(agent)
    ] or evidence.exhibits
    sessions = list(dict.fromkeys(str(record["session"]) for record in own if record.get("session")))[:SESSIONS]
    return Facts(
        claim=wording.claim(evidence, text),
        changed=change is not None,
        details=_details(evidence),
        version=text(change.first_bad if change and change.first_bad else _version(evidence, agent, own), NAME),
        last_good=text(change.last_good, NAME) if change else "",
        model=text(_first(evidence, "model served"), NAME),
        provider=_first(evidence, "provider"),
        permission_mode=_first(evidence, "permission mode"),
        sessions=sessions,
        requests=list(dict.fromkeys(str(record["request"]) for record in own if record.get("request")))[:SESSIONS],
        files="\n".join(f"- {code(str(record['path']))}" for record in own if record.get("path")),
        modes=", ".join(_modes(evidence)),
        os=platform.system(),
        terminal=text(os.environ.get("TERM_PROGRAM", ""), NAME),
        reproduction=(
            "Not reproduced by a test of its own: the figures are counted from the sessions of daily work, by"
            f" aicheck {evidence.environment['aicheck']} (rule set {evidence.environment['ruleset']})."
        ),
    )


def _details(evidence: Evidence) -> str:
    """The exhibits in a line each, the counter-evidence, and how to check it."""
    total, change = evidence.total, evidence.monitored.change
    lines = [wording.sureness(change)] if change is not None else []
    apart = change is not None or bool(evidence.filters.output)  # else the claim has said it
    figures = f"{wording.overall(total, evidence.filters.finding)}; " if apart and total.checked else ""
    lines.append(f"{figures}{wording.counted(evidence.sessions, 'session')}, {wording.period(evidence)}.")
    if change is not None:
        lines += [
            f"- {one.day} {one.dimension} {code(one.value)}: {wording.switch(change.kpi, one)}"
            for one in change.switches[:5]
        ]
    lines += [
        f"- {text(f['code'])}: {text(f['message'])}" for record in evidence.exhibits for f in record["findings"][:1]
    ]
    if controls := wording.controls(evidence):
        lines.append(f"- {controls}.")
    return "\n".join(lines)


def _version(evidence: Evidence, agent: str, exhibits: Sequence[Body]) -> str:
    """The version of the exhibits, else the one that most messages are of."""
    shown = next((str(record["agent_version"]) for record in exhibits if record.get("agent_version", "?") != "?"), "")
    if shown:
        return shown
    found = [value for value, _ in evidence.seen.get("client", ()) if value.startswith(agent)]
    return found[0].partition(" ")[2] if found else ""


def _first(evidence: Evidence, title: str) -> str:
    return next((value for value, _ in evidence.seen.get(title, ())), "")


def _modes(evidence: Evidence) -> list[str]:
    """The client's own names for what is claimed (``modes.tsv``)."""
    lines = files("aicheck_app.report.templates").joinpath("modes.tsv").read_text(encoding="utf-8").splitlines()[1:]
    known = dict(line.split("\t") for line in lines)
    change = evidence.monitored.change
    measures = [change.kpi.name] if change is not None else []
    measures += [
        row.kpi.name
        for row in evidence.monitored.rows
        if row.kpi.family and any(code.startswith(row.kpi.family) for code, _, _ in evidence.codes)
    ]
    return list(dict.fromkeys(known[name] for name in measures if name in known))
