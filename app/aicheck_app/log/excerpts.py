"""Excerpts and messages of findings, cut from a text that was redacted as a whole.

What names a secret may stand lines above it: an excerpt that is cut first looks harmless afterwards.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from aicheck_app.redaction import SHORTEST, spans
from aicheck_app.redaction.page import Span, joined, marked

if TYPE_CHECKING:
    from aicheck_checks.source import Source

AROUND = 1
"""Lines kept on each side of a finding."""
WIDTH = 160
"""Code points kept of each line."""
WHOLE = 200_000
"""Code points; of a longer text the lines round a finding are redacted, each as far as ``_LOOKED_AT``."""
BLOCK = 200
"""Lines: the block that a finding stands in, and those before and after it, are redacted together."""
_LOOKED_AT = 1_000
_ROUNDS = 4
"""As in ``redact``: a mark can bring out what it stands beside."""


class Excerpts:
    """What may be shown of one text; nothing is redacted before the first question."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._blocks: dict[int, list[str]] = {}
        self._secrets: set[str] = set()

    def around(self, line: int) -> str:
        """The lines round a line (from 1), without secrets."""
        first = max(line - 1 - AROUND, 0)
        lines, start = self._redacted(line)
        return "\n".join(text[:WIDTH] for text in lines[first - start : line + AROUND - start])

    def message(self, text: str, line: int) -> str:
        """What is said of a line, without the secrets that were found round it."""
        self._redacted(line)
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, f"[REDACTED:quoted,{len(secret)}]")
        return text

    def _redacted(self, line: int) -> tuple[list[str], int]:
        """Redacted lines that hold this one and those beside it, and the number (from 0) of the first of them."""
        if len(self._source.text) <= WHOLE:
            return self._whole, 0
        block = (line - 1) // BLOCK
        start = max(block - 1, 0) * BLOCK
        if block not in self._blocks:
            lines = self._source.lines[start : (block + 2) * BLOCK]
            self._blocks[block] = self._without_secrets([text[:_LOOKED_AT] for text in lines])
        return self._blocks[block], start

    @cached_property
    def _whole(self) -> list[str]:
        return self._without_secrets(self._source.lines)

    def _without_secrets(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines)
        for _ in range(_ROUNDS):
            pieces = [piece for span in joined(spans(text)) for piece in _by_line(text, span)]
            found = marked(text, pieces)
            if found == text:
                break
            self._secrets.update(filter(_telling, (text[piece.start : piece.end].strip() for piece in pieces)))
            text = found
        return text.split("\n")


def _telling(secret: str) -> bool:
    return len(secret) >= SHORTEST and "[REDACTED:" not in secret


def _by_line(text: str, span: Span) -> list[Span]:
    """A span in pieces that hold no end of a line, so that each line keeps its number."""
    pieces, start = [], span.start
    while (end := text.find("\n", start, span.end)) >= 0:
        pieces.append(Span(start, end, span.rule))
        start = end + 1
    return [piece for piece in (*pieces, Span(start, span.end, span.rule)) if piece.end > piece.start]
