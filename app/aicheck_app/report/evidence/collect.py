"""Gather the evidence from the log: counts that add up, rates, the claim, exhibits, integrity."""

from __future__ import annotations

import os
import platform
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from aicheck_app import __version__
from aicheck_app.log.chain import canonical
from aicheck_app.log.fields import cleaned, message, name
from aicheck_app.log.handed_out import handed_out, head, keyed
from aicheck_app.log.marks import judgements
from aicheck_app.log.verify import prunings
from aicheck_app.monitor.statistics import Interval, fisher, wilson
from aicheck_app.redaction import leaks, redact_path
from aicheck_checks import RULESET
from aicheck_checks.registry import BY_CODE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicheck_app.log.store import Log, Record

DIMENSIONS = ("model", "client", "language", "day")
MAX_EXHIBITS = 5
MAX_PRUNINGS = 20
"""The newest prunings that are named."""
_EXTENSION = 12
"""Code points kept of a file's extension, where its path is not shown."""
ALPHA = 0.01
"""A group stands out if Fisher's test says so at this level, after Bonferroni's correction."""


class Filters(NamedTuple):
    """Which outputs count; empty means all. Times are UTC in ISO 8601."""

    since: str = ""
    until: str = ""
    model: str = ""
    agent: str = ""
    finding: str = ""


class Counts(NamedTuple):
    """Outputs by verdict, and the share of suspect ones among the checked."""

    clean: int = 0
    suspect: int = 0
    unchecked: int = 0

    @property
    def checked(self) -> int:
        """Outputs that were judged."""
        return self.clean + self.suspect

    @property
    def total(self) -> int:
        """All outputs."""
        return self.checked + self.unchecked

    @property
    def rate(self) -> Interval:
        """Suspect among checked, with its 95 % Wilson interval."""
        return wilson(self.suspect, self.checked)


class Standout(NamedTuple):
    """A group whose sessions have suspect outputs more or less often than the others'."""

    dimension: str
    value: str
    inside: tuple[int, int]
    outside: tuple[int, int]
    p: float
    """Corrected for the number of groups compared."""
    compared: int


class Evidence(NamedTuple):
    """Everything that a report shows."""

    filters: Filters
    made: str
    first: str
    last: str
    total: Counts
    sessions: int
    by: dict[str, list[tuple[str, Counts]]]
    codes: list[tuple[str, str, int]]
    standout: Standout | None
    exhibits: list[Record]
    suspects: list[Record]
    marks: dict[str, int]
    """Suspect outputs that a person confirmed or dismissed; dismissed ones count as clean."""
    unchecked: list[tuple[str, int]]
    events: dict[str, int]
    environment: dict[str, str]
    integrity: dict[str, Any]


def collect(log: Log, filters: Filters, made: str, *, show_paths: bool = False) -> Evidence:
    """The evidence of the outputs that the filters let through; ``made`` is the time of the report."""
    where, values = _condition(filters)
    marks = judgements(log)
    flagged, rows = [], _rows(log, where, values)
    for record in log.records(f"{where} AND verdict = 'suspect'", values):
        if any(f["code"].startswith(filters.finding) for f in record["findings"]):
            flagged.append(record)
        else:
            rows.append(_row(record, "clean"))
    counted = [record for record in flagged if marks.get(record["id"]) != "dismissed"]
    rows += [_row(record, "clean" if marks.get(record["id"]) == "dismissed" else "suspect") for record in flagged]
    masked = [keyed(log, record["id"]) for record in counted if leaks(canonical(handed_out(log, record)))]
    suspects = [_exhibit(record, log, show_paths) for record in counted]
    times = [t for row in rows for t in row[6:8] if t]
    return Evidence(
        filters=Filters(*map(name, filters)),
        made=made,
        first=min(times, default=""),
        last=max(times, default=""),
        total=_counts(rows),
        sessions=_session_count(log, where, values),
        by={dimension: _group(rows, dimension) for dimension in DIMENSIONS},
        codes=_codes(suspects),
        standout=_standout(log, where, values, counted),
        exhibits=_choose(suspects),
        suspects=suspects,
        marks=dict(Counter(marks[r["id"]] for r in flagged if r["id"] in marks)),
        unchecked=[
            (name(str(reason or "?")), n)
            for reason, n in log.query(
                f"SELECT json_extract(body, '$.reason'), count(*) FROM records WHERE {where}"
                " AND verdict = 'unchecked' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 12",
                values,
            )
        ],
        events={**_events(log, filters), **_masked(masked)},
        environment={
            "aicheck": __version__, "ruleset": RULESET, "python": platform.python_version(),
            "system": f"{platform.system()} {platform.machine()}",
        },
        integrity=_integrity(log),
    )  # fmt: skip


