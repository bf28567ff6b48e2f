"""Reading a client's messages, none larger than a bound: the length is the client's word (LSP 3.17, "Base Protocol")."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import BinaryIO

MAX_MESSAGE = 64 << 20
"""Bytes; editors hold texts of more themselves."""
MAX_SKIPPED = 2 << 30
"""A message of more is not waited for: who announces it is no editor."""
MAX_HEADER = 8 << 10
_PIECE = 1 << 20
TOO_LARGE = "aicheck/tooLarge"
"""What stands in a message's place that was too large: a notification with its ``bytes``."""


class Bounded:
    """A stream of messages with the two methods that the loop over them calls."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readline(self) -> bytes:
        """A header line; empty at the end."""
        return self._stream.readline(MAX_HEADER)

    def read(self, size: int) -> bytes:
        """A message of ``size`` bytes, or what stands in its place; empty where the connection is to end."""
        if size <= MAX_MESSAGE:
            return self._stream.read(size)
        if size > MAX_SKIPPED:
            return b""
        left = size
        while left > 0 and (piece := self._stream.read(min(left, _PIECE))):
            left -= len(piece)
        return json.dumps({"jsonrpc": "2.0", "method": TOO_LARGE, "params": {"bytes": size}}).encode()
