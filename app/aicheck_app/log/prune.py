"""Deleting what is older than a time: by each record's own time, not by when it was logged.

A deleted record leaves its hash and id: the chain stays whole, and a session that is read again does not bring back what
was pruned. Records of a prune stay, for they vouch for those hashes; records without a time stay too, since nobody can
say how old they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app import hashing
from aicheck_app.errors import AicheckError
from aicheck_app.log.chain import link, salted
from aicheck_app.log.records import Prune, body
from aicheck_app.log.verify import CHAIN, chain_faults, ids_digest

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

_OLD = "julianday(time) < julianday(?) AND kind != 'prune'"
_OLD_STATES = "coalesce(json_extract(state, '$.mtime') / 1e9, strftime('%s', time) + 0) < strftime('%s', ?) + 0"


def prune(db: sqlite3.Connection, before: str, now: str) -> int:
    """Delete, within the caller's transaction, what is older than ``before``; the number of records.

    Times are UTC in ISO 8601. Raises AicheckError if the chain does not verify: pruning would hide what is wrong with it.
    """
    count = _delete(db, f"SELECT seq FROM records WHERE {_OLD}", (before,), before, now)
    db.execute(f"DELETE FROM captured WHERE {_OLD_STATES}", (before,))
    return count


def purge(db: sqlite3.Connection, project: str, now: str) -> int:
    """Delete, within the caller's transaction, all that a log has of a project (its keyed hash), facts as well; the number of records.

    That are the records which name it, all others of their sessions, and what was said of them. Raises AicheckError as ``prune``.
    """
    sessions_of_it = db.execute("SELECT DISTINCT session FROM facts WHERE project = ? AND session != ''", (project,))
    db.executemany("DELETE FROM facts WHERE session = ?", sessions_of_it.fetchall())
    db.execute("DELETE FROM facts WHERE project = ?", (project,))
    db.execute("DELETE FROM monitored")  # which was made with them
    own = "json_extract(body, '$.project') = ?1"
    sessions = f"SELECT session FROM records WHERE {own} AND coalesce(session, '') != ''"
    of_it = f"({own} OR session IN ({sessions}))"
    targets = f"SELECT id FROM records WHERE {of_it}"
    going = f"SELECT seq FROM records WHERE kind != 'prune' AND ({of_it} OR target IN ({targets}))"
    return _delete(db, going, (project,), "", now)


def _delete(db: sqlite3.Connection, which: str, values: tuple[str, ...], before: str, now: str) -> int:
    """Delete the records that a query names, and leave their hashes and ids."""
    faults = chain_faults(db)[1]
    if faults:
        raise AicheckError(f"nothing was pruned: record {faults[0].seq}: {faults[0].reason} (see 'aicheck log verify')")
    going = [seq for (seq,) in db.execute(f"{which} ORDER BY seq", values)]
    if going:
        _append(db, _record(db, going, before, now))
        db.execute("CREATE TEMP TABLE going (seq INTEGER PRIMARY KEY)")
        db.executemany("INSERT INTO going VALUES (?)", ((seq,) for seq in going))
        db.execute("INSERT INTO pruned SELECT seq, hash, id FROM records WHERE seq IN (SELECT seq FROM going)")
        db.execute("DELETE FROM records WHERE seq IN (SELECT seq FROM going)")
        db.execute("DROP TABLE going")
    return len(going)


def _record(db: sqlite3.Connection, going: list[int], before: str, now: str) -> Prune:
    last, first, digest = going[-1], 0, hashing.begun()
    for seq, _, stored in db.execute(CHAIN):
        first = first or seq
        digest.update(stored)
        if seq == last:
            break
    return Prune(
        id=f"prune-{last}-{digest.hexdigest()[:12]}", time=now, before=before, count=len(going), ranges=_ranges(going),
        first=first, last=last, digest=digest.hexdigest(), ids_digest=ids_digest(_ids(db, going)),
    )  # fmt: skip


def _ids(db: sqlite3.Connection, going: list[int]) -> Iterator[tuple[int, str]]:
    for seq in going:
        yield from db.execute("SELECT seq, id FROM records WHERE seq = ?", (seq,))


def _append(db: sqlite3.Connection, record: Prune) -> None:
    head = bytes(db.execute("SELECT hash FROM records ORDER BY seq DESC LIMIT 1").fetchone()[0])
    stored = salted(body(record))
    db.execute("INSERT INTO records (body, hash) VALUES (?, ?)", (stored, link(head, stored.encode())))


def _ranges(seqs: list[int]) -> list[list[int]]:
    ranges: list[list[int]] = []
    for seq in seqs:
        if ranges and ranges[-1][1] == seq - 1:
            ranges[-1][1] = seq
        else:
            ranges.append([seq, seq])
    return ranges
