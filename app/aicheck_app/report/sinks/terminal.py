"""Standard output and standard error: the only place that writes to them.

Imports next to nothing: a check of one file is mostly start-up.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from aicheck_app.report.sinks.plain import line

if TYPE_CHECKING:
    from typing import TextIO


def echo(*lines: str, err: bool = False) -> None:
    """Print lines. Each stays one line, whatever it holds, and no terminal or CI server takes it for a command."""
    write("".join(f"{line(one)}\n" for one in lines), err=err)


def write(text: str, *, err: bool = False) -> None:
    """Print text whose outside parts are safe already; what the terminal's encoding lacks is shown as an escape.

    Where the stream was closed before we were started there is nobody to tell.
    """
    stream = sys.stderr if err else sys.stdout
    if stream is None:
        return
    encoding = stream.encoding or "utf-8"
    try:
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
    except BrokenPipeError:
        hush(stream)
        if not err:  # whoever reads the output has seen enough; what is said beside it changes nothing
            raise


def hush(stream: TextIO) -> None:
    """Let a stream whose reader is gone lead nowhere, so that Python has nothing to complain of when it ends."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def document(text: str) -> None:
    """Print a finished document of a format for machines: in UTF-8, whatever the terminal's encoding is."""
    if sys.stdout is None:
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()
