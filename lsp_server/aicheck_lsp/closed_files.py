"""What is shown of files that are not open, until it is no longer so.

The user asked for it (``aicheck.checkWorkspace``), or an agent wrote the file behind the editor's back. It goes when the
file is opened, for then the document shows it; when the file changes on disk, is deleted or closed, it is made anew.
"""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from lsprotocol import types as lsp
from pygls.uris import from_fs_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aicheck_checks.engine import Result
    from aicheck_checks.finding import Finding
    from aicheck_checks.settings import Settings
    from aicheck_checks.source import Source
    from aicheck_lsp.document import Document
    from aicheck_lsp.server import Server

CHUNK = 32
"""Files checked with one run of ruff, and between two looks at whether the user has cancelled."""
_OPEN_SECONDS = 20.0
"""An open document that is changed all the time is waited for no longer."""


class ClosedFiles:
    """The files whose findings are on show although they are not open."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._shown: dict[str, str] = {}
        self._asked: dict[str, str] = {}
        self._waiting: dict[str, str] = {}
        self._task: asyncio.Task[None] | None = None

    def asked(self) -> list[str]:
        """The paths of the files that the user asked for and that had findings."""
        return list(self._asked.values())

    def show(self, path: str, text: str, findings: Iterable[Finding]) -> None:
        """Show what was found in a file, or that nothing was."""
        from aicheck_lsp.diagnostics import diagnostics_of
        from aicheck_lsp.document import Shown

        document = self._server.document(from_fs_path(path) or "", "", 0, text)
        document.shown = [Shown(finding) for finding in findings]
        if not document.on_show:
            self.clear(path)
            return
        self._shown[_key(path)] = document.uri
        self._publish(document.uri, diagnostics_of(document))

    def clear(self, path: str) -> None:
        """Show nothing of a file any more."""
        uri = self._shown.pop(_key(path), None)
        if uri is not None:
            self._publish(uri, [])

    def forget(self, paths: Iterable[str]) -> None:
        """Clear files that are no longer asked for."""
        for path in paths:
            self._asked.pop(_key(path), None)
            self.clear(path)

    def opened(self, document: Document) -> bool:
        """Leave a file to the document that was opened of it; says whether the user asked for all that is found in it."""
        self.clear(document.path)
        return _key(document.path) in self._asked

    def look_again(self, paths: Iterable[str]) -> None:
        """Check those of the files again that the user asked for, in a moment, one round at a time."""
        self._waiting |= {_key(path): path for path in paths if _key(path) in self._asked}
        if self._waiting and (self._task is None or self._task.done()):
            self._task = asyncio.ensure_future(self._look())

    async def _look(self) -> None:
        while self._waiting:
            chunk = list(self._waiting)[:CHUNK]
            try:
                await self.check([self._waiting.pop(key) for key in chunk])
            except Exception as error:  # noqa: BLE001 - what is not looked at again now is at the next change
                self._server.failed("files that are not open", error)

    async def check(self, paths: Sequence[str]) -> int:
        """Check some files and show what was found, in those that are open too; says how many are suspect."""
        server = self._server
        opened = {_key(document.path): document for document in server.documents.values()}
        suspect = sum([await self._check_open(opened[key]) for key in map(_key, paths) if key in opened])
        results = await server.off_loop(self._results, [path for path in paths if _key(path) not in opened])
        for path, source, result in results:
            if result is None:
                self.forget([path])
                continue
            suspect += result.verdict == "suspect"
            server.tell_skipped(result)
            self._remember(path, bool(result.findings))
            if not self._is_open(path):  # it may have been opened meanwhile
                self.show(path, source.text if source is not None else "", result.findings)
        return suspect

    async def _check_open(self, document: Document) -> bool:
        """Show all that is found in an open document; says whether it is suspect."""
        self._remember(document.path, found=True)
        await self._server.show_whole(document, _OPEN_SECONDS)
        self._remember(document.path, bool(document.on_show))
        return any(one.finding.suspect for one in document.shown)

    def _remember(self, path: str, found: bool) -> None:
        if found:
            self._asked[_key(path)] = path
        else:
            self._asked.pop(_key(path), None)

    def _results(self, paths: Sequence[str]) -> list[tuple[str, Source | None, Result | None]]:
        """What is found in files, each with the settings of its folder; None for what can't be read."""
        from aicheck_app.checking import load
        from aicheck_app.files import Target
        from aicheck_checks.source import Source
        from aicheck_checks.surroundings import Disk

        disk = Disk()
        found: list[tuple[str, Source | None, Result | None]] = []
        by_settings: dict[Settings, list[tuple[str, Source]]] = {}
        for path in paths:
            config, _ = self._server.settings_for(from_fs_path(path) or "")
            source = load(Target(path), config.checks, disk)
            if isinstance(source, Source):
                by_settings.setdefault(config.checks, []).append((path, source))
            else:
                found.append((path, None, None))
        for settings, files in by_settings.items():
            results = self._server.thorough.check_all([source for _, source in files], settings)
            found += [(path, source, result) for (path, source), result in zip(files, results, strict=True)]
        return found

    def _is_open(self, path: str) -> bool:
        return any(_key(document.path) == _key(path) for document in self._server.documents.values())

    def _publish(self, uri: str, diagnostics: list[lsp.Diagnostic]) -> None:
        self._server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, diagnostics))


def _key(path: str) -> str:
    """A file by whatever spelling of its URI it came."""
    return os.path.normcase(path)
