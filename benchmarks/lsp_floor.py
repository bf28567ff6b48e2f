"""A language server that does next to nothing: what pygls alone costs."""

from __future__ import annotations

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

server = LanguageServer("floor", "1")


def publish(uri: str, version: int, text: str) -> None:
    """One diagnostic while the text that was just written holds the mark."""
    place = lsp.Range(lsp.Position(0, 0), lsp.Position(0, 1))
    found = [lsp.Diagnostic(place, "BAD found", code="SYN001")] if "BAD" in text else []
    server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, found, version))


@server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
def did_open(params: lsp.DidOpenTextDocumentParams) -> None:
    """Look at the text."""
    publish(params.text_document.uri, params.text_document.version, params.text_document.text)


@server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
def did_change(params: lsp.DidChangeTextDocumentParams) -> None:
    """Look at the new text only."""
    publish(params.text_document.uri, params.text_document.version, params.content_changes[-1].text)


if __name__ == "__main__":
    server.start_io()
