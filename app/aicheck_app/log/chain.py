"""The canonical form of a record and the hash chain over all records.

A record is a JSON object, stored as UTF-8 exactly as it was hashed: keys
sorted, no blanks, no escapes that JSON does not require, integers only. Record
n carries

    hash(n) = SHA-256( hash(n-1) || body(n) )

with 32 raw bytes for hash(n-1) and 32 zero bytes before the first record. A
stranger can recompute the chain from the stored bytes alone. It proves that
nothing was changed, removed or put in between since a head was made known; it
does not prove that the records were true when they were written.
"""

from __future__ import annotations

import hashlib
import json

GENESIS = bytes(32)


def canonical(record: dict[str, object]) -> str:
    """The canonical form of a record."""
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def link(previous: bytes, body: str) -> bytes:
    """The hash of a record that follows one with the hash ``previous``."""
    return hashlib.sha256(previous + body.encode("utf-8", "surrogatepass")).digest()


def identity(*parts: str) -> str:
    """A record's id: the same parts make the same id, which makes a second capture a no-op."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:20]
