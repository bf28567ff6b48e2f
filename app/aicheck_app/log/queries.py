"""Every question that is put to the log, under a name, with answers of a type: what lies below may change, the names stay.

All raise AicheckError if the log can't be read. Times are UTC in ISO 8601; one that is empty is no bound.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Generic, Literal, NamedTuple, TypeVar

from aicheck_app.log import records
from aicheck_app.log.fields import session_id
from aicheck_app.log.records import Canary, Later, Mark, Message, Output, Record, Session

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from aicheck_app.log.records import Body, Finding
    from aicheck_app.log.store import Log
    from aicheck_app.log.verify import Beginning, Pruning

REASONS = 12
"""The most frequent reasons that are told."""
OUTPUT = "kind = 'output' AND coalesce(tool, '') != 'turn'"
"""Each output once: an older aicheck logged its second looks at a turn's edits as outputs of the tool 'turn'."""
_LATER = "later.kind = 'later' AND later.target = records.id"
_SECOND_LOOK = """later.tool = 'turn' AND later.verdict = 'suspect' AND later.session = records.session
 AND json_extract(later.body, '$.tool_use') = json_extract(records.body, '$.tool_use')"""
VERDICT = f"""CASE WHEN verdict != 'suspect' AND (
 EXISTS (SELECT 1 FROM records AS later WHERE {_LATER} AND later.verdict = 'suspect')
 OR EXISTS (SELECT 1 FROM records AS later WHERE {_SECOND_LOOK})) THEN 'suspect' ELSE verdict END"""
"""An output's verdict with what was found of it later."""
_LIKELY = """SELECT seq FROM records WHERE kind = 'output' AND verdict = 'suspect'
 UNION SELECT made.seq FROM records AS later JOIN records AS made ON made.id = later.target
 WHERE later.kind = 'later' AND later.verdict = 'suspect'"""
"""Outputs that are suspect, or were found to be so later."""
AMONG = "id IN (SELECT value FROM json_each(?))"
"""Outputs among those whose ids a list in JSON names."""
_Test = tuple[str, str]
"""A condition on a member, and the value that it is compared with."""
_Kind = TypeVar("_Kind", bound=Record)


class Stored(NamedTuple, Generic[_Kind]):
    """A record, and its body as it is stored: with what other versions of aicheck put there."""

    record: _Kind
    body: Body


class Selection(NamedTuple):
    """Which outputs count; empty means all. ``guessed`` ones were recognised by their shape alone, and are told apart."""

    since: str = ""
    until: str = ""
    model: str = ""
    agent: str = ""
    guessed: bool = False
    session: str = ""
    output: str = ""
    """The id of one output."""
    project: str = ""
    """As the log names it."""


class Tally(NamedTuple):
    """Outputs that have all but their time in common; ``day`` is empty where none is known."""

    day: str
    model: str
    agent: str
    agent_version: str
    language: str
    verdict: str
    outputs: int
    first: str
    last: str


class Sitting(NamedTuple):
    """One session with one model and one version of the agent."""

    session: str
    model: str
    agent_version: str


class Run(NamedTuple):
    """What a run of the canary asked of one model."""

    run: str
    model: str
    time: str
    passed: int
    failed: int
    errors: int


class Period(NamedTuple):
    """From the first to the last output; empty where there is none."""

    first: str
    last: str


def everything(log: Log) -> Iterator[Body]:
    """All records as they are stored, in the order in which they were logged."""
    yield from log.bodies()


def outputs_behind(log: Log, place: int, limit: int) -> list[tuple[int, Output]]:
    """The outputs that were logged after the record in a place, with their own places; at most so many."""
    rows = log.rows(
        f"SELECT seq, body FROM records WHERE seq > ? AND {OUTPUT} ORDER BY seq LIMIT {int(limit)}", (place,)
    )
    return [(seq, records.decoded(Output, body)) for seq, body in rows]


def count(log: Log) -> int:
    """All records."""
    return _number(log, "SELECT count(*) FROM records")


def pruned(log: Log) -> int:
    """The records of which only hash and id are left."""
    return _number(log, "SELECT count(*) FROM pruned")


def undated(log: Log) -> int:
    """The records that hold no time."""
    return _number(log, "SELECT count(*) FROM records WHERE julianday(time) IS NULL")


