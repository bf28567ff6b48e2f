"""Verify an aicheck log without aicheck: ``python examples/verify_log.py log.sqlite3 [HEAD]``.

Needs nothing but Python's own SQLite and SHA-256. See docs/formats.md for the
canonical form and for what an intact chain proves.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import sys


def main() -> int:
    """Recompute the chain; 1 if a record does not fit or the head is not among the hashes."""
    log = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
    prunes = (json.loads(body) for (body,) in log.execute("SELECT body FROM records WHERE kind = 'prune'"))
    anchors = {prune["through"]: prune["hash"] for prune in prunes}
    first = log.execute("SELECT min(seq) FROM records").fetchone()[0] or 1
    hashed = bytes.fromhex(anchors.get(first - 1, "00" * 32))
    known = {hashed.hex()}
    for seq, body, stored in log.execute("SELECT seq, body, hash FROM records ORDER BY seq"):
        hashed = hashlib.sha256(hashed + body.encode("utf-8", "surrogatepass")).digest()
        if hashed != stored:
            print(f"record {seq} does not fit the chain")
            return 1
        known.add(hashed.hex())
    if len(sys.argv) > 2 and sys.argv[2] not in known:
        print("that head is not in this log")
        return 1
    print(f"chain intact, head {hashed.hex()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
