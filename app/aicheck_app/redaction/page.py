"""The text under redaction, and what the detectors say of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Sequence

OWN = lazy(r"\[REDACTED:[a-z0-9-]+,\d+\]")
"""A mark of ours: what it stands for is gone, and it is never taken for a secret itself."""
_CODE = lazy(
    r"[;{(\\]\s*$|^\s*[})\]]|\b(?:def|class|function|import|return|const|let|var|public|private|fn|func|lambda|self|elif|if)\b|=>|\)\s*:",
    re.MULTILINE,
)
_CONFIG_LINES = lazy(
    r"(?:[ \t]{0,40}(?:[#;!\[*].*|//.*|-[ \t].*|[\w.\"'/-]{1,80}[ \t]{0,20}[:=].*|)(?:\r?\n|\Z)){1,400}"
)
CONFIG_LOOK = 4000
"""Code points at the start that show whether a text is settings or code."""


class Span(NamedTuple):
    """A secret from ``start`` up to ``end`` (code points), and the rule that found it."""

    start: int
    end: int
    rule: str


class Page:
    """A text with its lower case, in which each character keeps its place."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lower = text.replace("İ", "i").lower()
        self._settings: bool | None = None

    def has(self, *words: str) -> bool:
        """Whether one of some lower-case words occurs: far cheaper than any pattern."""
        lower = self.lower
        for word in words:  # noqa: SIM110 - a generator would take twice as long, and this is asked some hundred times
            if word in lower:
                return True
        return False

    @property
    def settings(self) -> bool:
        """Whether the text holds settings (YAML, INI, .env) alone, where a bare word is a value and no variable."""
        if self._settings is None:
            look = self.text[:CONFIG_LOOK]
            whole = _CONFIG_LINES.match(look)
            self._settings = whole is not None and "\n" not in look[whole.end() :] and not _CODE.search(look)
        return self._settings


def marked(text: str, spans: Sequence[Span]) -> str:
    """The text with a mark in place of each span; spans that touch are one, and marks within stay."""
    parts, done = [], 0
    for start, end, rule in _apart(joined(spans), text):
        parts += [text[done:start], f"[REDACTED:{rule},{end - start}]"]
        done = end
    return "".join(parts) + text[done:]


def joined(spans: Sequence[Span]) -> list[Span]:
    """Overlapping spans made one, under the name of the longest, or the one found first; sorted."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        if found and span.start < found[-1].end:
            last = found[-1]
            longest = max(last, span, key=lambda s: s.end - s.start)
            found[-1] = Span(last.start, max(last.end, span.end), longest.rule)
        else:
            found.append(span)
    return found


def _apart(spans: list[Span], text: str) -> list[Span]:
    """The spans without what older marks hold."""
    if "[REDACTED:" not in text:
        return spans
    found = []
    for start, end, rule in spans:
        place = start
        for mark in OWN.finditer(text, max(start - 60, 0), min(end + 60, len(text))):
            if mark.end() > place and mark.start() < end:
                found.append(Span(place, mark.start(), rule))
                place = mark.end()
        found.append(Span(place, end, rule))
    return [span for span in found if span.end > span.start]
