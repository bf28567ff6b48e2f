"""``textDocument/didSave``: the slow tier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types as lsp

if TYPE_CHECKING:
    from aicheck_lsp.server import Server


def register(server: Server) -> None:
    """Register the method."""

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    def did_save(params: lsp.DidSaveTextDocumentParams) -> None:
        worker = server.workers.get(params.text_document.uri)
        if worker is not None:
            worker.poke(deep=True)
        server.look_around()  # for clients that tell of no file otherwise
