"""``workspace/didChangeConfiguration``: settings by ``workspace/configuration``, else as the client pushes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types as lsp

if TYPE_CHECKING:
    from aicheck_lsp.server import Server


async def fetch(server: Server) -> None:
    """Ask the client for the section ``aicheck``, if it can be asked."""
    workspace = server.client_capabilities.workspace
    if workspace is None or not workspace.configuration:
        return
    items = [lsp.ConfigurationItem(section="aicheck")]
    answer = await server.workspace_configuration_async(lsp.ConfigurationParams(items))
    server.configure(answer[0] if answer else {})


def register(server: Server) -> None:
    """Register the method."""

    @server.feature(lsp.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def did_change_configuration(params: lsp.DidChangeConfigurationParams) -> None:
        workspace = server.client_capabilities.workspace
        if workspace is not None and workspace.configuration:
            await fetch(server)
        else:
            given = params.settings
            server.configure(given.get("aicheck", given) if isinstance(given, dict) else {})
