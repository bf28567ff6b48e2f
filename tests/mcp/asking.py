"""The SDK's own client, on a server in this process or in one of its own."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING, Any

from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from aicheck_app.mcp.here import Here
from aicheck_app.mcp.server import server_of
from tests.security.processes import MAIN

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Call = tuple[str, dict[str, Any]]


async def _answers(client: Client, calls: Iterable[Call]) -> list[Any]:
    async with client:
        found = []
        for name, given in calls:
            result = await client.call_tool(name, given)
            words = " ".join(getattr(block, "text", "") for block in result.content)
            found.append(words if result.is_error else result.structured_content)
        return found


def asked(*calls: Call, everything: bool = False) -> list[Any]:
    """The answers of a server in the current folder: what is structured, or the words of a failure."""
    here = Here(everything=everything)
    try:
        return asyncio.run(_answers(Client(server_of(here)), calls))
    finally:
        here.worker.close()


def process(folder: Path, *arguments: str) -> Client:
    """A client of a server in a process of its own."""
    command = ["-P", "-c", MAIN, "mcp", *arguments]
    return Client(
        stdio_client(StdioServerParameters(command=sys.executable, args=command, cwd=folder, env=dict(os.environ)))
    )


def asked_over_pipes(folder: Path, *calls: Call, arguments: tuple[str, ...] = ()) -> list[Any]:
    """As ``asked``, of a server in a process of its own."""
    return asyncio.run(_answers(process(folder, *arguments), calls))
