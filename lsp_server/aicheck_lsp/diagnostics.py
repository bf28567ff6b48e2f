"""Findings as LSP's diagnostics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types as lsp

from aicheck_app.report.sinks.editor import label, message
from aicheck_checks.registry import BY_CODE
from aicheck_lsp.pages import page_uri

if TYPE_CHECKING:
    from aicheck_checks.finding import Finding
    from aicheck_lsp.document import Document, Shown
    from aicheck_lsp.spans import Span
    from aicheck_lsp.text import Text

_SEVERITY = {
    "error": lsp.DiagnosticSeverity.Error, "warning": lsp.DiagnosticSeverity.Warning,
    "info": lsp.DiagnosticSeverity.Information,
}  # fmt: skip


def diagnostics_of(document: Document) -> list[lsp.Diagnostic]:
    """What is on show, in the order of the text."""
    shown = sorted(document.on_show, key=lambda one: (one.start, one.finding.code))
    return [_diagnostic(document, one) for one in shown]


def range_of(text: Text, start: int, end: int) -> lsp.Range:
    """Offsets as a range of LSP."""
    return lsp.Range(lsp.Position(*text.place(start)), lsp.Position(*text.place(max(start, end))))


def _diagnostic(document: Document, shown: Shown) -> lsp.Diagnostic:
    finding = shown.finding
    span = span_at(document, shown)
    data: dict[str, Any] = {"code": finding.code, "confidence": finding.confidence}
    if span is not None and span.record:
        data["output"] = span.record
    if finding.fix is not None:
        data["fix"] = label(finding.fix.title)
    return lsp.Diagnostic(
        range=range_of(document.text, shown.start, shown.end),
        message=message_of(finding),
        severity=lsp.DiagnosticSeverity.Hint if finding.note else _SEVERITY[finding.severity],
        code=finding.code,
        code_description=lsp.CodeDescription(href=page_uri(finding.code)),
        source="aicheck",
        tags=[lsp.DiagnosticTag.Unnecessary] if BY_CODE[finding.code].unnecessary else None,
        related_information=_related(document, shown, span),
        data=data,
    )


def message_of(finding: Finding) -> str:
    """A diagnostic's message: the finding's, and its reasons on lines of their own."""
    return message(finding.message) + "".join(f"\n- {message(reason)}" for reason in finding.reasons)


def author(span: Span) -> str:
    """Who wrote a text, as far as that is known."""
    return " ".join(filter(None, (span.origin.agent, span.origin.model)))


def span_at(document: Document, shown: Shown) -> Span | None:
    """The newest AI-written text that a finding stands in, else the newest of all."""
    live = [span for span in document.spans if not span.gone]
    inside = (span for span in reversed(live) if span.start <= shown.end and shown.start <= span.end)
    return next(inside, live[-1] if live else None)


def _related(document: Document, shown: Shown, span: Span | None) -> list[lsp.DiagnosticRelatedInformation] | None:
    """Where the AI-written text is, and how that is known."""
    if span is None:
        return None
    location = lsp.Location(document.uri, range_of(document.text, span.start, span.end))
    written = message(f"written by {author(span) or 'AI'}: {span.why}")
    found = [lsp.DiagnosticRelatedInformation(location=location, message=written)]
    name = shown.finding.name
    for at in _uses(document.text.text, name, shown.start) if name else ():
        place = lsp.Location(document.uri, range_of(document.text, at, at + len(name)))
        found.append(lsp.DiagnosticRelatedInformation(location=place, message=message(f"'{name}' is used here too")))
    return found


def _uses(text: str, name: str, first: int, limit: int = 4) -> list[int]:
    """Further places of a name after its first use."""
    import re

    places = (match.start() for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text[first + 1 :]))
    return [first + 1 + at for at, _ in zip(places, range(limit), strict=False)]
