"""Whether something is wrong with a message's words: asked of each, so that it is quick where nothing is."""

from __future__ import annotations

from aicheck_checks.engine import check_alone
from aicheck_checks.source import Source

MAX_WORDS = 200_000
"""Code points of a message that are looked at."""
_MARKS = ("<", "[", "functions.", "{", "Human:", "User:", "H:")


def is_odd(text: str) -> bool:
    """Whether a rule about a model's own words finds something."""
    if len(text) > MAX_WORDS or (text.isascii() and not any(mark in text for mark in _MARKS)):
        return False
    return any(found.suspect for found in check_alone(Source(text, kind="prose")).findings)
