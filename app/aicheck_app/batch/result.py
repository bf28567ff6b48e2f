"""What a bulk check came to."""

from __future__ import annotations

from typing import NamedTuple


class Result(NamedTuple):
    """Records that were new, the outputs among them and the suspect ones of these, and what could not be read."""

    records: int
    outputs: int
    suspect: int
    skipped: int