def _rows(log: Log, where: str, values: list[object]) -> list[tuple[Any, ...]]:
    """Counts by day, model, client, language and verdict of what is not suspect.

    An older log may hold names as they came: they are cleaned here.
    """
    found = log.query(
        "SELECT substr(time, 1, 10), coalesce(model, 'unknown'), coalesce(agent, '?'), coalesce(agent_version, '?'),"
        " coalesce(language, 'unknown'), verdict, count(*), min(time), max(time)"
        f" FROM records WHERE {where} AND verdict != 'suspect' GROUP BY 1, 2, 3, 4, 5, 6",
        values,
    )
    return [
        (day, name(model), f"{name(agent)} {name(version)}", name(language), *counts)
        for day, model, agent, version, language, *counts in found
    ]


def _row(record: Record, verdict: str) -> tuple[Any, ...]:
    """A row that counts one record, under the names that it has itself."""
    time, model, language = (str(record.get(key) or "") for key in ("time", "model", "language"))
    client = " ".join(name(str(record.get(key) or "?")) for key in ("agent", "agent_version"))
    return (time[:10] or None, name(model or "unknown"), client, name(language or "unknown"), verdict, 1, time, time)


def _masked(identifiers: list[str]) -> dict[str, int]:
    """What the report says of records that held what looks like a secret."""
    if not identifiers:
        return {}
    shown = ", ".join(identifiers[:3]) + (" ..." if len(identifiers) > 3 else "")
    return {f"outputs shown with what looks like a secret masked (aicheck log show {shown})": len(identifiers)}


def _condition(filters: Filters, kind: str = "output", *, guessed: bool = False) -> tuple[str, list[object]]:
    where, values = ["kind = ?"], [kind]
    if kind == "output":
        where.append(f"coalesce(attribution, '') {'=' if guessed else '!='} 'heuristic'")
    for column, test, value in (
        ("time", ">=", filters.since), ("time", "<", filters.until),
        ("model", "=", filters.model if kind == "output" else ""), ("agent", "=", filters.agent),
    ):  # fmt: skip
        if value:
            where.append(f"{column} {test} ?")
            values.append(value)
    return " AND ".join(where), list(values)


def _counts(rows: Sequence[tuple[Any, ...]]) -> Counts:
    by: Counter[str] = Counter()
    for row in rows:
        by[row[4]] += row[5]
    return Counts(by["clean"], by["suspect"], by["unchecked"])


def _group(rows: Sequence[tuple[Any, ...]], dimension: str) -> list[tuple[str, Counts]]:
    column = {"day": 0, "model": 1, "client": 2, "language": 3}[dimension]
    groups: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        groups[str(row[column] or "unknown")].append(row)
    found = [(value, _counts(group)) for value, group in groups.items()]
    return sorted(found) if dimension == "day" else sorted(found, key=lambda g: (-g[1].total, g[0]))


def _session_count(log: Log, where: str, values: list[object]) -> int:
    return int(log.query(f"SELECT count(DISTINCT session) FROM records WHERE {where}", values)[0][0])


def _codes(suspects: list[Record]) -> list[tuple[str, str, int]]:
    """Each rule with the number of suspect outputs it fired on."""
    counts = Counter(code for s in suspects for code in {f["code"] for f in s["findings"]})
    names = {code: BY_CODE[code].name if code in BY_CODE else "?" for code in counts}
    return sorted(((c, names[c], n) for c, n in counts.items()), key=lambda row: (-row[2], row[0]))


