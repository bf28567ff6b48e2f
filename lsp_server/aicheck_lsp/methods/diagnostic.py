"""``textDocument/diagnostic`` and ``workspace/diagnostic``, for clients that pull."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from aicheck_lsp.diagnostics import diagnostics_of

if TYPE_CHECKING:
    from aicheck_lsp.server import Server


def offer(server: Server) -> None:
    """Let the client pull: to one that does not these methods would be offered in vain."""
    options = lsp.DiagnosticOptions(inter_file_dependencies=True, workspace_diagnostics=True, identifier="aicheck")

    @server.feature(lsp.TEXT_DOCUMENT_DIAGNOSTIC, options)
    async def diagnostic(params: lsp.DocumentDiagnosticParams) -> lsp.DocumentDiagnosticReport:
        document = server.documents.get(params.text_document.uri)
        if document is None:
            return lsp.RelatedFullDocumentDiagnosticReport(items=[])
        await server.workers[document.uri].idle()
        return lsp.RelatedFullDocumentDiagnosticReport(items=diagnostics_of(document), result_id=str(document.version))

    @server.feature(lsp.WORKSPACE_DIAGNOSTIC)
    async def workspace(_: lsp.WorkspaceDiagnosticParams) -> lsp.WorkspaceDiagnosticReport:
        items: list[lsp.WorkspaceDocumentDiagnosticReport] = []
        for document in list(server.documents.values()):
            worker = server.workers.get(document.uri)
            if worker is not None:
                await worker.idle()
            items.append(
                lsp.WorkspaceFullDocumentDiagnosticReport(
                    uri=document.uri, version=document.version, items=diagnostics_of(document)
                )
            )
        return lsp.WorkspaceDiagnosticReport(items)
