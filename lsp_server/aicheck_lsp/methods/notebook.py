"""``notebookDocument/*``: each code cell is a document of its own, whose names other cells may define."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from aicheck_lsp.methods.did_change import change
from aicheck_lsp.methods.did_close import close

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicheck_lsp.server import Server


def take_in(server: Server, cells: Sequence[lsp.TextDocumentItem]) -> None:
    """Open cells."""
    for cell in cells:
        server.open(cell.uri, cell.language_id, cell.version, cell.text).cell = True


async def change_cells(server: Server, cells: lsp.NotebookDocumentCellChanges) -> None:
    """Open, close and edit cells."""
    if cells.structure is not None:
        take_in(server, cells.structure.did_open or [])
        for cell in cells.structure.did_close or []:
            await close(server, cell.uri)
    for edited in cells.text_content or []:
        change(server, edited.document, edited.changes)


def register(server: Server) -> None:
    """Register the methods."""

    @server.feature(lsp.NOTEBOOK_DOCUMENT_DID_OPEN)
    def did_open(params: lsp.DidOpenNotebookDocumentParams) -> None:
        take_in(server, params.cell_text_documents)

    @server.feature(lsp.NOTEBOOK_DOCUMENT_DID_CHANGE)
    async def did_change(params: lsp.DidChangeNotebookDocumentParams) -> None:
        if params.change.cells is not None:
            await change_cells(server, params.change.cells)

    @server.feature(lsp.NOTEBOOK_DOCUMENT_DID_CLOSE)
    async def did_close(params: lsp.DidCloseNotebookDocumentParams) -> None:
        for cell in params.cell_text_documents:
            await close(server, cell.uri)
