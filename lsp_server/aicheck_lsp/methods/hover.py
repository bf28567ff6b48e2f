"""``textDocument/hover``: a finding with its rule's page, and whose text it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from aicheck_app.report.sinks.markdown import text
from aicheck_lsp.diagnostics import author, range_of, span_at
from aicheck_lsp.pages import page
from aicheck_lsp.text import Place

if TYPE_CHECKING:
    from aicheck_lsp.document import Shown
    from aicheck_lsp.server import Server


def register(server: Server) -> None:
    """Register the method."""

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    def hover(params: lsp.HoverParams) -> lsp.Hover | None:
        document = server.documents.get(params.text_document.uri)
        if document is None:
            return None
        at = document.text.offset(Place(params.position.line, params.position.character))
        here = [one for one in document.on_show if one.start <= at <= max(one.end, one.start + 1)]
        if not here:
            return None
        parts = [_words(one) for one in here]
        span = span_at(document, here[0])
        if span is not None:
            by = text(author(span)) or "an AI"
            parts.append(f"Written by {by} ({text(span.origin.attribution)}): {text(span.why)}.")
        parts.append(page(here[0].finding.code))
        contents = lsp.MarkupContent(lsp.MarkupKind.Markdown, "\n\n---\n\n".join(parts))
        return lsp.Hover(contents, range_of(document.text, here[0].start, here[0].end))


def _words(shown: Shown) -> str:
    finding = shown.finding
    reasons = "".join(f"\n- {text(reason)}" for reason in finding.reasons)
    return f"**{finding.code}** ({finding.severity}, {finding.confidence} confidence): {text(finding.message)}{reasons}"
