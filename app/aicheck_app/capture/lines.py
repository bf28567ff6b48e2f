"""The lines of a session's file: bounded, and with the half characters that some clients write made whole."""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_LINE = 32 << 20
"""Bytes of one line; pictures make some long."""
MAX_BYTES = 4 << 30
"""Bytes of one file."""
MAX_ARCHIVE = 256 << 20
"""Bytes of one archive: of a few on disk it can make any number."""
_ESCAPE = re.compile(
    rb"\\(?:(?P<pair>u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


def lines_of(stream: IO[bytes], limit: int) -> Iterator[bytes | None]:
    """Each line with its end; None in place of one that is longer than ``MAX_LINE``. Ends after ``limit`` bytes."""
    left = limit
    while left > 0 and (line := stream.readline(MAX_LINE)):
        left -= len(line)
        if len(line) < MAX_LINE or line.endswith(b"\n"):
            yield line
            continue
        yield None
        while left > 0 and (rest := stream.readline(MAX_LINE)):
            left -= len(rest)
            if rest.endswith(b"\n"):
                break


def paired(line: bytes) -> bytes:
    """JSON whose escapes of half a character (a lone surrogate, RFC 8259 section 8.2) are U+FFFD, as they are once written to a file."""
    if b"\\ud" not in line and b"\\uD" not in line:
        return line
    return _ESCAPE.sub(lambda match: b"\\ufffd" if match["half"] else match[0], line)
