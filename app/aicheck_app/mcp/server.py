"""The server: its tools, each a file of this package, and what becomes of their failures.

Nothing that a client can ask for writes a file, starts a program or logs an output: what an agent asks about is no output yet. It becomes
one when it is written, and then the hook, the proxy or the transcript tells of it.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations

from aicheck_app import __version__, faults
from aicheck_app.errors import AicheckError
from aicheck_app.mcp import check_file, check_text, explain_rule, list_suspect, session_signals
from aicheck_app.mcp.here import Here
from aicheck_app.report.sinks.editor import message

if TYPE_CHECKING:
    from collections.abc import Callable

TOOLS = (check_text, check_file, explain_rule, list_suspect, session_signals)
_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
_INSTRUCTIONS = """aicheck finds damage in AI-written code: files that are cut off, parts left out, imports that are missing, text
that is garbled. Check what you are about to write with check_text, or what stands on disk with check_file; mend what is suspect before you go on."""


def server_of(here: Here) -> MCPServer[Any]:
    """A server that answers from a folder."""
    server: MCPServer[Any] = MCPServer(
        "aicheck", title="aicheck", version=__version__, instructions=_INSTRUCTIONS, log_level="WARNING"
    )
    for tool in TOOLS:
        made: Callable[..., Any] = tool.make(here)
        server.add_tool(_answered(made), title=tool.TITLE, annotations=_READS, structured_output=True)
    return server


def serve(*, everything: bool) -> None:
    """Answer on standard input and output until the client goes."""
    here = Here(everything=everything)
    try:
        server_of(here).run("stdio")
    finally:
        here.worker.close()


def _answered(tool: Callable[..., Any]) -> Callable[..., Any]:
    """The tool with its failures in words that a client may see; those of our own are written down."""

    @wraps(tool)
    def answered(**given: Any) -> Any:
        try:
            return tool(**given)
        except AicheckError as error:
            raise ToolError(message(str(error))) from error
        except Exception as error:
            faults.note(f"mcp: {tool.__name__}", error)
            raise ToolError("aicheck itself failed; 'aicheck doctor' tells more") from error

    return answered
