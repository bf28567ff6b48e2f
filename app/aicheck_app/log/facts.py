"""The facts that rates are made of: what each session did on each day, counted from its records as they are logged.

A row is a session, a day (UTC), a client with its version, a model that was asked and one that served, and so on (``KEY``); its
other columns are counters that add up over any rows. Records are only the source: rows stay when records are pruned.
Whatever asks for a rate reads these rows, here or in a team's database (``monitor/sums.py``).
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from aicheck_app import hashing
from aicheck_app.log.fields import storable
from aicheck_app.log.paths import still, uri
from aicheck_app.log.records import Event, Later, Mark, Message, Output, Session, Turn, read
from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from aicheck_app.log.records import Body, Finding

KEY = (
    "session", "day", "agent", "version", "model", "asked", "effort", "project", "language", "ruleset", "settings", "known", "side",
    "person",
)  # fmt: skip
"""What tells rows apart. ``session`` is a hash; ``known`` is 0 for outputs that were guessed by their shape, ``side`` 1 for
agents that another one started. ``person`` is empty in a person's own log, and a pseudonym in a team's."""
NUMBERS = ("known", "side")
"""Those that are no text."""
FAMILIES = ("syn", "imp", "tru", "eli", "cor", "ref", "rep", "ctx", "api", "tst", "log", "eff")
"""Of ``log`` and ``eff`` the findings are counted, of all others the outputs that one of theirs makes suspect. Of ``tst`` most findings make
nothing suspect: ``lowered`` counts the outputs with one of these."""
_QUALITY = ("log", "eff")
_SIGNALS = (
    "reads", "rereads", "edits", "creates", "rewrites", "blind_edits", "rework", "undone", "repeated_calls", "prompts", "interrupts",
    "commands", "commands_failed", "unsaved_lost", "tests_removed", "tests_deleted", "definitions_lost", "no_verify",
)  # fmt: skip
_ENDINGS = ("said_done_failed", "said_done_unchecked", "stopped_early", "todo_open")
_FAILED = ("edits_not_found", "edits_ambiguous", "edits_stale", "edits_unread", "edits_missing_file", "edits_other")
_DESTRUCTIVE = (
    "git_checkout",
    "git_restore",
    "git_reset_hard",
    "git_clean",
    "git_stash_drop",
    "git_push_force",
    "rm_recursive",
)
COUNTERS = (
    "outputs", "checked", "suspect", "unchecked", "lines", *FAMILIES, "lowered", "confirmed", "dismissed", "kept", "edited", "deleted",
    "messages", "tokens", "input_tokens", "cache_read", "cache_written", "thinking_tokens", "thinking", "thinking_blocks",
    "signature", "characters", "calls", "first_token", "first_tokens", "milliseconds", "timed", "placeholders", "unended",
    "cut_by_length", "turns", "checks", "checks_failed", "interrupted", *_ENDINGS, *_SIGNALS, "edits_failed", "destructive",
    "rules_kept", "rules_broken", "fallbacks", "switches", "refusals", "api_errors", "compactions",
)  # fmt: skip
"""Numbers of things, but for ``tokens`` and their like (tokens), ``first_token`` and ``milliseconds`` (milliseconds in all),
``characters`` and ``signature`` (code points)."""
_CHARACTERS_PER_TOKEN = 8
"""More than a token ever stands for: a message with fewer tokens holds the count of its first piece."""
MOST = 2**40
"""What a counter of a row may come to: more than a day of a session ever has, and so little that no sum over eight million rows
is more than a database can add up."""
_DIGITS = 12
_DAY = lazy(
    r"(?!0000)(?:"
    r"[0-9]{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)T"
    r"|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29T)"
)
"""A date that there is, and the T behind it."""


class Key(NamedTuple):
    """What tells a row from the others, in the order of ``KEY``."""

    session: str
    day: str
    agent: str
    version: str
    model: str
    asked: str
    effort: str
    project: str
    language: str
    ruleset: str
    settings: str
    known: int
    side: int
    person: str = ""


class Row(NamedTuple):
    """A row, or what is to be added to one; ``first`` and ``last`` are the times of its records."""

    key: Key
    first: str
    last: str
    counts: Counter[str]


def reading(path: str) -> sqlite3.Connection:
    """A connection to the facts of a log, for reading alone, that threads may share."""
    db = sqlite3.connect(still(path) or f"{uri(path)}?mode=ro", uri=True, check_same_thread=False)
    db.execute("PRAGMA query_only = ON")
    return db


def create(db: sqlite3.Connection) -> None:
    """Make the table, within the caller's transaction."""
    names = ", ".join(name + (" INTEGER NOT NULL" if name in NUMBERS else " TEXT NOT NULL DEFAULT ''") for name in KEY)
    counters = ", ".join(f"{name} INTEGER NOT NULL DEFAULT 0" for name in COUNTERS)
    db.execute(
        f"CREATE TABLE facts (id INTEGER PRIMARY KEY, {names}, first TEXT NOT NULL, last TEXT NOT NULL,"
        f" touched INTEGER NOT NULL, {counters})"
    )
    db.execute("CREATE INDEX facts_day ON facts (day)")
    db.execute("CREATE INDEX facts_touched ON facts (touched, day)")
    db.execute(
        "CREATE INDEX facts_outputs ON facts (day, known, agent, session, model, version, language, first, last,"
        " outputs, checked, suspect, unchecked) WHERE outputs > 0"
    )

    index_clients(db)


