"""The canonical form of a record and the hash chain over all records.

A record is a JSON object, stored as UTF-8 exactly as it was hashed: keys
sorted, no blanks, no escapes but those that JSON requires and those of lone
surrogates, which UTF-8 can't hold. Record n carries

    hash(n) = SHA-256( hash(n-1) || body(n) )

with 32 raw bytes for hash(n-1) and 32 zero bytes before the first record. A
stranger can recompute the chain from the stored bytes alone. It proves that
nothing was changed, removed or put in between since a head was made known; it
does not prove that the records were true when they were written.
"""

from __future__ import annotations

import json
import os
import re

from aicheck_app import hashing

GENESIS = bytes(32)
SALT = "salt"
"""The member that makes a hash unguessable: 128 random bits, which no export, report or command shows."""
_SURROGATE = re.compile("[\ud800-\udfff]")


def canonical(record: dict[str, object]) -> str:
    """The canonical form of a record, which UTF-8 can always hold.

    Two surrogates that make up a character are that character; one that stands alone
    (half an emoji, as JavaScript cuts strings) is written as its JSON escape, such as ``\\ud83d``.
    """
    text = _json(record)
    if not _SURROGATE.search(text):
        return text
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return escaped(_json(json.loads(whole)))


def salted(record: dict[str, object]) -> str:
    """The body of a new record: its canonical form with a fresh salt."""
    return canonical({**record, SALT: os.urandom(16).hex()})


def escaped(text: str) -> str:
    """JSON text with its lone surrogates as escapes, so that it can be written anywhere."""
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def link(previous: bytes, body: bytes) -> bytes:
    """The hash of a record that follows one with the hash ``previous``."""
    return hashing.raw(previous + body)


def identity(*parts: str) -> str:
    """A record's id: the same parts make the same id, which makes a second capture a no-op."""
    return hashing.of_text("\0".join(parts), 20)


def _json(record: object) -> str:
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
