"""``textDocument/didChange``: apply the edits, note whose they are, wake the document's worker."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from aicheck_lsp.text import Place, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicheck_lsp.server import Server
    from aicheck_lsp.text import Change, Text


def apply(text: Text, changes: Sequence[lsp.TextDocumentContentChangeEvent]) -> list[Change]:
    """Make the changes, in order."""
    done = []
    for change in changes:
        before = text.text
        if isinstance(change, lsp.TextDocumentContentChangePartial):
            first, last = change.range.start, change.range.end
            made = text.edit(Place(first.line, first.character), Place(last.line, last.character), change.text)
        else:
            made = text.replace(change.text)
        done.append(plain(made, before))
    return done


def change(
    server: Server, changed: lsp.VersionedTextDocumentIdentifier, changes: Sequence[lsp.TextDocumentContentChangeEvent]
) -> None:
    """Change an open document and have it checked."""
    document = server.documents.get(changed.uri)
    if document is None:
        server.trace(f"change of a document that is not open: {changed.uri}")
        return
    before = document.text.text
    document.edited(apply(document.text, changes), before, changed.version, monotonic())
    server.workers[changed.uri].poke()


def register(server: Server) -> None:
    """Register the method."""

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: lsp.DidChangeTextDocumentParams) -> None:
        change(server, params.text_document, params.content_changes)
