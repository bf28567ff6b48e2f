"""pygls' protocol without its documents: ours are kept by the server.

pygls 2.1.1 splits lines where LSP does not (form feed, U+0085, U+2028), which
corrupts texts by incremental edits, and applies each edit in a loop over all lines.
It also keeps the future of every notification for good: a kilobyte a keystroke.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types as lsp
from pygls.protocol import LanguageServerProtocol
from pygls.protocol.language_server import lsp_method

from aicheck_app.report.sinks.editor import MESSAGE, label

if TYPE_CHECKING:
    from collections.abc import Generator

    Steps = Generator[tuple[Any, tuple[Any, ...], None], Any, None]


class Protocol(LanguageServerProtocol):
    """Hands notifications about documents to the features alone, and forgets what was done."""

    def _execute_handler(
        self, msg_id: Any, handler: Any, callback: Any, args: tuple[Any, ...] | None = None, kwargs: Any = None
    ) -> None:
        def done(future: Any) -> None:
            self._request_futures.pop(msg_id, None)
            callback(future)

        super()._execute_handler(msg_id, handler, done, args, kwargs)

    def _send_response(self, msg_id: Any, result: Any = None, error: lsp.ResponseError | None = None) -> None:
        """Editors show what an error says."""
        if error is not None:
            error = lsp.ResponseError(error.code, label(error.message, MESSAGE), error.data)
        super()._send_response(msg_id, result, error)

    @lsp_method(lsp.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: lsp.DidOpenTextDocumentParams) -> Steps:
        """Only the feature."""
        yield self.fm.features[lsp.TEXT_DOCUMENT_DID_OPEN], (params,), None

    @lsp_method(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: lsp.DidChangeTextDocumentParams) -> Steps:
        """Only the feature."""
        yield self.fm.features[lsp.TEXT_DOCUMENT_DID_CHANGE], (params,), None

    @lsp_method(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: lsp.DidCloseTextDocumentParams) -> Steps:
        """Only the feature."""
        yield self.fm.features[lsp.TEXT_DOCUMENT_DID_CLOSE], (params,), None
