"""The log as it is handed to others: without keys, line hashes and texts, and each record with its hash.

What a stranger can check with it is in docs/formats.md.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aicheck_app.log.chain import GENESIS, canonical
from aicheck_app.log.fields import cleaned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_app.log.store import Log, Record

LEFT_OUT = ("line_hashes", "text")
"""Members of records that stay here. So do the key of keyed hashes and the state of captured files."""
HASHES = ("sha256", "file_sha256")
"""Left out where code was redacted: with all but a few letters of a text known, its hash gives them away."""


def lines(log: Log, since: str = "") -> Iterator[str]:
    """JSON texts: what the export is, then a record each, in order; ``since`` is UTC in ISO 8601.

    The same log gives the same lines. Raises AicheckError if the log can't be read.
    """
    yield canonical(_beginning(log, since))
    before, previous = 0, GENESIS
    chain = "SELECT seq, body, hash, time FROM records UNION ALL SELECT seq, NULL, hash, NULL FROM pruned ORDER BY seq"
    for seq, body, stored, time in log.rows(chain):
        if body is not None and (not since or (time or "") >= since):
            yield canonical(
                {**_shown(json.loads(body)), "seq": seq, "hash": stored.hex(), **_link(seq, before, previous)}
            )
            before = seq
        previous = stored


def _beginning(log: Log, since: str) -> Record:
    ((count, pruned),) = log.query("SELECT (SELECT count(*) FROM records), (SELECT count(*) FROM pruned)")
    newest = log.query("SELECT time FROM records ORDER BY seq DESC LIMIT 1")
    return {
        "version": 1, "kind": "aicheck log", "head": log.head(), "time": newest[0][0] if newest else None,
        "records": count, "pruned": pruned, "since": since or None, "left_out": ["key", "captured", *LEFT_OUT],
    }  # fmt: skip


def _link(seq: int, before: int, previous: bytes) -> dict[str, Any]:
    """The hash that a record's own was made with, unless the line before has it."""
    return {} if seq == before + 1 else {"previous": previous.hex()}


def _shown(record: Record) -> dict[str, Any]:
    """A record as others may see it, and the names of the members that are not as they were hashed."""
    hidden = {*LEFT_OUT, *(HASHES if "[REDACTED:" in canonical(record) else ())}
    (shown,) = cleaned([{key: value for key, value in record.items() if key not in hidden}])
    changed = sorted(key for key in record if shown.get(key) != record[key])
    return {"record": shown, **({"changed": changed} if changed else {})}
