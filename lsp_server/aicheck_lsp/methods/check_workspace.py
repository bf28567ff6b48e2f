"""``aicheck.checkWorkspace``: all files of all folders, with progress and cancel."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from lsprotocol import types as lsp
from pygls.uris import from_fs_path, to_fs_path

if TYPE_CHECKING:
    from aicheck_app.config import Config
    from aicheck_app.files import Target
    from aicheck_checks.engine import Result
    from aicheck_checks.settings import Settings
    from aicheck_lsp.options import Options
    from aicheck_lsp.server import Server

_TOKEN = "aicheck.checkWorkspace"
_CHUNK = 32
"""Files checked with one run of ruff, and between two looks at whether the user has cancelled."""


def register(server: Server) -> None:
    """Register the command."""

    @server.command(_TOKEN)
    async def check_workspace() -> dict[str, int]:
        """How many files there are, were checked and are suspect."""
        return await _check_workspace(server)


async def _check_workspace(server: Server) -> dict[str, int]:
    await server.settings_are_here()
    folders = [path for folder in server.roots if (path := to_fs_path(folder))]
    found = await server.off_loop(lambda: [target for folder in folders for target in _files(server, folder)])
    targets = [target for target in found if not target.problem]
    for target in found:
        if target.problem:
            server.trace(f"{target.path}: {target.problem}")
    progress = server.work_done_progress
    supported = server.client_capabilities.window is not None and server.client_capabilities.window.work_done_progress
    if supported and _TOKEN not in progress.tokens:
        await progress.create_async(_TOKEN)
    progress.begin(_TOKEN, lsp.WorkDoneProgressBegin("aicheck", cancellable=True, percentage=0, message="checking"))
    done = suspect = 0
    for start in range(0, len(targets), _CHUNK):
        if _TOKEN in progress.tokens and progress.tokens[_TOKEN].cancelled():
            break
        chunk = targets[start : start + _CHUNK]
        suspect += await _publish(server, [target.path for target in chunk])
        done += len(chunk)
        share = 100 * done // len(targets)
        progress.report(_TOKEN, lsp.WorkDoneProgressReport(message=f"{done:,} of {len(targets):,}", percentage=share))
        await asyncio.sleep(0)
    progress.end(_TOKEN, lsp.WorkDoneProgressEnd(message=f"{done:,} files checked, {suspect:,} suspect"))
    progress.tokens.pop(_TOKEN, None)
    return {"files": len(targets), "checked": done, "suspect": suspect}


def _files(server: Server, folder: str) -> list[Target]:
    """The files of a folder that its settings do not exclude."""
    from aicheck_app.files import files_of

    config, _ = server.settings_for(from_fs_path(os.path.join(folder, "_")) or "")
    return list(files_of([folder], config.excludes))


async def _publish(server: Server, paths: list[str]) -> int:
    """Check some files that may not be open and show what was found; says how many are suspect."""
    from aicheck_app.checking import load
    from aicheck_app.files import Target
    from aicheck_checks.source import Source
    from aicheck_checks.surroundings import Disk
    from aicheck_lsp.diagnostics import diagnostics_of
    from aicheck_lsp.document import Document, Shown

    def work() -> list[tuple[str, Source, Result, Config, Options]]:
        disk = Disk()
        by_settings: dict[Settings, list[tuple[str, Source, Config, Options]]] = {}
        for path in paths:
            config, options = server.settings_for(from_fs_path(path) or "")
            source = load(Target(path), config.checks, disk)
            if isinstance(source, Source):
                by_settings.setdefault(config.checks, []).append((path, source, config, options))
        return [
            (path, source, result, config, options)
            for settings, files in by_settings.items()
            for (path, source, config, options), result in zip(
                files, server.thorough.check_all([source for _, source, _, _ in files], settings), strict=True
            )
        ]

    suspect = 0
    opened = {
        os.path.normcase(document.path) for document in server.documents.values()
    }  # editors spell URIs differently
    for path, source, result, config, options in await server.off_loop(work):
        uri = from_fs_path(path) or ""
        suspect += result.verdict == "suspect"
        server.tell_skipped(result)
        if os.path.normcase(path) not in opened:
            document = Document(uri, "", 0, source.text, server.encoding, config, options)
            document.shown = [Shown(finding) for finding in result.findings]
            server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, diagnostics_of(document)))
    return suspect
