"""Messages of the protocol, as agents and editors write them."""

from __future__ import annotations

import json
from typing import Any

from aicheck_app.capture.acp_traffic import Traffic
from aicheck_app.origin import Output

CALL = "toolu_01ABCDEFGHIJKLMNOPQR"
AGENT = {"name": "@agentclientprotocol/claude-agent-acp", "version": "0.49.0"}


class Connection:
    """A connection that is read as it goes on; files are those in ``disk``."""

    def __init__(self, agent: dict[str, str] = AGENT, options: list[dict[str, Any]] | None = None) -> None:
        self.disk: dict[str, str] = {}
        self.traffic = Traffic(self.disk.get)
        self._number = 0
        self.ask("initialize", {"protocolVersion": 1}, {"protocolVersion": 1, "agentInfo": agent})
        self.ask("session/new", {"cwd": "/work", "mcpServers": []}, {"sessionId": "s1", "configOptions": options or []})

    def editor(self, **message: Any) -> None:
        self.traffic.read(json.dumps({"jsonrpc": "2.0", **message}).encode(), by_agent=False)

    def agent(self, **message: Any) -> None:
        self.traffic.read(json.dumps({"jsonrpc": "2.0", **message}).encode(), by_agent=True)

    def ask(self, method: str, params: dict[str, Any], result: Any) -> None:
        """The editor asks and the agent answers."""
        self._number += 1
        self.editor(id=self._number, method=method, params=params)
        self.agent(id=self._number, result=result)

    def answer(self, method: str, params: dict[str, Any], result: Any, error: Any = None) -> None:
        """The agent asks and the editor answers; its numbers are those of the editor's own requests."""
        self.agent(id=1, method=method, params={"sessionId": "s1", **params})
        self.editor(id=1, **({"result": result} if error is None else {"error": error}))

    def update(self, said: str, session: str = "s1", /, **members: Any) -> None:
        self.agent(method="session/update", params={"sessionId": session, "update": {"sessionUpdate": said, **members}})

    def call(self, number: int, status: str = "completed", **members: Any) -> None:
        """A call that begins and ends."""
        identifier = f"{CALL}{number:02}"
        self.update(
            "tool_call", toolCallId=identifier, status="pending", **{"title": "Edit", "kind": "edit", **members}
        )
        self.update("tool_call_update", toolCallId=identifier, status=status)

    def outputs(self) -> list[Output]:
        return [output for session in self.traffic.sessions.values() for output in session.finish()]


def diff(path: str, old: str | None, new: str) -> dict[str, Any]:
    return {"type": "diff", "path": path, "oldText": old, "newText": new}
