"""Ranges that follow the text through edits: AI-written spans and the findings in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aicheck_app.origin import Origin
    from aicheck_lsp.text import Change


class Range:
    """The code points ``start:end``; ``touched`` once an edit fell inside, ``gone`` once nothing is left."""

    def __init__(self, start: int, end: int) -> None:
        self.start = start
        self.end = end
        self.touched = False
        self.gone = False

    def move(self, change: Change) -> None:
        """Follow an edit. What is inserted at either border stays outside."""
        delta = len(change.text) - (change.end - change.start)
        if change.end <= self.start and (change.end < self.start or change.start < self.start or not change.removed):
            self.start, self.end = self.start + delta, self.end + delta
        elif change.start >= self.end:
            return
        else:
            self.touched = True
            self.gone = change.start <= self.start and self.end <= change.end
            inside = change.start >= self.start and change.end <= self.end
            start = self.start if change.start >= self.start else change.new_end
            self.end = self.end + delta if inside or change.end <= self.end else change.start
            self.start = min(start, max(self.end, 0))
            self.end = max(self.end, self.start)


class Span(Range):
    """AI-written text.

    ``why`` says how that is known, ``baseline`` is the whole text before it came, ``record``
    the id of its record in the log, ``codes`` the rules that fired on it at first.
    """

    def __init__(self, start: int, end: int, origin: Origin, kind: str, why: str, baseline: str) -> None:
        super().__init__(start, end)
        self.origin = origin
        self.kind = kind
        self.why = why
        self.baseline = baseline
        self.record = ""
        self.verdict = ""
        self.codes: frozenset[str] = frozenset()
        self.fixed = False

    @property
    def outcome(self) -> str:
        """What became of it: ``deleted``, ``fixed`` (by a quick fix), ``edited`` or ``kept``."""
        if self.gone:
            return "deleted"
        return "fixed" if self.fixed else "edited" if self.touched else "kept"
