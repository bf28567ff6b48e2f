"""Claude Code's messages as records: lines of one message share its id, each with one block and the usage so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app.capture.json_values import number
from aicheck_app.capture.message_record import message_record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_app.capture.claude_lines import Block, Line, Usage
    from aicheck_app.log.records import Message
    from aicheck_app.origin import Origin


_RECENT = 8
"""Messages to which lines may still come, though another one has begun: those of calls made side by side."""


class Messages:
    """The messages that are being written: one of the main agent, and one of those that it started."""

    def __init__(self) -> None:
        self._open: dict[bool, Message] = {}
        self._recent: dict[str, Message] = {}
        self._blocks: set[tuple[str, str]] = set()
        self._permission_mode = ""

    def see(self, line: Line, identifier: str, origin: Origin) -> Iterator[Message]:
        """Take in a line of a message; the message before it is handed out when a new one begins."""
        message = self._recent.get(identifier)
        if message is None:
            if before := self._open.get(origin.side_chain):
                yield before
            message = self._begin(line, identifier, origin)
        self._take(message, line, origin)

    def _begin(self, line: Line, identifier: str, origin: Origin) -> Message:
        message = message_record(
            origin, identifier, message=identifier, entry=line.entry or "", effort=line.effort or ""
        )
        self._open[origin.side_chain] = self._recent[identifier] = message
        if len(self._recent) > _RECENT:
            self._recent.pop(next(iter(self._recent)))
            self._blocks = {(name, block) for name, block in self._blocks if name in self._recent}
        return message

    def mode(self, line: Line) -> None:
        """Take note of the permission mode, which a prompt's line has."""
        self._permission_mode = line.permission_mode or self._permission_mode

    def rest(self) -> Iterator[Message]:
        """The messages that were being written: the session is over."""
        yield from self._open.values()
        self._open = {}

    def _take(self, message: Message, line: Line, origin: Origin) -> None:
        given = line.message
        if given is None:
            return
        message.stop_reason = origin.stop_reason
        message.time = origin.time
        message.request = origin.request
        message.permission_mode = message.permission_mode or self._permission_mode
        message.category = (given.stop_details.category or "") if given.stop_details is not None else message.category
        if given.usage is not None:
            _count(message, given.usage)
        for block in given.content if isinstance(given.content, list) else []:
            self._block(message, block)
        if isinstance(given.content, str):
            message.characters += len(given.content)

    def _block(self, message: Message, block: Block) -> None:
        if block.type == "text":
            message.characters += len(block.text)
        elif block.type in ("thinking", "redacted_thinking"):
            message.thinking_blocks += 1
            message.signature += len(block.signature or "")
        elif block.type == "tool_use" and (message.message, block.id) not in self._blocks:
            self._blocks.add((message.message, block.id))
            message.calls += 1
            message.characters += len(bytes(block.input))


def _count(message: Message, usage: Usage) -> None:
    """The usage so far: each line's is at least that of the one before."""
    message.input_tokens = max(message.input_tokens, number(usage.input_tokens))
    message.tokens = max(message.tokens, number(usage.output_tokens))
    message.cache_read = max(message.cache_read, number(usage.cache_read))
    message.cache_written = max(message.cache_written, number(usage.cache_written))
    message.speed = usage.speed or message.speed
    if usage.details is not None:
        message.thinking_tokens = max(message.thinking_tokens, number(usage.details.thinking_tokens))
