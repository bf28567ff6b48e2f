"""``initialize``: what depends on what the client can do and wants to be told.

Initialization options: ``hidden`` (true) for ``aicheck/hidden``, see docs/editors.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from aicheck_lsp.methods import diagnostic

if TYPE_CHECKING:
    from aicheck_lsp.server import Server


def register(server: Server) -> None:
    """Register the method."""

    @server.feature(lsp.INITIALIZE)
    def initialize(params: lsp.InitializeParams) -> None:
        options = params.initialization_options
        server.tells_hidden = isinstance(options, dict) and options.get("hidden") is True
        if server.pulls:
            diagnostic.offer(server)
