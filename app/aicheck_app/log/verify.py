"""Recomputing the chain: which records fit, and what was pruned.

A pruned record leaves its hash. The record of kind ``prune`` says which ones went (``ranges`` of ``seq``) and carries the
SHA-256 over all hashes from ``first`` to ``last``, in order: so any head from then on vouches for the hashes of what
was pruned and of what stands between. It carries another over the pruned records' ids, for a record whose id is known
as pruned is not logged again.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from typing import TYPE_CHECKING, Any, NamedTuple

from aicheck_app import hashing
from aicheck_app.errors import AicheckError
from aicheck_app.log.chain import GENESIS, link
from aicheck_app.log.schema import differences
from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aicheck_app.log.store import Log

SHORTEST = 8
"""Hexadecimal digits of a head that are enough."""
_HEXADECIMAL = lazy(r"[0-9A-Fa-f]{1,64}")
_SHOWN = 8
"""Ranges of pruned records that are named."""
_TOO_LARGE = 2**63
"""SQLite numbers no row so."""
CHAIN = (
    "SELECT seq, CAST(body AS BLOB), hash FROM records NOT INDEXED"
    " UNION ALL SELECT seq, NULL, hash FROM pruned ORDER BY seq"
)


class Fault(NamedTuple):
    """What verification found wrong with a record."""

    seq: int
    id: str
    reason: str


class Pruning(NamedTuple):
    """What a record of kind ``prune`` says: which records went, when, and those before which time."""

    seq: int
    time: str
    before: str
    first: int
    last: int
    digest: str
    ranges: tuple[tuple[int, int], ...]
    ids_digest: str
    """Empty where an older aicheck pruned, which did not vouch for ids."""

    def __str__(self) -> str:
        count = sum(end - start + 1 for start, end in self.ranges)
        spans = [f"{start} to {end}" if end > start else f"{start}" for start, end in self.ranges[:_SHOWN]]
        more = f" and {len(self.ranges) - _SHOWN} more ranges" if len(self.ranges) > _SHOWN else ""
        what = f"from before {self.before} were pruned" if self.before else "of a project were purged"
        return (
            f"{self.time}: {count:,} records {what} ({', '.join(spans)}{more});"
            " their hashes were kept, what they said is gone"
            f"{'' if self.ids_digest else '; nothing vouches for their ids, which an older aicheck kept'}"
        )


class Beginning(NamedTuple):
    """What a record of kind ``prune`` said before hashes were kept: the log begins after this record."""

    seq: int
    time: str
    through: int
    hash: bytes

    def __str__(self) -> str:
        return (
            f"{self.time}: the records up to {self.through} were pruned by an older aicheck, which kept no hashes:"
            " a head from before that can't be found any more"
        )


def storage_faults(db: sqlite3.Connection) -> list[Fault]:
    """What SQLite itself finds wrong with the file."""
    try:
        rows = db.execute("PRAGMA integrity_check(5)").fetchall()
    except sqlite3.DatabaseError as error:
        return [Fault(0, "", f"the database file is damaged: {error}")]
    return [Fault(0, "", f"the database file is damaged: {row[0]}") for row in rows if row[0] != "ok"]


def form_faults(db: sqlite3.Connection) -> list[Fault]:
    """What is not in the form that queries rely on: the schema, and the types of what the chain is made over."""
    try:
        odd = db.execute(
            "SELECT seq FROM records WHERE typeof(body) != 'text' OR typeof(hash) != 'blob' LIMIT 5"
        ).fetchall()
        faults = [Fault(0, "", f"the schema of the log was changed: {each}") for each in differences(db)]
    except sqlite3.DatabaseError as error:
        return [Fault(0, "", f"the database file is damaged: {error}")]
    return faults + [
        Fault(seq, "", "the record is not stored as text, so queries do not see what it says") for (seq,) in odd
    ]


def ids_digest(rows: Iterable[tuple[int, str | None]]) -> str:
    """The SHA-256 over ``seq``, a blank, the id and a line feed, of each pruned record, in order."""
    digest = hashing.begun()
    for seq, identifier in rows:
        digest.update(hashing.as_bytes(f"{seq} {identifier or ''}\n"))
    return digest.hexdigest()


def _ids_faults(db: sqlite3.Connection, told: list[Pruning | Beginning]) -> list[Fault]:
    """The prunings whose ids are not those that they noted."""
    return [
        Fault(one.seq, "prune", "the ids of what was pruned are not those that were kept")
        for one in told
        if isinstance(one, Pruning) and one.ids_digest and ids_digest(_pruned(db, one)) != one.ids_digest
    ]


def _pruned(db: sqlite3.Connection, one: Pruning) -> Iterator[tuple[int, str | None]]:
    for span in _merged(iter(one.ranges)):
        yield from db.execute("SELECT seq, id FROM pruned WHERE seq BETWEEN ? AND ? ORDER BY seq", span)


def chain_faults(db: sqlite3.Connection) -> tuple[int, list[Fault]]:
    """The number of records, and which of them, or of the hashes of pruned ones, do not fit the chain."""
    told = prunings(db)
    walk = _Walk(told)
    for seq, body, stored in db.execute(CHAIN):
        walk.step(seq, bytes(body) if body is not None else None, bytes(stored))
    return walk.count, walk.faults + walk.unproven() + _ids_faults(db, told)


def newest_faults(db: sqlite3.Connection, number: int) -> tuple[int, list[Fault]]:
    """As ``chain_faults``, for the newest records alone: each has to follow from the stored hash of the one before it."""
    ((last,),) = db.execute("SELECT coalesce(max(seq), 0) FROM records").fetchall()
    first = max(last - number, 0)
    known = db.execute(
        "SELECT hash FROM records WHERE seq = ?1 UNION ALL SELECT hash FROM pruned WHERE seq = ?1", (first,)
    ).fetchone()
    head, count, faults = bytes(known[0]) if known else GENESIS, 0, []
    rows = (
        "SELECT seq, CAST(body AS BLOB), hash FROM records WHERE seq > ?1"
        " UNION ALL SELECT seq, NULL, hash FROM pruned WHERE seq > ?1 ORDER BY seq"
    )
    for seq, body, stored in db.execute(rows, (first,)):
        if body is not None:
            count += 1
            if link(head, bytes(body)) != bytes(stored):
                faults.append(Fault(seq, _id(bytes(body)), "the record or its hash was changed"))
        head = bytes(stored)
    return count, faults


def prunings(db: sqlite3.Connection) -> list[Pruning | Beginning]:
    """What was pruned, oldest first; a record that can't be read says nothing."""
    found: list[Pruning | Beginning] = []
    with contextlib.suppress(sqlite3.DatabaseError):
        for seq, body in db.execute("SELECT seq, body FROM records WHERE kind = 'prune' ORDER BY seq"):
            with contextlib.suppress(ValueError, KeyError, TypeError):
                found.append(_pruning(seq, json.loads(body)))
    return found


