"""``textDocument/didClose``: log what became of the AI-written text, and clear the diagnostics."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from aicheck_lsp import outputs

if TYPE_CHECKING:
    from aicheck_lsp.server import Server

REOPEN_SECONDS = 0.1
"""Editors reload a file by closing and opening it in one breath (Neovim, Emacs); that is an edit, not an end."""


async def close(server: Server, uri: str) -> None:
    """Stop checking a document; what the log should know of it goes there."""
    document = server.documents.pop(uri, None)
    worker = server.workers.pop(uri, None)
    if document is None or worker is None:
        return
    await worker.stop()
    for span in document.spans:
        if span.record and document.options.log:
            if trouble := await server.off_loop(outputs.say, span.record, span.outcome, document_reason(span.outcome)):
                server.warn(trouble)
    if not server.pulls:
        server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, []))
    server.closed.look_again([document.path])


def document_reason(outcome: str) -> str:
    """Why an outcome is logged."""
    return f"{outcome} when the editor closed the file"


def register(server: Server) -> None:
    """Register the method."""

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: lsp.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        server.closing.add(uri)
        asyncio.get_running_loop().call_later(REOPEN_SECONDS, lambda: asyncio.ensure_future(_unless_reopened(uri)))

    async def _unless_reopened(uri: str) -> None:
        if uri in server.closing:
            server.closing.discard(uri)
            await close(server, uri)
