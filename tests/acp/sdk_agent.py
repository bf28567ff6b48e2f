"""An agent by the protocol's own SDK: makes the calls that its prompt names, and asks before each."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any, cast

import acp
from acp.schema import Implementation, PermissionOption, ToolCallUpdate

OPTIONS = [
    PermissionOption(option_id="yes", name="Allow", kind="allow_once"),
    PermissionOption(option_id="no", name="Reject", kind="reject_once"),
]


class Agent:
    """The methods of the protocol that the tests need."""

    def on_connect(self, conn: acp.Client) -> None:
        self.client = conn

    async def initialize(self, protocol_version: int, **_: Any) -> acp.InitializeResponse:
        return acp.InitializeResponse(
            protocol_version=protocol_version, agent_info=Implementation(name="Test-Agent", version="1.2")
        )

    async def new_session(self, cwd: str, **_: Any) -> acp.NewSessionResponse:
        self.folder = Path(cwd)
        return acp.NewSessionResponse(session_id="session-1")

    async def prompt(self, session_id: str, prompt: list[Any], **_: Any) -> acp.PromptResponse:
        for number, step in enumerate(json.loads(prompt[0].text)):
            await self._call(session_id, f"call_0123456789abcdefgh{number}", **step)
        await self.client.session_update(session_id, acp.update_agent_message_text("done"))
        return acp.PromptResponse(stop_reason="end_turn")

    async def _call(
        self, session: str, call: str, name: str, new: str, old: str | None = None, by: str = "agent"
    ) -> None:
        path = str(self.folder / name)
        shown = [acp.tool_diff_content(path, new, old)]
        await self.client.session_update(session, acp.start_tool_call(call, f"Edit {name}", kind="edit", content=shown))
        answer = await self.client.request_permission(
            session, ToolCallUpdate(tool_call_id=call, title=f"Edit {name}"), OPTIONS
        )
        if answer.outcome.outcome != "selected" or answer.outcome.option_id != "yes":
            await self.client.session_update(session, acp.update_tool_call(call, status="failed"))
            return
        if by == "editor":
            await self.client.write_text_file(session, path, new)
        else:
            Path(path).write_text(new, encoding="utf-8")
        await self.client.session_update(session, acp.update_tool_call(call, status="completed"))


if __name__ == "__main__":
    asyncio.run(acp.run_agent(cast("acp.Agent", Agent())))
