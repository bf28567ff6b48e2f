"""``aicheck/tooLarge``: a message was left out, and with it perhaps a change of any document (see ``bounded``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicheck_lsp.bounded import MAX_MESSAGE, TOO_LARGE
from aicheck_lsp.methods.did_close import close

if TYPE_CHECKING:
    from aicheck_lsp.server import Server


def register(server: Server) -> None:
    """Register the method."""

    @server.feature(TOO_LARGE)
    async def too_large(_: Any) -> None:
        """No text is known for sure any more: documents are checked again once they are opened again."""
        for uri in list(server.documents):
            await close(server, uri)
        server.warn(
            f"a message of more than {MAX_MESSAGE >> 20} MB was left out. Open documents are not checked until they are opened again."
        )
