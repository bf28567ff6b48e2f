"""Gather the evidence from the log: counts that add up, rates, the claim, exhibits, integrity."""

from __future__ import annotations

import os
import platform
from collections import Counter, defaultdict
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import asdict, replace

from aicheck_app import __version__
from aicheck_app.errors import AicheckError
from aicheck_app.log import queries
from aicheck_app.log.chain import canonical
from aicheck_app.log.fields import cleaned, message, name
from aicheck_app.log.foreign import imported
from aicheck_app.log.handed_out import handed_out, head, keyed
from aicheck_app.log.marks import dismissed_findings, judgements, remaining
from aicheck_app.log.queries import Selection, Sitting
from aicheck_app.log.records import body
from aicheck_app.monitor.statistics import Sums, fisher
from aicheck_app.redaction import leaks, redact_path
from aicheck_app.report.evidence.by_day import ByDay, by_day, pruned
from aicheck_app.report.evidence.change import Monitored, monitored
from aicheck_app.report.evidence.counts import Counts, cleaned_names, cross, groups, spans, tally_of, totalled
from aicheck_app.report.evidence.proofs import proofs
from aicheck_app.report.records import fault
from aicheck_checks import RULESET
from aicheck_checks.registry import BY_CODE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicheck_app.log.marks import Place
    from aicheck_app.log.queries import Stored
    from aicheck_app.log.records import Body, Output
    from aicheck_app.log.store import Log
    from aicheck_app.monitor.history import History

MAX_EXHIBITS = 5
MAX_SUSPECTS = 2_000
"""Suspect outputs that are listed; the newest ones."""
MAX_PRUNINGS = 20
"""The newest prunings that are named."""
MAX_MESSAGES = 2_000
"""Of the newest messages the clients' own words on their environment are told."""
MAX_VALUES = 8
_SEEN = {
    "client": ("agent", "agent_version"), "model served": ("model",), "entry point": ("entry",), "effort": ("effort",),
    "permission mode": ("permission_mode",), "speed": ("speed",), "provider": ("provider",),
}  # fmt: skip
VERIFIED = 100_000
"""Records up to which the whole chain is verified for a report; of a longer log the newest ones are."""
_SHOWN = ("code", "message", "severity", "confidence")
"""Members of a finding that are shown even where a record lacks them."""
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
    session: str = ""
    output: str = ""

    @property
    def outputs(self) -> Selection:
        """The outputs that they let through, whatever was found in them."""
        return Selection(self.since, self.until, self.model, self.agent, session=self.session, output=self.output)


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
    exhibits: list[Body]
    """Records as others may see them; so are ``suspects``."""
    suspects: list[Body]
    marks: dict[str, int]
    """Suspect outputs that a person confirmed or dismissed; dismissed ones count as clean."""
    unfound: int
    """Outputs that no rule found and a person confirmed as degraded: they are in no rate."""
    unchecked: list[tuple[str, int]]
    events: dict[str, int]
    environment: dict[str, str]
    integrity: dict[str, Any]
    cross: list[tuple[str, str, Counts]]
    """Model and client version together."""
    controls: tuple[int, int]
    """Sessions on the days of suspect ones: all that were checked, and those without a suspect output; both 0 if not counted."""
    left_out: int
    """Suspect outputs that are counted, and are not among ``suspects``."""
    guessed: Counts
    """Outputs that were recognised by their shape alone: they are in no other figure."""
    seen: dict[str, list[tuple[str, int]]]
    """What the clients said of themselves in their newest messages: versions, entry points, efforts, modes; with counts."""
    spans: list[tuple[str, str, str, Counts]]
    """Each client version with the times of its first and last output."""
    proofs: dict[str, Any]
    """Roots of the days that exhibits are of, and a proof for each exhibit (``proofs.py``)."""
    monitored: Monitored


