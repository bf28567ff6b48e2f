"""The list of things to do that Claude Code's model keeps: by ``TodoWrite``, or by ``TaskCreate`` and ``TaskUpdate``."""

from __future__ import annotations

from typing import Any


class Todo:
    """What is on the list."""

    def __init__(self) -> None:
        self._status: dict[str, str] = {}

    def left(self, tool: str, given: Any, facts: dict[str, Any]) -> int:
        """How many items are open after a call of a tool, whatever the tool is."""
        if tool == "TodoWrite" and isinstance(given, dict) and isinstance(given.get("todos"), list):
            todos = [item for item in given["todos"] if isinstance(item, dict)]
            self._status = {str(at): str(item.get("status")) for at, item in enumerate(todos)}
        elif tool == "TaskCreate" and isinstance(task := facts.get("task"), dict):
            self._status[str(task.get("id"))] = "pending"
        elif tool == "TaskUpdate" and isinstance(given, dict) and isinstance(given.get("status"), str):
            self._status[str(facts.get("taskId") or given.get("taskId"))] = given["status"]
        return sum(status not in ("completed", "deleted", "cancelled") for status in self._status.values())