def _standout(log: Log, where: str, values: list[object], suspects: list[Record]) -> Standout | None:
    """The group that differs most, worse ones first.

    The unit is the session, because defects cluster in sessions.
    """
    sessions = log.query(
        "SELECT DISTINCT session, coalesce(model, 'unknown'), coalesce(agent_version, '?')"
        f" FROM records WHERE {where} AND verdict != 'unchecked'",
        values,
    )
    hit = {
        tuple(
            name(str(s.get(key) or none))
            for key, none in (("session", ""), ("model", "unknown"), ("agent_version", "?"))
        )
        for s in suspects
    }
    rows = hit | {(name(session or ""), name(model), name(version)) for session, model, version in sessions}
    tables: list[tuple[str, str, int, int, int, int]] = []
    for dimension, column in (("model", 1), ("client version", 2)):
        groups: dict[str, list[int]] = defaultdict(list)
        for row in rows:
            groups[row[column]].append(row in hit)
        bad, size = sum(map(sum, groups.values())), sum(map(len, groups.values()))
        if len(groups) > 1:
            tables += [(dimension, g, sum(v), len(v), bad - sum(v), size - len(v)) for g, v in groups.items()]
    found = [
        Standout(dimension, group, (bad, size), (other_bad, other_size), min(1.0, p * len(tables)), len(tables))
        for dimension, group, bad, size, other_bad, other_size in tables
        if (p := fisher(bad, size - bad, other_bad, other_size - other_bad)) * len(tables) < ALPHA
    ]
    return min(found, key=lambda s: (s.inside[0] * s.outside[1] < s.outside[0] * s.inside[1], s.p), default=None)


def _choose(suspects: list[Record]) -> list[Record]:
    """At most five exhibits: the surest of each rule first, newest first among equals."""
    ordered = sorted(suspects, key=lambda s: s.get("time", ""), reverse=True)
    ordered.sort(key=lambda s: all(f["confidence"] != "high" for f in s["findings"]))
    chosen: list[Record] = []
    for fresh in (True, False):
        for suspect in ordered:
            codes = {f["code"] for f in suspect["findings"]}
            seen = {f["code"] for c in chosen for f in c["findings"]}
            if len(chosen) < MAX_EXHIBITS and suspect not in chosen and (not fresh or codes - seen):
                chosen.append(suspect)
    return chosen


def _exhibit(record: Record, log: Log, show_paths: bool) -> Record:
    path = redact_path(str(record.get("path", "")))
    shown = (
        path if show_paths or not path else log.keyed(path) + os.path.splitext(path.replace("\\", "/"))[1][:_EXTENSION]
    )
    (kept,) = cleaned([handed_out(log, record)])
    return {**kept, "path": shown}


def without_words(evidence: Evidence) -> Evidence:
    """The evidence with its counts and places alone: for a report in which the outputs' words read like a secret."""
    left = f"outputs shown without their words, which read like a secret ({len(evidence.exhibits)} exhibits left out)"
    return evidence._replace(
        suspects=[_wordless(record) for record in evidence.suspects],
        exhibits=[],
        events={**evidence.events, left: len(evidence.suspects)},
    )


def _wordless(record: Record) -> Record:
    kept: Record = {key: record[key] for key in ("id", "kind", "time", "language", "verdict") if key in record}
    places = [{k: f[k] for k in ("code", "line", "column", "severity", "confidence")} for f in record["findings"]]
    return {**kept, "sha256": "", "path": "", "findings": [{**place, "message": place["code"]} for place in places]}


def _events(log: Log, filters: Filters) -> dict[str, int]:
    """API errors, refusals, rejected and failed edits of the sessions, and guessed outputs: counted apart from the verdicts."""
    where, values = _condition(filters, "session")
    found: Counter[str] = Counter()
    for record in log.records(where, values):
        found.update({name(event): n for event, n in record.get("events", {}).items()})
        for kind in ("rejected", "failed"):
            found[f"edits {kind}"] += sum(record.get(kind, {}).values())
    where, values = _condition(filters, guessed=True)
    for verdict, n in log.query(f"SELECT verdict, count(*) FROM records WHERE {where} GROUP BY 1", values):
        found[f"outputs recognised by shape and speed alone, {verdict}"] = n
    return {event: n for event, n in sorted(found.items()) if n}


def _integrity(log: Log) -> dict[str, Any]:
    count, faults = log.verify()
    return {
        "records": count,
        "pruned": log.query("SELECT count(*) FROM pruned")[0][0],
        "prunings": [message(str(each)) for each in prunings(log.db)[-MAX_PRUNINGS:]],
        "chain_head": head(log),
        "verified": not faults,
        "faults": [f"record {f.seq}: {f.reason}" for f in faults[:5]],
    }