def index_clients(db: sqlite3.Connection) -> None:
    """Which agents and models have outputs is asked for each list of them."""
    db.execute("CREATE INDEX IF NOT EXISTS facts_clients ON facts (agent, model) WHERE outputs > 0")


def rebuild(db: sqlite3.Connection) -> None:
    """Count all records anew, within the caller's transaction; what was pruned keeps no rows."""
    db.execute("DELETE FROM facts")
    last = 0
    while chunk := db.execute(
        "SELECT seq, body FROM records WHERE seq > ? ORDER BY seq LIMIT 5000", (last,)
    ).fetchall():
        last = chunk[-1][0]
        add(db, [json.loads(text) for _, text in chunk])


def count_lowered(db: sqlite3.Connection) -> None:
    """Count the outputs that lower checks, of the records that are there, where nobody has yet; within the caller's transaction."""
    touched = db.execute("SELECT max(seq) FROM records").fetchone()[0]
    db.execute("UPDATE facts SET lowered = 0")
    telling = "SELECT CASE kind WHEN 'later' THEN target ELSE id END FROM records WHERE kind IN ('output', 'later')"
    for identifier in {row[0] for row in db.execute(f"{telling} AND body LIKE '%\"TST%'")}:
        row = next(_asked(db, "SELECT body FROM records WHERE id = ? AND kind = 'output'", identifier), None)
        output = read(Output, json.loads(row[0])) if row else None
        if output is None or output.tool == "turn":
            continue
        counts = _judged(output, _said_of(db, output))
        if counts["lowered"]:
            key = _key(output, output.language, output.ruleset)
            _upsert(db, Row(key, output.time, output.time, counts), {"lowered": 1}, touched)


def add(db: sqlite3.Connection, bodies: Iterable[Body], into: sqlite3.Connection | None = None) -> None:
    """Count records that were just logged, within the caller's transaction, in its facts or in those of another database."""
    touched = db.execute("SELECT max(seq) FROM records").fetchone()[0]
    for row in added_up(each for body in bodies for each in _rows(db, body)):
        counts = {name: number for name, number in row.counts.items() if number}
        if counts:
            _upsert(into or db, row, counts, touched)


def added_up(rows: Iterable[Row]) -> Iterator[Row]:
    """Rows of one key as one, with no counter above ``MOST``."""
    known: dict[Key, Row] = {}
    for row in rows:
        before = known.get(row.key)
        if before is None:
            known[row.key] = row
            continue
        before.counts.update(row.counts)
        known[row.key] = before._replace(first=min(before.first, row.first), last=max(before.last, row.last))
    for row in known.values():
        yield row._replace(counts=Counter({name: min(number, MOST) for name, number in row.counts.items()}))


def row_of(body: Body, said: list[Body]) -> Row | None:
    """What a record counts with all that was said of it later, oldest first, where no log is at hand."""
    if body.get("kind") != "output":
        return next(rows_of(body), None)
    output = read(Output, body)
    return Row(_key(output, output.language, output.ruleset), output.time, output.time, _judged(output, said))


def rows_of(body: Body) -> Iterator[Row]:
    """What a record counts by itself: judgements of an output, and what was found of it later, need the log (``add``)."""
    make = _MAKERS.get(str(body.get("kind")))
    row = make(body) if make is not None else None
    if row is not None:
        yield row


