"""Verify an aicheck log without aicheck: ``python examples/verify_log.py log.sqlite3 [HEAD]``.

Needs nothing but Python's own SQLite and SHA-256. See docs/formats.md for the
canonical form, for pruning, and for what an intact chain proves.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import sys

CHAIN = "SELECT seq, body, hash FROM records UNION ALL SELECT seq, NULL, hash FROM pruned ORDER BY seq"


def main() -> int:
    """Recompute the chain; 1 if a record does not fit or the head is not among the hashes."""
    log = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
    prunes = [json.loads(body) for (body,) in log.execute("SELECT body FROM records WHERE kind = 'prune'")]
    begins = {prune["through"]: bytes.fromhex(prune["hash"]) for prune in prunes if "through" in prune}
    said = {seq for prune in prunes for start, end in prune.get("ranges", ()) for seq in range(start, end + 1)}
    hashes: dict[int, bytes] = {}
    last, hashed = 0, bytes(32)
    for seq, body, stored in log.execute(CHAIN):
        if not hashes and seq > 1:  # pruned by an older aicheck, which kept no hashes
            last, hashed = seq - 1, begins.get(seq - 1, hashed)
        fits = seq in said if body is None else hashlib.sha256(hashed + body.encode()).digest() == stored
        if seq != last + 1 or not fits:
            print(f"record {seq} does not fit the chain")
            return 1
        last, hashed = seq, stored
        hashes[seq] = stored
    for prune in prunes:
        kept = b"".join(hashes.get(seq, b"") for seq in range(prune.get("first", 1), prune.get("last", 0) + 1))
        if "digest" in prune and hashlib.sha256(kept).hexdigest() != prune["digest"]:
            print(f"the hashes up to record {prune['last']} are not those that were there when it was pruned")
            return 1
    if len(sys.argv) > 2 and bytes.fromhex(sys.argv[2]) not in hashes.values():
        print("that head is not in this log")
        return 1
    if said:
        print(f"{len(said):,} records were pruned: nothing is proven of what they said", file=sys.stderr)
    print(f"chain intact, head {hashed.hex()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
