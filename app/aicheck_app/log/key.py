"""The key of keyed hashes: a file of its own beside the log, so that the log alone gives nothing to guess at."""

from __future__ import annotations

import contextlib
import os

from aicheck_app.log.paths import close_to_others
from aicheck_checks.files import read_bytes

BYTES = 32


def path_of(log: str) -> str:
    """Where the key of a log lies."""
    return f"{os.path.splitext(log)[0]}.key"


def load(path: str) -> bytes:
    """The key in this file, which is made if there is none. Raises OSError."""
    close_to_others(path)
    try:
        return _read(path)
    except FileNotFoundError:
        made = _temporary(path, os.urandom(BYTES))
    try:
        _put_first(made, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(made)
    return _read(path)


def _put_first(made: str, path: str) -> None:
    """Give a file its name unless another process was first: its key is the key. Raises OSError."""
    try:
        os.link(made, path)
    except FileExistsError:
        return
    except OSError:  # no links on this file system (exFAT, many a network's)
        if not os.path.exists(path):
            os.replace(made, path)


def save(path: str, key: bytes) -> None:
    """Put a key there, in place of any other. Raises OSError."""
    made = _temporary(path, key)
    try:
        os.replace(made, path)
    except OSError:
        os.unlink(made)
        raise


def _read(path: str) -> bytes:
    key = read_bytes(path, BYTES + 1)
    if len(key) != BYTES:
        raise OSError(f"{path} is damaged: move it away; hashes made with it are of no use any more")
    return key


def _temporary(path: str, key: bytes) -> str:
    made = f"{path}.{os.getpid()}-{os.urandom(4).hex()}"
    with open(os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    return made