def collect(
    log: Log,
    filters: Filters,
    made: str,
    *,
    show_paths: bool = False,
    alarms_a_year: float = 1.0,
    every: bool = True,
    history: History | None = None,
) -> Evidence:
    """The evidence of the outputs that the filters let through; ``made`` is the time of the report.

    Series are those of the log, or of the ``history`` that its records were taken out of. It lists ``every`` suspect output, up to the newest 2,000, or the exhibits alone. Raises AicheckError for a model, agent or
    finding that the log does not have, and if it can't be read.
    """
    known_names(log, filters)
    chosen, marks, dismissed = filters.outputs, judgements(log), dismissed_findings(log)
    counted_days = by_day(log, chosen)
    flagged, tallies = (
        [],
        cleaned_names(queries.tallies(log, chosen) if counted_days is None else counted_days.unsuspected),
    )
    for each in queries.suspects(log, chosen):
        stored = _without(each, dismissed.get(each.record.id, set()))
        if not filters.finding or any(f.code.startswith(filters.finding) for f in stored.record.findings):
            flagged.append(stored)
        else:
            tallies.append(tally_of(stored.record, "clean"))
    counted = [stored for stored in flagged if marks.get(stored.record.id) != "dismissed"]
    tallies += [tally_of(stored.record, "suspect") for stored in counted]
    if counted_days is None:
        tallies += [
            tally_of(stored.record, "clean") for stored in flagged if marks.get(stored.record.id) == "dismissed"
        ]
    elif not filters.finding and queries.pruned(log):
        tallies += pruned(cleaned_names(counted_days.suspected), tallies)
    said = monitored(history or log, alarms_a_year, filters.outputs)
    alike = said.alike or Sums(0, max(totalled(tallies).checked, 1), 1, 0.0).alike  # of one session nothing shows it
    guessed = _guessed(log, chosen, counted_days)._replace(alike=alike)
    shown_ones = _choose(counted)
    listed = sorted(counted, key=lambda one: one.record.time)[-MAX_SUSPECTS:] if every else []
    shown = {one.record.id: one for one in (*listed, *shown_ones)}
    masked = [keyed(log, one.record.id) for one in shown.values() if leaks(canonical(handed_out(log, one.body)))]
    made_of = {name: _exhibit(one, log, show_paths=show_paths) for name, one in shown.items()}
    suspects = [made_of[stored.record.id] for stored in counted if stored.record.id in shown]
    exhibits = [made_of[stored.record.id] for stored in shown_ones]
    times = [time for tally in tallies for time in (tally.first, tally.last) if time]
    return Evidence(
        filters=Filters(*map(name, filters)),
        made=made,
        first=min(times, default=""),
        last=max(times, default=""),
        total=totalled(tallies, alike),
        sessions=queries.session_count(log, chosen) if counted_days is None else counted_days.sessions,
        by=groups(tallies, alike),
        codes=_codes(counted),
        standout=(
            _standout(queries.sittings(log, chosen), _sat(counted))
            if counted_days is None or filters.finding
            else _standout(counted_days.sittings, counted_days.hits)
        ),
        exhibits=exhibits,
        suspects=suspects,
        marks=dict(Counter(marks[s.record.id] for s in flagged if s.record.id in marks)),
        unfound=queries.unfound_among(log, [one for one, said in marks.items() if said == "confirmed"], chosen),
        unchecked=[(name(str(reason)), n) for reason, n in queries.reasons(log, chosen)],
        events={**_events(log, filters, guessed), **_masked(masked)},
        environment={
            "aicheck": __version__, "ruleset": RULESET, "python": platform.python_version(),
            "system": f"{platform.system()} {platform.machine()}",
        },
        integrity=_integrity(log),
        cross=cross(tallies, alike),
        controls=counted_days.controls if counted_days is not None else (0, 0),
        left_out=len(counted) - len(suspects),
        guessed=guessed,
        seen=_seen(log, chosen),
        spans=spans(tallies),
        proofs=proofs(log, exhibits if every else (), lambda body: _exhibit(_without(queries.whole(log, body), dismissed.get(body["id"], set())), log, show_paths=False)),
        monitored=said,
    )  # fmt: skip