def _pruning(seq: int, record: dict[str, Any]) -> Pruning | Beginning:
    if "through" in record:
        return Beginning(seq, record["time"], int(record["through"]), bytes.fromhex(record["hash"]))
    ranges = tuple((int(start), int(end)) for start, end in record["ranges"])
    if any(abs(number) >= _TOO_LARGE for span in ranges for number in span):
        raise ValueError("no numbers of records")
    return Pruning(
        seq, record["time"], str(record.get("before", "")), int(record["first"]), int(record["last"]), str(record["digest"]), ranges,
        str(record.get("ids_digest", "")),
    )  # fmt: skip


class Head(NamedTuple):
    """A record's hash that was found in the log."""

    seq: int
    hash: str
    pruned: bool


def find_head(log: Log, digits: str) -> Head | None:
    """The record with this hash, given whole or by its first digits. Raises AicheckError if they do not say which one."""
    if len(digits) < SHORTEST or not _HEXADECIMAL.fullmatch(digits):
        raise AicheckError(f"'{digits}' is no hash in hexadecimal; give at least {SHORTEST} digits")
    rows = list(
        log.rows(
            "SELECT seq, lower(hex(hash)), 0 FROM records WHERE hex(hash) LIKE ?1"
            " UNION ALL SELECT seq, lower(hex(hash)), 1 FROM pruned WHERE hex(hash) LIKE ?1",
            (f"{digits}%",),
        )
    )
    if len(rows) > 1:
        raise AicheckError(f"{len(rows)} records have a hash that starts with '{digits}': give more of it")
    return Head(rows[0][0], rows[0][1], bool(rows[0][2])) if rows else None


