"""``aicheck.checkWorkspace``: all files of all folders, with progress and cancel; ``aicheck.checkFile``: all of one document."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from lsprotocol import types as lsp
from pygls.uris import from_fs_path, to_fs_path

from aicheck_lsp.closed_files import CHUNK

if TYPE_CHECKING:
    from aicheck_app.files import Target
    from aicheck_lsp.server import Server

_TOKEN = "aicheck.checkWorkspace"


def register(server: Server) -> None:
    """Register the commands."""

    @server.command(_TOKEN)
    async def check_workspace() -> dict[str, int]:
        """How many files there are, were checked and are suspect."""
        return await _check_workspace(server)

    @server.command("aicheck.checkFile")
    async def check_file(uri: str) -> int:
        """Show all that is found in an open document, whoever wrote it; says how much that is."""
        document = server.documents.get(uri)
        if document is None:
            return 0
        await server.show_whole(document)
        return len(document.on_show)


async def _check_workspace(server: Server) -> dict[str, int]:
    await server.settings_are_here()
    folders = [path for folder in server.roots if (path := to_fs_path(folder))]
    found = await server.off_loop(lambda: [target for folder in folders for target in _files(server, folder)])
    targets = [target for target in found if not target.problem]
    for target in found:
        if target.problem:
            server.trace(f"{target.path}: {target.problem}")
    wanted = {os.path.normcase(target.path) for target in targets}
    server.closed.forget(path for path in server.closed.asked() if os.path.normcase(path) not in wanted)
    progress = server.work_done_progress
    supported = server.client_capabilities.window is not None and server.client_capabilities.window.work_done_progress
    if supported and _TOKEN not in progress.tokens:
        await progress.create_async(_TOKEN)
    progress.begin(_TOKEN, lsp.WorkDoneProgressBegin("aicheck", cancellable=True, percentage=0, message="checking"))
    done = suspect = 0
    for start in range(0, len(targets), CHUNK):
        if _TOKEN in progress.tokens and progress.tokens[_TOKEN].cancelled():
            break
        chunk = targets[start : start + CHUNK]
        suspect += await server.closed.check([target.path for target in chunk])
        done += len(chunk)
        share = 100 * done // len(targets)
        progress.report(_TOKEN, lsp.WorkDoneProgressReport(message=f"{done:,} of {len(targets):,}", percentage=share))
        await asyncio.sleep(0)
    counted = f"{done:,} {'file' if done == 1 else 'files'} checked, {suspect:,} suspect"
    progress.end(_TOKEN, lsp.WorkDoneProgressEnd(message=counted))
    progress.tokens.pop(_TOKEN, None)
    return {"files": len(targets), "checked": done, "suspect": suspect}


def _files(server: Server, folder: str) -> list[Target]:
    """The files of a folder that its settings do not exclude."""
    from aicheck_app.files import files_of

    config, _ = server.settings_for(from_fs_path(os.path.join(folder, "_")) or "")
    return list(files_of([folder], config.excludes))
