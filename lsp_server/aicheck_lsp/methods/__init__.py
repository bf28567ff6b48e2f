"""One file an LSP method; each has ``register(server)``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_lsp.methods import (
    agents,
    check_workspace,
    code_action,
    code_lens,
    commands,
    did_change,
    did_change_configuration,
    did_change_watched_files,
    did_close,
    did_open,
    did_save,
    hover,
    initialize,
    initialized,
    notebook,
    output,
    own,
    shutdown,
    too_large,
)

if TYPE_CHECKING:
    from aicheck_lsp.server import Server

METHODS = (
    agents, initialize, initialized, did_open, did_change, did_save, did_close, notebook, did_change_configuration,
    did_change_watched_files, output, own, code_action, hover, code_lens, commands, check_workspace, shutdown,
    too_large,
)  # fmt: skip


def register(server: Server) -> None:
    """Register every method."""
    for method in METHODS:
        method.register(server)