def prunings(log: Log) -> list[Pruning | Beginning]:
    """What was pruned, oldest first."""
    from aicheck_app.log import verify  # which no hook needs

    return verify.prunings(log.db)


def later(log: Log, body: Body) -> list[Finding]:
    """What was found of an output after it was logged."""
    return [each for record in _looks(log, body) for each in record.findings]


def later_files(log: Log, body: Body) -> set[str]:
    """The hashes of the whole files in which something was found of an output after it was logged."""
    return {record.file_sha256 for record in _looks(log, body)}


def _looks(log: Log, body: Body) -> list[Later]:
    if body.get("kind") != "output":
        return []
    found = log.bodies("kind = 'later' AND target = ?", (body["id"],))
    looks = log.bodies(
        "session = ? AND tool = 'turn' AND verdict = 'suspect' AND json_extract(body, '$.tool_use') = ?",
        (body.get("session", ""), body.get("tool_use", "")),
    )
    return [records.read(Later, record) for record in (*found, *looks)]


def find(log: Log, identifier: str) -> Body | None:
    """The record with this id, as it is stored."""
    return next(log.bodies("id = ?", (identifier,)), None)


def beginning_with(log: Log, digits: str) -> list[Body]:
    """The records, other than marks, whose id begins so, as they are stored."""
    return list(log.bodies("id >= ? AND id < ? AND kind != 'mark'", (digits, f"{digits}\uffff")))


def newest_outputs(log: Log, within: int) -> Iterator[Output]:
    """The outputs among so many of the newest records, oldest first."""
    yield from log.read(Output, f"seq > (SELECT max(seq) - {int(within)} FROM records) AND {OUTPUT}", ())


def newest_messages(log: Log, limit: int, which: Selection) -> Iterator[Message]:
    """The messages of a selection with the newest times."""
    where, values = all_of(
        "kind = 'message'",
        *_bounds(which),
        ("model = ?", which.model),
        ("agent = ?", which.agent),
        ("session = ?", which.session),
    )
    newest = f"SELECT seq FROM records WHERE {where} ORDER BY time DESC LIMIT {int(limit)}"
    yield from log.read(Message, f"seq IN ({newest})", values)


def outputs_of_day(log: Log, day: str, limit: int) -> list[Body]:
    """The outputs of a day (UTC), in the order in which they were logged, with their salts; at most so many."""
    where = f"{OUTPUT} AND time >= ? AND time < ? ORDER BY seq LIMIT {int(limit)}"
    return [json.loads(body) for (body,) in log.rows(f"SELECT body FROM records WHERE {where}", (day, f"{day}U"))]


def outputs_of(log: Log, session: str, limit: int, project: str = "") -> Iterator[Output]:
    """The newest outputs of a session, of all projects or of one, oldest first, however much others logged meanwhile."""
    where, values = all_of(f"session = ? AND {OUTPUT}", ("project = ?", project))
    newest = f"SELECT seq FROM records WHERE {where} ORDER BY seq DESC LIMIT {int(limit)}"
    yield from log.read(Output, f"seq IN ({newest})", (session_id(session), *values))


def latest(log: Log, limit: int, since: str = "") -> list[Body]:
    """The outputs that were logged last, oldest first, as they are stored."""
    where, values = all_of(OUTPUT, ("time >= ?", since))
    newest = f"SELECT seq FROM records WHERE {where} ORDER BY seq DESC LIMIT {int(limit)}"
    return list(log.bodies(f"seq IN ({newest})", values))


def verdicts(log: Log, since: str) -> list[str]:
    """The verdicts of the outputs from a time on, in the order in which they were logged."""
    rows = log.rows(f"SELECT {VERDICT} FROM records WHERE {OUTPUT} AND time >= ? ORDER BY seq", (since,))
    return [verdict or "" for (verdict,) in rows]


def suspect_among(log: Log, identifiers: Collection[str], since: str = "") -> int:
    """How many of the outputs with these ids, from a time on, are suspect."""
    where, values = all_of(f"{OUTPUT} AND {VERDICT} = 'suspect' AND {AMONG}", ("time >= ?", since))
    return _number(log, f"SELECT count(*) FROM records WHERE {where}", [json.dumps(list(identifiers)), *values])


def unfound_among(log: Log, identifiers: Collection[str], which: Selection) -> int:
    """How many of the outputs with these ids are in a selection and not suspect."""
    where, values = _selected(which)
    where += f" AND {AMONG} AND {VERDICT} != 'suspect'"
    return _number(log, f"SELECT count(*) FROM records WHERE {where}", [*values, json.dumps(list(identifiers))])


