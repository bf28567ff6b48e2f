"""Agents that another one started, as older versions of Claude Code tell of them: in lines of the session's own transcript.

Their messages and edits are theirs; what a session counts of itself is not touched by them. Where the client keeps a file for
each of them as well, the ids are the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from aicheck_app.capture.claude_lines import Line, Told, decode_line, decode_told

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicheck_app.capture.claude_code import Session

MAX_OPEN = 64
"""Agents that are followed at once."""


class Helpers:
    """The agents that a session started, by their ids, each read as a session of its own."""

    def __init__(self, begin: Callable[[], Session]) -> None:
        self._begin = begin
        self._open: dict[str, Session] = {}

    def read(self, line: Line) -> Session | None:
        """Read what a line tells of an agent; the session that reads it, which has outputs and records to hand out."""
        told = _told(line.data)
        if told is None or told.type != "agent_progress" or not told.agent:
            return None
        try:
            inner = decode_line(bytes(told.message))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None
        helper = self._of(told.agent)
        inner.session, inner.cwd, inner.version = line.session, inner.cwd or line.cwd, line.version
        inner.time, inner.agent, inner.side_chain = inner.time or line.time, told.agent, True
        helper.take(inner)
        return helper

    def rest(self) -> list[Session]:
        """All of them, whose last messages are over."""
        for helper in self._open.values():
            helper.finish_session()
        return list(self._open.values())

    def _of(self, agent: str) -> Session:
        if agent not in self._open:
            if len(self._open) >= MAX_OPEN:
                del self._open[next(iter(self._open))]
            self._open[agent] = self._begin()
        return self._open[agent]


def waiting_prompt(line: Line) -> bool:
    """Whether a line holds a prompt that a person wrote while the model was at work."""
    told = _told(line.attachment)
    said = bytes(told.prompt).lstrip() if told is not None else b""
    return told is not None and told.type == "queued_command" and told.mode == "prompt" and not said.startswith(b'"<')


def _told(given: msgspec.Raw) -> Told | None:
    try:
        return decode_told(bytes(given))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