def proven(head: Head, told: list[Pruning | Beginning]) -> list[str]:
    """What was pruned behind a head, and what its being in the chain then proves; nothing to say if nothing was."""
    spans = _merged(span for one in told if isinstance(one, Pruning) for span in one.ranges)
    behind = [min(end, head.seq) for start, end in spans if start <= head.seq]
    behind += [one.through for one in told if isinstance(one, Beginning) and one.through <= head.seq]
    if not behind:
        return []
    last = max(behind)
    if head.pruned:
        return [
            f"the head is the hash of record {head.seq}, which was pruned: its hash was kept, what it said is gone",
            f"of the records up to {head.seq} this proves nothing; later ones fit the chain that goes on from it",
        ]
    return [
        f"the head is the hash of record {head.seq}: records {last + 1} to {head.seq} are unchanged since it was made known",
        f"of the records up to {last} it proves nothing: what was pruned is gone, what is left fits hashes of the pruning's time",
    ]


class _Walk:
    """One pass over all hashes, in order."""

    def __init__(self, told: list[Pruning | Beginning]) -> None:
        self.count = 0
        self.faults: list[Fault] = []
        self._prunings = [one for one in told if isinstance(one, Pruning)]
        self._begins = {one.through: one.hash for one in told if isinstance(one, Beginning)}
        self._spans = _merged(span for one in self._prunings for span in one.ranges if span[1] < one.seq)
        self._ends = {one.last for one in self._prunings}
        self._digests: dict[int, str] = {}
        self._all = hashing.begun()
        self._first = self._next = 1
        self._head = GENESIS

    def step(self, seq: int, body: bytes | None, stored: bytes) -> None:
        """Take the next record, or the hash of a pruned one (without a body)."""
        name = "pruned" if body is None else _id(body)
        if seq != self._next:
            self._gap(seq, name)
        if body is None:
            if not self._was_pruned(seq):
                self.faults.append(Fault(seq, name, "the record was removed, and no record of a prune says so"))
        else:
            self.count += 1
            if link(self._head, body) != stored:
                self.faults.append(Fault(seq, name, "the record or its hash was changed"))
        self._head, self._next = stored, seq + 1
        self._all.update(stored)
        if seq in self._ends:
            self._digests[seq] = self._all.hexdigest()

    def unproven(self) -> list[Fault]:
        """The prunings whose hashes are not those that they noted."""
        return [
            Fault(one.seq, "prune", f"the hashes of records {one.first} to {one.last} are not those that were kept")
            for one in self._prunings
            if one.first != self._first or self._digests.get(one.last) != one.digest
        ]

    def _gap(self, seq: int, name: str) -> None:
        if self._next == 1 and seq - 1 in self._begins:
            self._head, self._first = self._begins[seq - 1], seq
        elif seq < self._next:
            self.faults.append(Fault(seq, name, "the record is there twice"))
        else:
            self.faults.append(Fault(seq, name, f"records {self._next} to {seq - 1} are missing"))

    def _was_pruned(self, seq: int) -> bool:
        while self._spans and self._spans[0][1] < seq:
            self._spans.pop(0)
        return bool(self._spans) and self._spans[0][0] <= seq


def _merged(spans: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in order, with those that overlap or touch as one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _id(body: bytes) -> str:
    try:
        return str(json.loads(body)["id"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return "unreadable"
