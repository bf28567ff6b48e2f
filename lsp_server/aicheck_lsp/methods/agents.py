"""``aicheck.agents``: which agents are on this machine, and whether our hooks are in their settings."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from aicheck_app.errors import AicheckError

if TYPE_CHECKING:
    from aicheck_lsp.server import Server

_EDITOR = "vscode"
"""Its agents run the hooks of Claude Code's settings too: one of the two is enough."""


def register(server: Server) -> None:
    """Register the command."""

    @server.command("aicheck.agents")
    async def agents() -> list[dict[str, str | bool]]:
        """Name (as ``aicheck init`` has it), title and ``hooked`` of each agent that keeps its settings on this machine."""
        return await server.off_loop(_agents)


def _agents() -> list[dict[str, str | bool]]:
    from aicheck_app.hook import setup

    found: list[dict[str, str | bool]] = []
    for name, target in setup.TARGETS.items():
        kept = os.path.join(os.path.expanduser("~"), target.user.split("/")[1])
        if name == _EDITOR or not os.path.isdir(kept):
            continue
        with suppress(AicheckError):  # what can't be read can't be set up either
            settings = setup.read(setup.path_of(target, project=False))
            found.append({"name": name, "title": target.title, "hooked": setup.removed(settings) != settings})
    return found
