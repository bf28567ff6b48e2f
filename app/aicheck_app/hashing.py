"""The hashes that are made here, all of them SHA-256: of a text, of bytes, and keyed.

Texts are hashed as UTF-8. Half a surrogate pair, which UTF-8 can't hold, counts as the three bytes that it would have had,
so that every text has a hash.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashlib import _Hash

HEX = 64
"""Hexadecimal digits of a whole hash."""


def raw(data: bytes) -> bytes:
    """The hash of some bytes, as 32 bytes."""
    return hashlib.sha256(data).digest()


def of_bytes(data: bytes, digits: int = HEX) -> str:
    """The hash of some bytes, or its first hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()[:digits]


def of_text(text: str, digits: int = HEX) -> str:
    """The hash of a text, or its first hexadecimal digits."""
    return of_bytes(as_bytes(text), digits)


def keyed(key: bytes, text: str, digits: int = HEX) -> str:
    """HMAC-SHA-256 (RFC 2104) of a text: who has not the key can't make it, nor try out what the text might be."""
    return hmac.digest(key, as_bytes(text), "sha256").hex()[:digits]


def begun() -> _Hash:
    """A hash that is given its bytes bit by bit."""
    return hashlib.sha256()


def as_bytes(text: str) -> bytes:
    """A text as the bytes that it is hashed, and measured, by."""
    return text.encode("utf-8", "surrogatepass")
