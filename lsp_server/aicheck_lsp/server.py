"""The server: open documents, their workers and settings, and what goes to the client."""

from __future__ import annotations

import asyncio
import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar, cast

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

from aicheck_app import __version__, faults
from aicheck_app.report.sinks.editor import MESSAGE, label
from aicheck_checks.tools.ruff_server import RuffServer
from aicheck_checks.worker import Worker
from aicheck_lsp.closed_files import ClosedFiles
from aicheck_lsp.document import Document
from aicheck_lsp.options import Options, config_for, split
from aicheck_lsp.protocol import Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicheck_app.config import Config
    from aicheck_checks.engine import Result as CheckResult
    from aicheck_lsp.text import Encoding
    from aicheck_lsp.worker import DocumentWorker

Result = TypeVar("Result")
SETTINGS_SECONDS = 2.0
"""A client that has not sent its settings by then is not waited for."""
OWN_TEXTS = 20
"""So many texts that the user copied are kept, the newest ones."""
THREADS = 4
"""Threads that wait for the processes that check; reading from the client has its own."""
DEEP_SECONDS = 120.0
"""pylint reads whole libraries before it first answers."""
LOOK_SECONDS = 0.1
"""So long after the news of a file the open documents are checked again: a branch switch tells of many."""


class Server(LanguageServer):
    """All state of one session."""

    def __init__(self) -> None:
        super().__init__(
            "aicheck", __version__, text_document_sync_kind=lsp.TextDocumentSyncKind.Incremental, protocol_cls=Protocol,
            notebook_document_sync=lsp.NotebookDocumentSyncOptions(
                notebook_selector=[lsp.NotebookDocumentFilterWithNotebook(notebook="*", cells=[])]
            ),
        )  # fmt: skip
        self.documents: dict[str, Document] = {}
        self.workers: dict[str, DocumentWorker] = {}
        self.closing: set[str] = set()
        self.own: deque[str] = deque(maxlen=OWN_TEXTS)
        self.options = Options()
        self.settings: dict[str, object] = {}
        self.pool = ThreadPoolExecutor(THREADS, thread_name_prefix="aicheck")
        self.ruff = RuffServer()
        self.quick, self.thorough = Worker(), Worker()
        self.deep = Worker(DEEP_SECONDS)
        self._configured = asyncio.Event()
        self._warned: set[str] = set()
        self._look: asyncio.TimerHandle | None = None
        self.closed = ClosedFiles(self)
        self.tells_hidden = False

    @property
    def encoding(self) -> Encoding:
        """The negotiated unit of columns."""
        chosen = self.server_capabilities.position_encoding or "utf-16"
        return cast("Encoding", str(getattr(chosen, "value", chosen)))

    @property
    def pulls(self) -> bool:
        """Whether the client asks for diagnostics itself; then none are pushed.

        Only if it can also be told to ask again: AI-written text is judged when it has
        settled, which is after the client's question.
        """
        document, workspace = self.client_capabilities.text_document, self.client_capabilities.workspace
        again = workspace is not None and workspace.diagnostics is not None and workspace.diagnostics.refresh_support
        return document is not None and document.diagnostic is not None and bool(again)

    async def off_loop(self, work: Callable[..., Result], *arguments: Any) -> Result:
        """Run something on a worker thread."""
        return await asyncio.get_running_loop().run_in_executor(self.pool, partial(work, *arguments))

    @property
    def was_shut_down(self) -> bool:
        """Whether the client asked for the end as the protocol wants."""
        return self.protocol._shutdown

    @property
    def roots(self) -> list[str]:
        """The workspace's folders."""
        return list(self.workspace.folders) or [root for root in (self.workspace.root_uri,) if root]

    async def settings_are_here(self) -> None:
        """Wait for the client's settings, if it sends any."""
        workspace = self.client_capabilities.workspace
        if workspace is not None and workspace.configuration:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._configured.wait(), SETTINGS_SECONDS)

    def open(self, uri: str, language_id: str, version: int, text: str) -> Document:
        """Take a document in and start checking it; one that was closed just now goes on."""
        from aicheck_lsp.worker import DocumentWorker

        known = self.documents.get(uri)
        if known is not None and uri in self.closing:
            self.closing.discard(uri)
            known.reopened(language_id, version, text, monotonic())
            self.workers[uri].poke()
            return known
        document = self.document(uri, language_id, version, text)
        document.others, document.own = self.documents.values(), self.own
        document.shown_whole = self.closed.opened(document)
        self.documents[uri] = document
        self.workers[uri] = DocumentWorker(self, document)
        return document

    def document(self, uri: str, language_id: str, version: int, text: str) -> Document:
        """A document with the settings and the folder of the workspace that are its own."""
        from pygls.uris import to_fs_path

        root = self.root_of(os.path.dirname(to_fs_path(uri) or ""))
        return Document(uri, language_id, version, text, self.encoding, *self.settings_for(uri), root)

    def settings_for(self, uri: str) -> tuple[Config, Options]:
        """The settings that hold for a document."""
        from pygls.uris import to_fs_path

        path = to_fs_path(uri)
        folder = os.path.dirname(path) if path else "."
        root = self.root_of(folder)
        config, fault = config_for(folder, self.settings, trusted=self.options.trusted and bool(root), project=root)
        if fault:
            self.warn(fault)
        for refused in config.refused:
            self.trace(refused)
        return config, self.options

    def root_of(self, folder: str) -> str:
        """The innermost folder of the workspace that a folder is in, or nothing: trust in a workspace says nothing of files elsewhere."""
        from pygls.uris import to_fs_path

        real = os.path.join(os.path.realpath(folder), "")
        roots = (path for root in self.roots if (path := to_fs_path(root)))
        above = (root for root in roots if real.startswith(os.path.join(os.path.realpath(root), "")))
        return max(above, key=len, default="")

    def configure(self, given: object) -> None:
        """Take the client's settings, say what is wrong with them, and check all documents again."""
        self.options, self.settings, wrong = split(given if isinstance(given, dict) else {})
        for fault in wrong:
            self.warn(fault)
        self.configure_again()

    def configure_again(self) -> None:
        """Give all documents their settings anew."""
        self._configured.set()
        for uri, document in self.documents.items():
            document.config, document.options = self.settings_for(uri)
            self.workers[uri].poke()
        self.closed.look_again(self.closed.asked())

    def look_around(self) -> None:
        """Check all open documents again in a moment: a file that they use may have come, changed or gone."""
        if self._look is None:
            self._look = asyncio.get_running_loop().call_later(LOOK_SECONDS, self._look_around)

    def _look_around(self) -> None:
        self._look = None
        for worker in self.workers.values():
            worker.poke()
        if self.pulls:
            self.workspace_diagnostic_refresh(None)

    def show(self, document: Document, version: int) -> None:
        """Push what was found of a version, unless the client pulls."""
        from aicheck_lsp.diagnostics import diagnostics_of

        if not self.pulls:
            self.text_document_publish_diagnostics(
                lsp.PublishDiagnosticsParams(document.uri, diagnostics_of(document), version)
            )

    async def show_whole(self, document: Document, seconds: float | None = None) -> None:
        """Show all that is found in a document, whatever the scope, and wait for it, at most so long."""
        document.shown_whole = True
        worker = self.workers[document.uri]
        worker.poke()
        with suppress(TimeoutError):
            await asyncio.wait_for(worker.idle(), seconds)
        if self.pulls:
            self.workspace_diagnostic_refresh(None)

    async def output_logged(self, document: Document) -> None:
        """Tell the client that an output was judged."""
        from aicheck_lsp import outputs

        today = await self.off_loop(outputs.today)
        last = document.spans[-1] if document.spans else None
        status = {
            "outputs": today.outputs, "suspect": today.suspect, "verdict": last.verdict if last else today.verdict,
            "uri": document.uri, "changed": today.changed,
        }  # fmt: skip
        self.protocol.notify("aicheck/status", status)
        workspace = self.client_capabilities.workspace
        if self.pulls:
            self.workspace_diagnostic_refresh(None)
        if document.options.code_lens and workspace and workspace.code_lens and workspace.code_lens.refresh_support:
            self.workspace_code_lens_refresh(None)

    def tell_skipped(self, result: CheckResult) -> None:
        """Say what was asked of a document and did not answer, once a session."""
        for skip in result.skipped:
            if skip.failed and (said := f"{skip.name} could not say anything: {skip.reason}") not in self._warned:
                self.warn(said)
                self.pool.submit(faults.note, "language server", said)

    def tell_hidden(self, document: Document, hidden: int) -> None:
        """Tell a client that wants to know that a file has problems which its scope does not show, as it was opened."""
        if self.tells_hidden and hidden and not document.told_of_hidden and document.text.text == document.opened_with:
            document.told_of_hidden = True
            self.protocol.notify("aicheck/hidden", {"uri": document.uri, "findings": hidden})

    def failed(self, where: str, error: Exception) -> None:
        """Write down a failure of our own; no document stays unchecked for it."""
        self.trace(f"{where}: {type(error).__name__}: {error}")
        self.pool.submit(faults.note, "language server", error)

    def warn(self, message: str) -> None:
        """Show a message, once a session."""
        if message not in self._warned:
            self._warned.add(message)
            self.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Warning, f"aicheck: {message}"))

    def trace(self, message: str) -> None:
        """Write a line to the client's log."""
        self.window_log_message(lsp.LogMessageParams(lsp.MessageType.Log, message))

    def window_show_message(self, params: lsp.ShowMessageParams) -> None:
        """Show a message, ours or that of an error that pygls caught; none holds links or hidden characters."""
        super().window_show_message(lsp.ShowMessageParams(params.type, label(params.message, MESSAGE)))

    def window_log_message(self, params: lsp.LogMessageParams) -> None:
        """Write to the client's log, with nothing hidden."""
        super().window_log_message(lsp.LogMessageParams(params.type, label(params.message, MESSAGE)))
