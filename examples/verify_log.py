"""Verify an aicheck log without aicheck: ``python examples/verify_log.py log.sqlite3 [HEAD]``.

Needs nothing but Python's own SQLite and SHA-256. See docs/formats.md for the
canonical form, for pruning, and for what an intact chain proves.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import sys
from bisect import bisect_right
from typing import Any

CHAIN = "SELECT seq, CAST(body AS BLOB), hash, NULL FROM records UNION ALL SELECT seq, NULL, hash, id FROM pruned ORDER BY seq"


def main() -> int:
    """Recompute the chain; 1 if a record does not fit or the head is not among the hashes."""
    log = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
    try:
        hashes, told = verified(log)
    except (ValueError, KeyError, TypeError, sqlite3.Error) as error:
        print(f"the log does not verify: {error}")
        return 1
    if len(sys.argv) > 2 and bytes.fromhex(sys.argv[2]) not in hashes.values():
        print("that head is not in this log")
        return 1
    for line in told:
        print(line, file=sys.stderr)
    print(f"chain intact, head {hashes[max(hashes)].hex() if hashes else bytes(32).hex()}")
    return 0


def verified(log: sqlite3.Connection) -> tuple[dict[int, bytes], list[str]]:
    """All hashes, and what was pruned; raises ValueError, KeyError or TypeError for what does not fit."""
    prunes = list(said_of_prunes(log))
    begins = {prune["through"]: bytes.fromhex(prune["hash"]) for _, prune in prunes if "through" in prune}
    spans = sorted((a, b) for _, prune in prunes if "through" not in prune for a, b in prune["ranges"])
    hashes: dict[int, bytes] = {}
    ids: dict[int, str] = {}
    last, hashed = 0, bytes(32)
    for seq, body, stored, identifier in log.execute(CHAIN):
        if not hashes and seq > 1:  # pruned by an older aicheck, which kept no hashes but that of the last record
            last, hashed = seq - 1, begins[seq - 1]
        if body is None:
            fits, ids[seq] = within(spans, seq), identifier or ""
        else:
            fits = hashlib.sha256(hashed + body).digest() == stored
        if seq != last + 1 or not fits:
            raise ValueError(f"record {seq} does not fit the chain")
        last, hashed = seq, stored
        hashes[seq] = stored
    return hashes, [told_of(seq, prune, hashes, ids) for seq, prune in prunes]


def said_of_prunes(log: sqlite3.Connection) -> list[tuple[int, dict[str, Any]]]:
    """The records of kind ``prune`` with their numbers, read from the bodies that the chain is made over."""
    rows = log.execute("SELECT seq, CAST(body AS BLOB) FROM records WHERE instr(CAST(body AS TEXT), '\"prune\"')")
    read = ((seq, json.loads(body)) for seq, body in rows)
    return [(seq, record) for seq, record in read if record["kind"] == "prune"]


def within(spans: list[tuple[int, int]], seq: int) -> bool:
    """Whether a number lies in one of these spans, which are in order and apart."""
    at = bisect_right(spans, (seq, 2**63)) - 1
    return at >= 0 and seq <= spans[at][1]


def told_of(by: int, prune: dict[str, Any], hashes: dict[int, bytes], ids: dict[int, str]) -> str:
    """What a prune took away, once its digests fit."""
    if "through" in prune:
        return f"the records up to {prune['through']} were pruned by an older aicheck: no head from before can be found"
    first, last, ranges = prune["first"], prune["last"], [(a, b) for a, b in prune["ranges"]]
    kept = b"".join(stored for seq, stored in hashes.items() if seq <= last)
    if first != min(hashes) or last not in hashes or last >= by or hashlib.sha256(kept).hexdigest() != prune["digest"]:
        raise ValueError(f"the hashes up to record {last} are not those that were there when it was pruned")
    gone = [(seq, name) for seq, name in ids.items() if within(ranges, seq)]
    listed = "".join(f"{seq} {name}\n" for seq, name in gone).encode()
    if "ids_digest" in prune and hashlib.sha256(listed).hexdigest() != prune["ids_digest"]:
        raise ValueError(f"the ids of what was pruned up to record {last} are not those that were kept")
    shown = ", ".join(f"{start} to {end}" if end > start else f"{start}" for start, end in ranges[:8])
    more = "" if "ids_digest" in prune else "; nothing vouches for their ids"
    return f"{len(gone):,} records were pruned ({shown}{' and more' if len(ranges) > 8 else ''}): what they said is gone{more}"


if __name__ == "__main__":
    sys.exit(main())