def _rows(db: sqlite3.Connection, body: Body) -> Iterator[Row]:
    """What a record adds, also to the rows of an output of which it tells."""
    kind = body.get("kind")
    if kind in ("later", "mark"):
        targets = [str(body.get("target", ""))]
    elif kind == "output" and body.get("tool") == "turn":
        targets = _edits_of(db, body)
    else:
        yield from rows_of(body)
        return
    for target in targets:
        yield from _changed(db, target, body)


def _changed(db: sqlite3.Connection, target: str, said: Body) -> Iterator[Row]:
    """The difference that something makes which is said of an output."""
    row = next(_asked(db, "SELECT body FROM records WHERE id = ? AND kind = 'output'", target), None)
    output = read(Output, json.loads(row[0])) if row else None
    if output is None or output.tool == "turn":
        return
    known = _said_of(db, output, before=str(said.get("id")))
    counts = _judged(output, [*known, said])
    counts.subtract(_judged(output, known))
    yield Row(_key(output, output.language, output.ruleset), output.time, output.time, counts)


def _said_of(db: sqlite3.Connection, output: Output, before: str | None = None) -> list[Body]:
    """All that was said of an output, or all before the record with this id, oldest first."""
    place = MOST
    if before is not None:
        place = next((seq for (seq,) in _asked(db, "SELECT seq FROM records WHERE id = ?", before)), 0)
    said = _asked(db, "SELECT body FROM records WHERE target = ? AND seq < ? ORDER BY seq", output.id, place)
    turns = _asked(
        db,
        "SELECT body FROM records WHERE session = ? AND tool = 'turn' AND verdict = 'suspect' AND json_extract(body, '$.tool_use') = ?"
        " AND seq < ?",
        output.session, output.tool_use, place,
    )  # fmt: skip
    return [json.loads(text) for (text,) in (*turns, *said)]


def _edits_of(db: sqlite3.Connection, turn: Body) -> list[str]:
    """The outputs that a second look of an older aicheck's tells of."""
    rows = _asked(
        db,
        "SELECT id FROM records WHERE session = ? AND kind = 'output' AND tool != 'turn' AND json_extract(body, '$.tool_use') = ?",
        turn.get("session", ""), turn.get("tool_use", ""),
    )  # fmt: skip
    return [identifier for (identifier,) in rows]


def _asked(db: sqlite3.Connection, sql: str, *values: object) -> Iterator[tuple[Any, ...]]:
    """Rows of a query; what another program wrote into a record may hold what SQLite has no text for."""
    yield from db.execute(sql, [_plain(value) for value in values])


def _judged(output: Output, said: list[Body]) -> Counter[str]:
    """An output's counts, with what was found of it later and what people and editors said of it."""
    findings, verdict, judgement = list(output.findings), output.verdict, ""
    dismissed: set[tuple[str, int, int]] = set()
    counts: Counter[str] = Counter(outputs=1, lines=output.lines)
    for body in said:
        if body.get("kind") == "mark":
            mark = read(Mark, body)
            if mark.code and mark.mark == "dismissed":
                dismissed.add((mark.code, mark.line, mark.column))
                if not any(found.suspect for found in _left(findings, dismissed)):
                    judgement = "dismissed"
            elif mark.mark in ("confirmed", "dismissed"):
                judgement = mark.mark
            elif mark.mark in ("kept", "edited", "deleted"):
                counts[mark.mark] = 1
            continue
        later = read(Later, body)
        findings += later.findings
        verdict = "suspect" if later.verdict == "suspect" else verdict
    left = _left(findings, dismissed) or findings
    if judgement == "dismissed":
        left, verdict = [], "clean" if verdict == "suspect" else verdict
    if judgement:
        counts[judgement] = 1
    counts["checked" if verdict in ("clean", "suspect") else "unchecked"] = 1
    if verdict == "suspect":
        counts["suspect"] = 1
    counts.update(_families(left, suspect=verdict == "suspect"))
    return counts


def _left(findings: list[Finding], dismissed: set[tuple[str, int, int]]) -> list[Finding]:
    """The findings that were not dismissed by themselves."""
    return [found for found in findings if (found.code, found.line, found.column) not in dismissed]


def _families(findings: list[Finding], *, suspect: bool) -> Counter[str]:
    counts: Counter[str] = Counter()
    for found in findings:
        family = found.code[:3].lower()
        if family in _QUALITY:
            counts[family] += 1
        elif suspect and found.suspect and family in FAMILIES:
            counts[family] = 1
        elif family == "tst":
            counts["lowered"] = 1
    return counts


