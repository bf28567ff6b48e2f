"""Reading a small file of ours, in whose place somebody may have put something else."""

from __future__ import annotations

import os
import stat


def read(path: str, limit: int) -> bytes:
    """A regular file of at most ``limit`` bytes. Raises OSError, also for a link, a pipe, a folder and what is longer."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > limit:
            raise OSError(f"{path} is no regular file of at most {limit:,} bytes")
        data = b""
        while len(data) < status.st_size and (more := os.read(descriptor, status.st_size - len(data))):
            data += more
        return data
    finally:
        os.close(descriptor)
