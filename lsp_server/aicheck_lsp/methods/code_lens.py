"""``textDocument/codeLens``: agent, model and verdict above AI-written text, if the setting asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from aicheck_app.report.sinks.editor import label
from aicheck_lsp.diagnostics import author, range_of

if TYPE_CHECKING:
    from aicheck_lsp.server import Server
    from aicheck_lsp.spans import Span


def register(server: Server) -> None:
    """Register the method."""

    @server.feature(lsp.TEXT_DOCUMENT_CODE_LENS, lsp.CodeLensOptions(resolve_provider=False))
    def code_lens(params: lsp.CodeLensParams) -> list[lsp.CodeLens]:
        document = server.documents.get(params.text_document.uri)
        if document is None or not document.options.code_lens:
            return []
        return [
            lsp.CodeLens(
                range_of(document.text, span.start, span.start),
                lsp.Command(_title(span), "aicheck.showOutput", arguments=[span.record] if span.record else None),
            )
            for span in document.spans if not span.gone
        ]  # fmt: skip


def _title(span: Span) -> str:
    sure = " (guessed)" if span.origin.attribution == "heuristic" else ""
    return label(f"{author(span) or 'AI'}{sure}: {span.verdict or 'not judged yet'}")
