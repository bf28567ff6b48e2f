"""What stands in the JSON of a session's file, of the kind that is asked for, whatever it may hold instead."""

from __future__ import annotations

from typing import Any

import msgspec

_decode_any = msgspec.json.Decoder().decode
LARGEST = 2**53 - 1
"""What a count may be at most: no model reaches it, and every reader of JSON agrees up to here."""


def value(raw: msgspec.Raw | bytes) -> Any:
    """What a piece of JSON holds; None for what is none."""
    try:
        return _decode_any(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def words(found: object) -> str:
    """The text of a string, or of a list of text blocks."""
    if isinstance(found, list):
        return " ".join(text(item.get("text")) for item in found if isinstance(item, dict))
    return text(found)


def members(found: object) -> dict[str, Any]:
    """The members of an object, or none."""
    return found if isinstance(found, dict) else {}


def number(found: object) -> int:
    """A count, or nothing; what is no count that a model could reach is none."""
    return int(found) if isinstance(found, int | float) and not isinstance(found, bool) and 0 <= found <= LARGEST else 0


def text(found: object) -> str:
    """A string, or nothing."""
    return found if isinstance(found, str) else ""
