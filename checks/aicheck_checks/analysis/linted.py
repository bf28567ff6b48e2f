"""Other linters' messages as information."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.finding import Found

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aicheck_checks.diagnostic import Diagnostic
    from aicheck_checks.finding import Confidence, Severity
    from aicheck_checks.source import Source


def linted(source: Source, codes: frozenset[str]) -> Iterator[Found]:
    """ruff's diagnostics with these codes."""
    return _notes(source, codes, source.diagnostics or ())


def inferred(source: Source, symbols: frozenset[str]) -> Iterator[Found]:
    """pylint's messages with these symbols."""
    return _notes(source, symbols, source.inferred or ())


def reported(
    source: Source, tools: frozenset[str], severity: Severity = "error", confidence: Confidence = "high"
) -> Iterator[Found]:
    """What these of the project's own tools said."""
    for said in source.reported:
        tool, _, theirs = said.code.partition(":")
        if tool in tools:
            start, end = source.offset(said.line, said.column), source.offset(said.end_line, said.end_column)
            message = f"{tool} says: {said.message}" + (f" ({theirs})" if theirs else "")
            yield Found(message, start, max(start, end), severity, confidence)


def _notes(source: Source, codes: frozenset[str], said: Iterable[Diagnostic]) -> Iterator[Found]:
    for one in said:
        if one.code in codes:
            start, end = source.offset(one.line, one.column), source.offset(one.end_line, one.end_column)
            message = one.message[:1].lower() + one.message[1:]
            yield Found(message, start, max(start, end), severity="info")
