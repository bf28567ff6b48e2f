"""An editor by the protocol's own SDK: starts an agent behind the proxy, and asks it once."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, cast

import acp
from acp.schema import (
    AllowedOutcome,
    ClientCapabilities,
    DeniedOutcome,
    FileSystemCapabilities,
    Implementation,
    RequestPermissionResponse,
)

from tests.acp.processes import PROXY

CAN = ClientCapabilities(fs=FileSystemCapabilities(read_text_file=True, write_text_file=True))


class Editor:
    """Lets the agent do all but what is ``refused``; keeps what it was told."""

    def __init__(self, refused: str = "") -> None:
        self.refused = refused
        self.told: list[Any] = []

    def on_connect(self, conn: acp.Agent) -> None:
        """Nothing is asked of an agent by the way."""

    async def request_permission(
        self, session_id: str, tool_call: Any, options: list[Any], **_: Any
    ) -> RequestPermissionResponse:
        if self.refused and self.refused in (tool_call.title or ""):
            return RequestPermissionResponse(outcome=DeniedOutcome(outcome="cancelled"))
        allowed = next(one.option_id for one in options if one.kind == "allow_once")
        return RequestPermissionResponse(outcome=AllowedOutcome(outcome="selected", option_id=allowed))

    async def session_update(self, session_id: str, update: Any, **_: Any) -> None:
        self.told.append(update)

    async def write_text_file(self, session_id: str, path: str, content: str, **_: Any) -> acp.WriteTextFileResponse:
        Path(path).write_text(content, encoding="utf-8")
        return acp.WriteTextFileResponse()

    async def read_text_file(self, session_id: str, path: str, **_: Any) -> acp.ReadTextFileResponse:
        return acp.ReadTextFileResponse(content=Path(path).read_text(encoding="utf-8"))


async def asked(
    editor: Editor, folder: Path, words: str, agent: list[str], environment: dict[str, str]
) -> tuple[str, str]:
    """The session's id and why the agent's answer ended."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CLAUDE", "ANTHROPIC", "AI_AGENT"))}
    given = {**kept, **environment}
    async with acp.spawn_agent_process(cast("acp.Client", editor), *PROXY, *agent, env=given, cwd=str(folder)) as (
        connection,
        process,
    ):
        about = Implementation(name="test", version="1")
        await connection.initialize(protocol_version=acp.PROTOCOL_VERSION, client_capabilities=CAN, client_info=about)
        session = await connection.new_session(cwd=str(folder), mcp_servers=[])
        answer = await connection.prompt(session_id=session.session_id, prompt=[acp.text_block(words)])
    assert await process.wait() in (0, -15)
    return session.session_id, answer.stop_reason
