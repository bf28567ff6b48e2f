"""What a report would hand out, by kind, for whoever is about to post it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aicheck_app.report.evidence.collect import Evidence

_SHOWN = 5
_MEMBERS = (
    ("ids of sessions", "session"), ("ids of requests", "request"), ("ids of messages", "message"), ("ids of calls", "tool_use"),
    ("names of files, as they are shown", "path"), ("models", "model"), ("versions of clients", "agent_version"),
)  # fmt: skip


def lines(evidence: Evidence) -> list[str]:
    """A line for each kind of thing that leaves this machine with a report, with some of them."""
    records = evidence.suspects
    told = []
    for title, member in _MEMBERS:
        values = list(dict.fromkeys(str(record[member]) for record in records if record.get(member)))
        told.append(_line(title, values))
    excerpts = [found["excerpt"] for record in records for found in record["findings"] if found.get("excerpt")]
    messages = list(dict.fromkeys(found["message"] for record in records for found in record["findings"]))
    told.append(_line("findings in words", messages))
    told.append(f"{len(excerpts):,} excerpts of code, {sum(text.count(chr(10)) + 1 for text in excerpts):,} lines")
    told += [f"  | {line}" for text in excerpts[:2] for line in text.splitlines()[:4]]
    told.append(
        f"counts of {evidence.total.total:,} outputs in {evidence.sessions:,} sessions by model, version, language and day"
    )
    told += [_line(title, [value for value, _ in values]) for title, values in evidence.seen.items()]
    told.append("not among it: prompts, whole texts, home folders, names of projects")
    return told


def _line(title: str, values: list[str]) -> str:
    shown = ", ".join(value[:60] for value in values[:_SHOWN]) + (", ..." if len(values) > _SHOWN else "")
    return f"{len(values):,} {title}{f': {shown}' if values else ''}"
