"""Reading files that strangers may have put there: regular ones only, and never more than a bound.

Opening a pipe waits for its other end, for good; a device or a link to one (``/dev/stdin``, ``/dev/zero``) has no end.
"""

from __future__ import annotations

import errno
import io
import os
import stat
import sys
from typing import BinaryIO

from aicheck_checks.encodings import decode_part

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
MAX_NAMES = 100_000
"""Names taken of one folder."""


class NotRegularError(OSError):
    """What stands under a name is no regular file."""

    def __init__(self, path: str) -> None:
        super().__init__(errno.EINVAL, "not a regular file", path)


def open_regular(path: str) -> BinaryIO:
    """A regular file, open for reading bytes; raises OSError, and NotRegularError (one of them) for anything else."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise NotRegularError(path)  # opening some devices does something already
        number = os.open(path, _FLAGS)
    except ValueError as error:  # a NUL in the name, or a lone surrogate
        raise OSError(errno.EINVAL, "no file can have this name", path) from error
    file = io.BufferedReader(io.FileIO(number))
    if not stat.S_ISREG(os.fstat(number).st_mode):  # it was another one a moment ago
        file.close()
        raise NotRegularError(path)
    return file


def read_bytes(path: str, limit: int) -> bytes:
    """The beginning of a regular file, at most ``limit`` bytes; raises OSError."""
    with open_regular(path) as file:  # a number of bytes to read is a number of bytes to set aside
        return file.read(min(limit, os.fstat(file.fileno()).st_size + 1))


def read(path: str, limit: int = 1_000_000) -> str:
    """The beginning of a file as text, whatever its encoding, at most ``limit`` bytes, lines ended as in Unix; empty where it can't be read."""
    try:
        text = decode_part(read_bytes(path, limit))
    except OSError:
        return ""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def is_regular(mode: int) -> bool:
    """Whether a mode (see os.stat_result) is that of a regular file."""
    return stat.S_ISREG(mode)


def is_folder(mode: int) -> bool:
    """Whether a mode is that of a folder."""
    return stat.S_ISDIR(mode)


def below(folder: str, name: str) -> str:
    """Where a name that a stranger wrote leads from a folder; nothing for one with a place of its own.

    On Windows an absolute name may be another machine's, which is connected to by looking whether the file is there.
    """
    rooted = name.startswith(("/", "\\", "~")) or os.path.isabs(name) or ":" in name[:3]
    return "" if rooted else os.path.normpath(os.path.join(folder, name))


def listing(folder: str) -> list[str]:
    """The names in a folder, sorted; none where it can't be read or holds too many."""
    found: list[str] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                found.append(entry.name)
                if len(found) > MAX_NAMES:
                    return []
    except (OSError, ValueError):
        return []
    return sorted(found)


def place(path: str) -> str:
    """Where a file is: the same by whatever link or spelling it is reached. Raises OSError and ValueError.

    Windows and macOS find a file by its name in any case, macOS also with letters and accents in one or in two (NFC, NFD).
    """
    real = os.path.normcase(os.path.realpath(path))
    if sys.platform != "darwin":
        return real
    import unicodedata

    return unicodedata.normalize("NFC", real).casefold()


def relative(path: str, folder: str = os.curdir) -> str:
    """The path from a folder on; the path itself where no way leads there, to another of Windows' drives."""
    try:
        return os.path.relpath(path, folder)
    except ValueError:
        return path
