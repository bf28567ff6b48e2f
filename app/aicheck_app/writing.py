"""Writing files where a stranger may have put links: in one step, and nowhere but where it is meant."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from tempfile import mkstemp
from time import sleep

from aicheck_app.errors import AicheckError
from aicheck_checks.files import read_bytes

_WAITS = (0.01, 0.05, 0.2, 0.5)
"""Seconds."""


def replace(path: str, text: str, *, inside: str = "", expected: bytes | None = None) -> None:
    """Put a text in a file's place in one step, its mode kept; a link is followed, but not out of the folder ``inside``.

    Raises AicheckError for a place that is not meant, and for a file that no longer holds the bytes ``expected`` in it;
    OSError where it can't be written.
    """
    real = os.path.realpath(path)
    _refuse_outside(path, real, inside)
    if expected is not None and not os.access(real, os.W_OK):  # its folder may be written to, but it was meant to stay
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
    os.makedirs(os.path.dirname(real), exist_ok=True)
    handle, beside = mkstemp(dir=os.path.dirname(real), prefix=".aicheck-")
    try:
        with open(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(beside, os.stat(real).st_mode & 0o777 if os.path.exists(real) else 0o644)
        if expected is not None and read_bytes(real, len(expected) + 1) != expected:
            raise AicheckError(f"{path} was changed by another program meanwhile, and was left alone")
        put(beside, real)
    except BaseException:
        with suppress(OSError):
            os.unlink(beside)
        raise


def put(beside: str, path: str) -> None:
    """Put a file in another's place. Raises OSError.

    Windows refuses while somebody has the old one open, were it to look for viruses in it: for so long it is tried again.
    """
    for wait in _WAITS if os.name == "nt" else ():
        try:
            os.replace(beside, path)
            return
        except PermissionError:
            sleep(wait)
    os.replace(beside, path)


def append(path: str, text: str) -> None:
    """Append a text to a regular file, which is made if there is none; no link is followed. Raises OSError."""
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with open(os.open(path, flags, 0o644), "a", encoding="utf-8", newline="\n") as file:
        file.write(text)


def _refuse_outside(path: str, real: str, inside: str) -> None:
    if inside and not real.startswith(os.path.join(os.path.realpath(inside), "")):
        raise AicheckError(f"{path} is a link that leads out of {inside}; nothing was changed")
