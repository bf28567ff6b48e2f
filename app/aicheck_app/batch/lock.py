"""One run at a time in a folder of this machine: a lock that the system takes back when its process ends, however it does.

Where only a store of objects is (S3 and its like) there is no such lock: a mark that a killed run leaves would stop all later ones,
and the interface of data frames can't tell an old mark from a live one. Whoever starts runs there starts one at a time.
"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aicheck_app.errors import AicheckError

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = ".aicheck.lock"
_HELD = (errno.EAGAIN, errno.EACCES, errno.EDEADLK)
"""What the systems say of a lock that another process has."""


@contextmanager
def alone(target: str) -> Iterator[None]:
    """Hold a folder until the block ends. Raises AicheckError where another run holds it, OSError."""
    with open(os.path.join(target, NAME), "ab") as file:
        try:
            _hold(file.fileno())
        except OSError as error:  # also where a file system has no locks: then this is as in a store of objects
            if error.errno in _HELD:
                raise AicheckError(f"another run writes to {target}: wait until it has ended") from error
        yield


def _hold(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
