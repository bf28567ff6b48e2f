"""Whether something is wrong with a message's words."""

from __future__ import annotations

from aicheck_checks.engine import check_alone
from aicheck_checks.source import Source

MAX_WORDS = 200_000
"""Code points of a message that are looked at."""


def is_odd(text: str) -> bool:
    """Whether a rule about a model's own words finds something."""
    return len(text) <= MAX_WORDS and any(found.suspect for found in check_alone(Source(text, kind="prose")).findings)
