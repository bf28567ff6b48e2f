"""Findings: what a rule found at a place in a text, and under which code."""

from __future__ import annotations

from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "info"]
Confidence = Literal["high", "medium", "low"]


class Edit(NamedTuple):
    """Replace the code points ``start:end`` of the checked text by ``text``."""

    start: int
    end: int
    text: str


class Fix(NamedTuple):
    """A certain repair: a title for people and the edits that make it."""

    title: str
    edits: tuple[Edit, ...]


class Found(NamedTuple):
    """What a rule found: words and a place.

    ``start`` and ``end`` are offsets in code points of the checked text.
    Severity says how bad it is if true, confidence how sure the rule is; both
    are set where it is found. ``reasons`` lists the evidence behind a
    weighed finding. ``broken_syntax`` marks damage that by itself keeps the
    text from parsing, so that no second finding is made of the parser's error.
    ``name`` is the name in the text that it is about, if it is about one.
    """

    message: str
    start: int
    end: int
    severity: Severity = "error"
    confidence: Confidence = "high"
    fix: Fix | None = None
    reasons: tuple[str, ...] = ()
    broken_syntax: bool = False
    name: str = ""


class Finding(NamedTuple):
    """A rule that fired: its code, and what it found (see ``Found``)."""

    code: str
    message: str
    start: int
    end: int
    severity: Severity = "error"
    confidence: Confidence = "high"
    fix: Fix | None = None
    reasons: tuple[str, ...] = ()
    broken_syntax: bool = False
    name: str = ""

    @property
    def suspect(self) -> bool:
        """Whether this finding alone makes an output suspect."""
        return self.severity == "error" and self.confidence != "low"

    @property
    def note(self) -> bool:
        """Whether it is too uncertain to be shown to anybody who has not asked for it."""
        return self.confidence == "low"
