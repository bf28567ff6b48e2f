"""``textDocument/hover``: what is wrong, in a sentence, and a link to the rule's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from aicheck_app.report.sinks.markdown import text
from aicheck_checks.registry import BY_CODE
from aicheck_lsp.diagnostics import range_of
from aicheck_lsp.pages import page_uri
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
        contents = lsp.MarkupContent(lsp.MarkupKind.Markdown, "\n\n".join(map(_words, here)))
        return lsp.Hover(contents, range_of(document.text, here[0].start, here[0].end))


def _words(shown: Shown) -> str:
    finding = shown.finding
    sentence = text(finding.message).rstrip(".")
    return f"{sentence}. [{finding.code} {BY_CODE[finding.code].name}]({page_uri(finding.code)})"
