"""``aicheck/own``: a text that the user copied, or reads from a file; where it is inserted, it is no output.

Parameters: ``text``. An editor knows this where the server can't: the text's document was closed
since, or was never open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aicheck_lsp.server import Server


def register(server: Server) -> None:
    """Register the method."""

    @server.feature("aicheck/own")
    def own(params: Any) -> None:
        text = getattr(params, "text", None)
        if isinstance(text, str):
            server.own.append(text)
        else:
            server.trace("aicheck/own: it has no text")