def _output(body: Body) -> Row | None:
    output = read(Output, body)
    if output.tool == "turn":
        return None
    return Row(_key(output, output.language, output.ruleset), output.time, output.time, _judged(output, []))


def _message(body: Body) -> Row:
    message = read(Message, body)
    counts = Counter(
        messages=1, tokens=message.tokens, input_tokens=message.input_tokens, cache_read=message.cache_read,
        cache_written=message.cache_written, thinking_tokens=message.thinking_tokens, thinking=bool(message.thinking_blocks),
        thinking_blocks=message.thinking_blocks, signature=message.signature, characters=message.characters, calls=message.calls,
        first_token=message.first_token, first_tokens=bool(message.first_token), milliseconds=message.milliseconds,
        timed=bool(message.milliseconds), placeholders=message.tokens * _CHARACTERS_PER_TOKEN < message.characters,
        unended=not message.stop_reason, cut_by_length=message.stop_reason in ("max_tokens", "length"),
    )  # fmt: skip
    return Row(_key(message, effort=message.effort), message.time, message.time, counts)


def _turn(body: Body) -> Row:
    turn = read(Turn, body)
    counts = Counter(
        turns=1,
        checks=turn.checks,
        checks_failed=turn.checks_failed,
        interrupted=turn.end in ("interrupted", "aborted"),
    )
    counts.update({name: turn.signals.get(name, 0) for name in _ENDINGS})
    return Row(_key(turn), turn.time, turn.time, counts)


def _session(body: Body) -> Row:
    session = read(Session, body)
    signals = session.context
    counts = Counter({name: signals.get(name, 0) for name in _SIGNALS})
    counts["edits_failed"] = sum(signals.get(name, 0) for name in _FAILED)
    counts["destructive"] = sum(signals.get(name, 0) for name in _DESTRUCTIVE)
    counts["rules_kept"], counts["rules_broken"] = sum(session.rules_kept.values()), sum(session.rules_broken.values())
    return Row(_key(session), session.time, session.time, counts)


def _event(body: Body) -> Row | None:
    event = read(Event, body)
    name = event.event.replace("_", " ")
    column = (
        "fallbacks" if name.startswith("model ") and "fallback" in name
        else "switches" if name in ("model switch", "model change")
        else {"refusal": "refusals", "api error": "api_errors", "compact boundary": "compactions"}.get(name, "")
    )  # fmt: skip
    if not column:
        return None
    return Row(_key(event)._replace(model=event.model_to), event.time, event.time, Counter({column: 1}))


_MAKERS: Mapping[str, Callable[[Body], Row | None]] = {
    "output": _output, "message": _message, "turn": _turn, "session": _session, "event": _event,
}  # fmt: skip


def _key(
    record: Output | Message | Turn | Session | Event, language: str = "", ruleset: str = "", effort: str = ""
) -> Key:
    return Key(
        session_of(record.agent, record.session), day_of(record.time), record.agent, record.agent_version, getattr(record, "model", ""),
        getattr(record, "asked", ""), effort, getattr(record, "project", ""), language, ruleset, getattr(record, "settings", ""),
        int(getattr(record, "attribution", "") != "heuristic"), int(getattr(record, "side_chain", False)),
    )  # fmt: skip


def session_of(agent: str, session: str) -> str:
    """What stands for a session in the facts; empty where none is named."""
    return hashing.of_text(f"{agent}:{session}", _DIGITS) if session else ""


def day_of(time: str) -> str:
    """The day of a time; none for what an older log holds in another form."""
    return time[:10] if _DAY.match(time) else ""


def _upsert(db: sqlite3.Connection, row: Row, counts: Mapping[str, int], touched: int) -> None:
    names = ", ".join(counts)
    more = ", ".join(f"{name} = min({name} + excluded.{name}, {MOST})" for name in counts)
    marks = ", ".join("?" * (len(KEY) + len(counts) + 4))
    db.execute(
        f"INSERT INTO facts (id, {', '.join(KEY)}, first, last, touched, {names}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET"
        f" first = min(first, excluded.first), last = max(last, excluded.last), touched = excluded.touched, {more}",
        (_identifier(row.key), *map(_plain, row.key), _plain(row.first), _plain(row.last), touched, *counts.values()),
    )


def _plain(value: Any) -> Any:
    return storable(value) if isinstance(value, str) else value


def _identifier(key: Key) -> int:
    """A number for a key: 60 bits of its hash. It is the one that it had before people were told apart."""
    return int(hashing.of_text("\0".join(map(str, key)).removesuffix("\0"), 15), 16)