def known_names(log: Log, filters: Filters) -> None:
    """Raise AicheckError for a model or agent that the log has no outputs of, or a finding that no rule has."""
    for member, value in (("model", filters.model), ("agent", filters.agent)):
        known = queries.counted_by(log, member, "") if value else {}  # type: ignore[arg-type]
        if value and value not in known:
            some = ", ".join(list(known)[:12]) or "none"
            raise AicheckError(f"the log has no outputs of the {member} '{name(value)}' (known: {some})")
    if filters.session and not queries.session_count(log, filters.outputs):
        raise AicheckError(f"the log has no outputs of the session '{name(filters.session)}' (see 'aicheck log list')")
    if filters.finding and not any(code.startswith(filters.finding) for code in BY_CODE):
        raise AicheckError(f"no rule has the code '{name(filters.finding)}' (see 'aicheck rules')")


def _guessed(log: Log, chosen: Selection, days: ByDay | None) -> Counts:
    if days is not None:
        counts = days.guessed
        return Counts(counts["checked"] - counts["suspect"], counts["suspect"], counts["unchecked"])
    by = queries.by_verdict(log, chosen._replace(guessed=True))
    return Counts(by.get("clean", 0), by.get("suspect", 0), by.get("unchecked", 0))


def _seen(log: Log, chosen: Selection) -> dict[str, list[tuple[str, int]]]:
    found: dict[str, Counter[str]] = {title: Counter() for title in _SEEN}
    for one in queries.newest_messages(log, MAX_MESSAGES, chosen):
        for title, members in _SEEN.items():
            value = " ".join(str(getattr(one, member)) for member in members).strip()
            if value:
                found[title][name(value)] += 1
    return {title: counts.most_common(MAX_VALUES) for title, counts in found.items() if +counts}


def _without(stored: Stored[Output], dismissed: set[Place]) -> Stored[Output]:
    """An output without the findings that were dismissed by themselves, as long as others are left."""
    kept = remaining(stored.record, dismissed)
    return stored._replace(record=replace(stored.record, findings=kept)) if kept else stored


def _masked(identifiers: list[str]) -> dict[str, int]:
    """What the report says of records that held what looks like a secret."""
    if not identifiers:
        return {}
    shown = ", ".join(identifiers[:3]) + (" ..." if len(identifiers) > 3 else "")
    return {f"outputs shown with what looks like a secret masked (aicheck log show {shown})": len(identifiers)}


def _codes(suspects: Sequence[Stored[Output]]) -> list[tuple[str, str, int]]:
    """Each rule with the number of suspect outputs it fired on."""
    counts = Counter(name(code) for one in suspects for code in {found.code for found in one.record.findings})
    names = {code: BY_CODE[code].name if code in BY_CODE else "?" for code in counts}
    return sorted(((c, names[c], n) for c, n in counts.items()), key=lambda row: (-row[2], row[0]))


def _sat(suspects: Sequence[Stored[Output]]) -> list[Sitting]:
    """The sessions of suspect outputs."""
    found = [stored.record for stored in suspects]
    return [Sitting(one.session, one.model or "unknown", one.agent_version or "?") for one in found]


def _standout(judged: Sequence[Sitting], suspect: Sequence[Sitting]) -> Standout | None:
    """The group that differs most, worse ones first.

    The unit is the session, because defects cluster in sessions.
    """
    hit = set(map(_named, suspect))
    rows = hit | {_named(sitting) for sitting in judged}
    tables: list[tuple[str, str, int, int, int, int]] = []
    for dimension, member in (("model", "model"), ("client version", "agent_version")):
        groups: dict[str, list[int]] = defaultdict(list)
        for row in rows:
            groups[getattr(row, member)].append(row in hit)
        bad, size = sum(map(sum, groups.values())), sum(map(len, groups.values()))
        if len(groups) > 1:
            tables += [(dimension, g, sum(v), len(v), bad - sum(v), size - len(v)) for g, v in groups.items()]
    found = [
        Standout(dimension, group, (bad, size), (other_bad, other_size), min(1.0, p * len(tables)), len(tables))
        for dimension, group, bad, size, other_bad, other_size in tables
        if (p := fisher(bad, size - bad, other_bad, other_size - other_bad)) * len(tables) < ALPHA
    ]
    return min(found, key=lambda s: (s.inside[0] * s.outside[1] < s.outside[0] * s.inside[1], s.p), default=None)


