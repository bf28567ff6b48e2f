"""``workspace/didChangeWatchedFiles``: files that an agent wrote behind the editor's back, and settings files."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from lsprotocol import types as lsp
from pygls.uris import to_fs_path

from aicheck_checks.encodings import decode
from aicheck_checks.files import read_bytes
from aicheck_lsp import checks, outputs

if TYPE_CHECKING:
    from aicheck_lsp.server import Server

_SETTINGS = ("aicheck.toml", "pyproject.toml")
_MAX_FILES = 200
"""Files of one message looked at; more at once is a branch switch or an install."""


def register(server: Server) -> None:
    """Register the method."""

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def did_change_watched_files(params: lsp.DidChangeWatchedFilesParams) -> None:
        changed = [(change.uri, to_fs_path(change.uri) or "", change.type) for change in params.changes]
        if any(os.path.basename(path) in _SETTINGS for _, path, _ in changed):
            server.configure_again()
        server.look_around()
        server.closed.look_again(path for _, path, _ in changed)
        if len(changed) > _MAX_FILES:
            return
        asked = {os.path.normcase(path) for path in server.closed.asked()}
        for uri, path, kind in changed:
            if uri not in server.documents and path and os.path.normcase(path) not in asked:
                await _look(server, uri, path, kind)


async def _look(server: Server, uri: str, path: str, kind: lsp.FileChangeType) -> None:
    """Show what is wrong with a file that is not open, if an agent is known to have written it."""
    from aicheck_checks.languages import language_of

    if server.pulls or language_of(path) is None:
        return
    if kind == lsp.FileChangeType.Deleted:
        server.closed.clear(path)
        return
    config, _ = server.settings_for(uri)
    text = await server.off_loop(_read, path, config.checks.max_bytes)
    known = await server.off_loop(outputs.known, path, text, text) if text else None
    if text is None or known is None:
        server.closed.clear(path)
        return
    snapshot = checks.Snapshot(path, False, "", text, None, config)
    result = await server.off_loop(checks.whole, snapshot, server.thorough, server.ruff)
    if uri not in server.documents:
        server.closed.show(path, text, (f for f in result.findings if f.code in known.codes or f.suspect))


def _read(path: str, limit: int) -> str | None:
    try:
        data = read_bytes(path, limit + 1)
    except OSError:
        return None
    return decode(data) if len(data) <= limit else None
