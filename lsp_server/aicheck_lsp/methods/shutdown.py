"""``shutdown``: judge and log what is still open, then answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from aicheck_lsp.methods.did_close import close

if TYPE_CHECKING:
    from aicheck_lsp.server import Server


def register(server: Server) -> None:
    """Register the method."""

    @server.feature(lsp.SHUTDOWN)
    async def shutdown(_: None) -> None:
        for uri in list(server.documents):
            await close(server, uri)