def _named(sitting: Sitting) -> Sitting:
    """With names as they are shown."""
    return Sitting(sitting.session, name(sitting.model), name(sitting.agent_version))


def _choose(suspects: Sequence[Stored[Output]]) -> list[Stored[Output]]:
    """At most five exhibits: the surest of each rule first, newest first among equals."""
    ordered = sorted((one for one in suspects if one.record.findings), key=lambda one: one.record.time, reverse=True)
    ordered.sort(key=lambda one: all(found.confidence != "high" for found in one.record.findings))
    chosen: list[Stored[Output]] = []
    seen: set[str] = set()
    for suspect in ordered:
        codes = {found.code for found in suspect.record.findings}
        if codes - seen and len(chosen) < MAX_EXHIBITS:
            chosen.append(suspect)
            seen |= codes
    others = (one for one in ordered if all(one is not other for other in chosen))
    return [*chosen, *islice(others, MAX_EXHIBITS - len(chosen))]


def _exhibit(stored: Stored[Output], log: Log, *, show_paths: bool) -> Body:
    path = redact_path(stored.record.path)
    shown = (
        path if show_paths or not path else log.keyed(path) + os.path.splitext(path.replace("\\", "/"))[1][:_EXTENSION]
    )
    (kept,) = cleaned([handed_out(log, _sound(stored))])
    return {**kept, "path": shown}


def _sound(stored: Stored[Output]) -> Body:
    """A record without members of another shape than their type says, and with those that only a newer aicheck knows."""
    record, known = stored.record, {"kind", *stored.record.__struct_fields__}
    findings = [{k: v for k, v in asdict(found).items() if v != "" or k in _SHOWN} for found in record.findings]
    newer = {key: value for key, value in stored.body.items() if key not in known}
    return dict(sorted({**newer, **body(record), "findings": findings}.items()))


def without_words(evidence: Evidence) -> Evidence:
    """The evidence with its counts and places alone: for a report in which the outputs' words read like a secret."""
    left = f"outputs shown without their words, which read like a secret ({len(evidence.exhibits)} exhibits left out)"
    return evidence._replace(
        suspects=[_wordless(record) for record in evidence.suspects],
        exhibits=[],
        proofs={"days": [], "exhibits": {}},
        events={**evidence.events, left: len(evidence.suspects)},
    )


def _wordless(record: Body) -> Body:
    kept: Body = {key: record[key] for key in ("id", "kind", "time", "language", "verdict") if key in record}
    places = [{k: f[k] for k in ("code", "line", "column", "severity", "confidence")} for f in record["findings"]]
    return {**kept, "sha256": "", "path": "", "findings": [{**place, "message": place["code"]} for place in places]}


def _events(log: Log, filters: Filters, guessed: Counts) -> dict[str, int]:
    """API errors, refusals, rejected and failed edits of the sessions, and guessed outputs: counted apart from the verdicts."""
    found: Counter[str] = Counter()
    for event, n in queries.counted_in_sessions(log, "events", filters.outputs).items():
        found[name(event)] += n
    found["edits rejected"] = sum(queries.counted_in_sessions(log, "rejected", filters.outputs).values())
    found["edits failed"] = sum(queries.counted_in_sessions(log, "failed", filters.outputs).values())
    for verdict, n in zip(("clean", "suspect", "unchecked"), guessed[:3], strict=True):
        found[f"outputs recognised by shape and speed alone, {verdict}"] = n
    return {event: n for event, n in sorted(found.items()) if n}


def _integrity(log: Log) -> dict[str, Any]:
    records = queries.count(log)
    whole = records <= VERIFIED
    checked, faults = log.verify() if whole else log.verify_newest(VERIFIED)
    return {
        "records": records,
        "checked": checked,
        "pruned": queries.pruned(log),
        "imported": imported(log),
        "prunings": [message(str(each)) for each in queries.prunings(log)[-MAX_PRUNINGS:]],
        "chain_head": head(log),
        "verified": not faults,
        "faults": [fault(each._replace(id="")) for each in faults[:5]],
    }
