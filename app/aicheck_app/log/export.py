"""The log as it is handed to others: without keys, line hashes, salts and texts, with keyed hashes for ids and hashes of
texts, and each record with its hash in the chain if nobody can guess at that.

What a stranger can check with it is in docs/formats.md.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aicheck_app.log.chain import SALT, canonical
from aicheck_app.log.fields import cleaned
from aicheck_app.log.handed_out import KEYED, LEFT_OUT, handed_out, head
from aicheck_app.log.queries import count, pruned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_app.log.records import Body
    from aicheck_app.log.store import Log


def lines(log: Log, since: str = "") -> Iterator[str]:
    """JSON texts: what the export is, then a record each, in order; ``since`` is UTC in ISO 8601.

    The same log gives the same lines. Raises AicheckError if the log can't be read.
    """
    yield canonical(_beginning(log, since))
    before, previous = 0, ""
    chain = "SELECT seq, body, hash, time FROM records UNION ALL SELECT seq, NULL, hash, NULL FROM pruned ORDER BY seq"
    for seq, body, stored, time in log.rows(chain):
        record = json.loads(body) if body is not None else {}
        hashed = bytes(stored).hex() if record.get(SALT) else ""
        if record and (not since or (time or "") >= since):
            link = {"hash": hashed, "previous": previous if seq != before + 1 else ""}
            yield canonical({**_shown(log, record), "seq": seq, **{key: value for key, value in link.items() if value}})
            before = seq
        previous = hashed


def _beginning(log: Log, since: str) -> Body:
    newest = log.rows("SELECT time FROM records ORDER BY seq DESC LIMIT 1")
    return {
        "version": 2, "kind": "aicheck log", "head": head(log) or None, "time": next((time for (time,) in newest), None),
        "records": count(log), "pruned": pruned(log), "since": since or None, "left_out": ["key", "captured", *LEFT_OUT],
        "keyed": list(KEYED), "find": "the owner of the log finds a record by its keyed id: aicheck log show ID",
    }  # fmt: skip


def _shown(log: Log, record: Body) -> dict[str, Any]:
    """A record as others may see it, and the names of the members that are not as they were hashed."""
    (shown,) = cleaned([handed_out(log, record)])
    return {"record": shown, "changed": sorted(key for key in record if shown.get(key) != record[key])}