def sessions_beginning(log: Log, digits: str, limit: int, project: str = "") -> list[str]:
    """The sessions with outputs, of all projects or of one, whose id begins so, at most so many; one that is just this comes alone."""
    where, values = all_of(f"{OUTPUT} AND session >= ? AND session < ?", ("project = ?", project))
    rows = log.rows(
        f"SELECT DISTINCT session FROM records WHERE {where} ORDER BY 1 LIMIT {int(limit)}",
        (digits, f"{digits}\uffff", *values),
    )
    found = [session for (session,) in rows]
    return [digits] if digits in found else found


def counted_by(log: Log, member: Literal["verdict", "agent", "model"], since: str) -> dict[str, int]:
    """The outputs that have a time, from one on, by a member; the most frequent first."""
    return dict(
        log.rows(
            f"SELECT coalesce({VERDICT if member == 'verdict' else member}, 'unknown'), count(*) FROM records WHERE {OUTPUT} AND time >= ?"
            " GROUP BY 1 ORDER BY 2 DESC",
            (since,),
        )
    )


def period(log: Log, since: str) -> Period:
    """From when to when there are outputs."""
    (found,) = log.rows(f"SELECT min(time), max(time) FROM records WHERE {OUTPUT} AND time >= ?", (since,))
    return Period(*(time or "" for time in found))


def marks(log: Log, among: Collection[str] | None = None) -> Iterator[Mark]:
    """All that was said of outputs, or of those with these ids, oldest first."""
    if among is None:
        yield from log.read(Mark, "kind = 'mark'", [])
    else:
        there = "target IN (SELECT value FROM json_each(?))"
        yield from log.read(Mark, f"kind = 'mark' AND {there}", [json.dumps(list(among))])


def marks_of(log: Log, identifier: str) -> list[Body]:
    """What was said of one output, as it is stored."""
    return list(log.bodies("kind = 'mark' AND target = ?", (identifier,)))


def suspects(log: Log, which: Selection) -> Iterator[Stored[Output]]:
    """The suspect outputs."""
    where, values = _selected(which)
    turns = any(log.rows("SELECT 1 FROM records WHERE tool = 'turn' AND verdict = 'suspect' LIMIT 1"))
    if not turns:  # the index alone says which are worth a look
        where += f" AND seq IN ({_LIKELY})"
    found: dict[str, list[Finding]] = {}
    for one in log.read(Later, "kind = 'later'", ()):
        found.setdefault(one.target, []).extend(one.findings)
    for body in log.bodies(f"{where} AND {VERDICT} = 'suspect'", values):
        yield whole(log, body) if turns else _with(body, found.get(body["id"], []))


def tallies(log: Log, which: Selection) -> list[Tally]:
    """Counts of what is not suspect, by day, model, agent, language and verdict."""
    where, values = _selected(which)
    rows = log.rows(
        "SELECT coalesce(substr(time, 1, 10), ''), coalesce(model, 'unknown'), coalesce(agent, '?'),"
        f" coalesce(agent_version, '?'), coalesce(language, 'unknown'), {VERDICT} AS made, count(*),"
        f" coalesce(min(time), ''), coalesce(max(time), '') FROM records WHERE {where} AND made != 'suspect'"
        " GROUP BY 1, 2, 3, 4, 5, 6",
        values,
    )
    return [Tally(*row) for row in rows]


def reasons(log: Log, which: Selection) -> list[tuple[str, int]]:
    """Why outputs are unchecked, with their number: the most frequent reasons."""
    where, values = _selected(which)
    return list(
        log.rows(
            f"SELECT coalesce(json_extract(body, '$.reason'), '?'), count(*) FROM records WHERE verdict = 'unchecked' AND {where}"
            f" AND {VERDICT} = 'unchecked' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {REASONS}",
            values,
        )
    )


def session_count(log: Log, which: Selection) -> int:
    """The sessions that outputs are of."""
    where, values = _selected(which)
    return _number(log, f"SELECT count(DISTINCT session) FROM records WHERE {where}", values)


def sittings(log: Log, which: Selection) -> list[Sitting]:
    """The sessions with outputs that were judged."""
    where, values = _selected(which)
    rows = log.rows(
        "SELECT DISTINCT coalesce(session, ''), coalesce(model, 'unknown'), coalesce(agent_version, '?')"
        f" FROM records WHERE {where} AND {VERDICT} != 'unchecked'",
        values,
    )
    return [Sitting(*row) for row in rows]


