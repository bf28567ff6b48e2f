"""Other linters' messages as information."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aicheck_checks.diagnostic import Diagnostic
    from aicheck_checks.finding import Confidence, Severity
    from aicheck_checks.source import Source


def linted(source: Source, code: str, codes: frozenset[str]) -> Iterator[Finding]:
    """ruff's diagnostics with these codes."""
    return _notes(source, code, codes, source.diagnostics or ())


def inferred(source: Source, code: str, codes: frozenset[str]) -> Iterator[Finding]:
    """pylint's messages with these symbols."""
    return _notes(source, code, codes, source.inferred or ())


def reported(
    source: Source, code: str, tools: frozenset[str], severity: Severity = "error", confidence: Confidence = "high"
) -> Iterator[Finding]:
    """What these of the project's own tools said."""
    for said in source.reported:
        tool, _, theirs = said.code.partition(":")
        if tool in tools:
            start, end = source.offset(said.line, said.column), source.offset(said.end_line, said.end_column)
            message = f"{tool} says: {said.message}" + (f" ({theirs})" if theirs else "")
            yield Finding(code, message, start, max(start, end), severity, confidence)


def _notes(source: Source, code: str, codes: frozenset[str], said: Iterable[Diagnostic]) -> Iterator[Finding]:
    for one in said:
        if one.code in codes:
            start, end = source.offset(one.line, one.column), source.offset(one.end_line, one.end_column)
            message = one.message[:1].lower() + one.message[1:]
            yield Finding(code, message, start, max(start, end), severity="info")