def by_verdict(log: Log, which: Selection) -> dict[str, int]:
    """Outputs by verdict."""
    where, values = _selected(which)
    return dict(log.rows(f"SELECT {VERDICT}, count(*) FROM records WHERE {where} GROUP BY 1", values))


def rules_kept(log: Log, project: str) -> tuple[Counter[str], Counter[str]]:
    """How many steps of a project's sessions kept and broke each rule that the project states, by rule."""
    kept: Counter[str] = Counter()
    broken: Counter[str] = Counter()
    for session in log.read(Session, "kind = 'session' AND json_extract(body, '$.project') = ?", (project,)):
        kept.update(session.rules_kept)
        broken.update(session.rules_broken)
    return kept, broken


def sessions(log: Log, which: Selection) -> Iterator[Session]:
    """What was counted in sessions, of whatever model."""
    where, values = _of_sessions(which)
    yield from log.read(Session, where, values)


def counted_in_sessions(log: Log, member: Literal["events", "rejected", "failed"], which: Selection) -> dict[str, int]:
    """What sessions counted in a member, added up by name."""
    where, values = _of_sessions(which)
    rows = log.rows(
        "SELECT each.key, sum(each.value) FROM records, json_each(records.body, ?) AS each"
        f" WHERE {where} AND typeof(each.value) = 'integer' GROUP BY 1",
        [f"$.{member}", *values],
    )
    return dict(rows)


def answers(log: Log, *, model: str = "", run: str = "", since: str = "", until: str = "") -> list[Canary]:
    """The canary's judged answers: of a model, of runs whose name begins so, of a time."""
    where, values = all_of(
        "kind = 'canary' AND verdict != 'error'",
        ("model = ?", model), ("substr(session, 1, length(?)) = ?", run), *_bounds(Selection(since, until)),
    )  # fmt: skip
    return list(log.read(Canary, where, values))


def runs(log: Log) -> list[Run]:
    """The runs of the canary, oldest first."""
    rows = log.rows(
        "SELECT session, model, min(time), sum(verdict = 'passed'), sum(verdict = 'failed'), sum(verdict = 'error')"
        " FROM records WHERE kind = 'canary' GROUP BY session, model ORDER BY min(seq)"
    )
    return [Run(*row) for row in rows]


def whole(log: Log, body: Body) -> Stored[Output]:
    """An output with what was found of it later."""
    return _with(body, later(log, body))


def _with(body: Body, found: Sequence[Finding]) -> Stored[Output]:
    record = records.read(Output, body)
    known = {(each.code, each.message) for each in record.findings}
    fresh = [each for each in found if (each.code, each.message) not in known]
    if not fresh:
        return Stored(record, body)
    record.findings = [*record.findings, *fresh]
    if any(each.suspect for each in fresh):
        record.verdict, record.reason = "suspect", ""
    return Stored(record, {**body, **records.body(record)})


def _selected(which: Selection) -> tuple[str, list[str]]:
    where = f"{OUTPUT} AND coalesce(attribution, '') {'=' if which.guessed else '!='} 'heuristic'"
    return all_of(
        where, *_bounds(which), ("model = ?", which.model), ("agent = ?", which.agent), ("session = ?", which.session),
        ("id = ?", which.output), ("project = ?", which.project),
    )  # fmt: skip


def _of_sessions(which: Selection) -> tuple[str, list[str]]:
    return all_of(
        "kind = 'session'", *_bounds(which), ("agent = ?", which.agent), ("session = ?", which.session),
        ("project = ?", which.project),
    )  # fmt: skip


def _bounds(which: Selection) -> tuple[_Test, _Test]:
    return ("time >= ?", which.since), ("time < ?", which.until)


def all_of(where: str, *tests: _Test) -> tuple[str, list[str]]:
    """The condition that all hold, and its values; a test for nothing is none."""
    asked = [(test, value) for test, value in tests if value]
    given = [value for test, value in asked for _ in range(test.count("?"))]
    return " AND ".join([where, *(test for test, _ in asked)]), given


def _number(log: Log, sql: str, values: Sequence[str] = ()) -> int:
    ((number,),) = log.rows(sql, values)
    return int(number)
