"""Where records wait while the log can't be written: a folder of bounded size, one file a batch.

It lies beside the log, or, where that can't be written either, in the user's runtime or temporary folder. A folder is
only used if it is ours alone (our own, mode 0700, no link). The log takes the batches in when it is next opened for
writing: records carry their ids, so a batch that is taken twice is in the log once.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
import sys
import time
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app import hashing
from aicheck_app.clock import now
from aicheck_app.log import records
from aicheck_app.log.chain import identity
from aicheck_checks.files import read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aicheck_app.log.records import Body

MAX_BYTES = 16_000_000
"""Of all files in a folder; what no longer fits is counted."""
_KEPT = ".json"
_HELD = ".held"
HELD_SECONDS = 10.0
"""Whoever completes a record has done so by then."""
_LOST = "lost"
_DAMAGED = ".damaged"
_PART = ".part"
STALE_SECONDS = 3600.0
"""A half-written file that is older was left by a process that is gone."""


class Batch(NamedTuple):
    """The records and states of one append, in their file."""

    file: str
    records: list[Body]
    captured: dict[str, Body]


class Spool:
    """The batches that wait for one log."""

    def __init__(self, log: str) -> None:
        self.folders = [f"{os.path.splitext(log)[0]}.spool", *_elsewhere(os.path.abspath(log))]

    def keep(self, bodies: Sequence[Body], captured: Mapping[str, Body], *, ending: str = _KEPT) -> str:
        """Put a batch on disk; the folder that holds it, or nothing if it is full. Raises OSError if no folder can."""
        data = json.dumps({"records": list(bodies), "captured": dict(captured)}).encode()
        problem: OSError | None = None
        for folder in self.folders:
            try:
                _make(folder)
                return folder if _fits(folder, data) and _write(folder, data, ending) else _lose(folder, len(bodies))
            except OSError as error:
                problem = problem or error
        raise problem or OSError("there is no folder to keep records in")

    def hold(self, body: Body) -> str:
        """As ``keep``, for a record that somebody is about to complete: others leave it alone for ``HELD_SECONDS``."""
        return self.keep([body], {}, ending=_HELD)

    def held(self, body: Body) -> Batch | None:
        """The batch that holds just this record, if it is still there."""
        files = (os.path.join(folder, n) for folder in self.folders for n in _names(folder) if n.endswith(_HELD))
        return next((batch for file in files for batch in _batch(file) if batch.records == [body]), None)

    def folder(self) -> str:
        """The first folder that can be used. Raises OSError if none can."""
        for folder in self.folders:
            with contextlib.suppress(OSError):
                _make(folder)
                return folder
        raise OSError("there is no folder to keep records in")

    def waiting(self) -> bool:
        """Whether anything is there to take in."""
        return any(
            name.endswith(_KEPT) or name.startswith(_LOST) or _is_left(folder, name)
            for folder in self.folders for name in _names(folder)
        )  # fmt: skip

    def batches(self) -> Iterator[Batch]:
        """The batches, oldest first; damaged ones are set aside."""
        for folder in self.folders:
            for name in sorted(_names(folder)):
                file = os.path.join(folder, name)
                with contextlib.suppress(FileNotFoundError):  # another process took it in
                    if name.endswith(_KEPT) or _is_left(folder, name):
                        yield from _batch(file)
                    elif name.startswith(_LOST):
                        yield _loss(folder, name)
                    elif name.endswith(_PART) and time.time() - os.lstat(file).st_mtime > STALE_SECONDS:
                        os.unlink(file)

    def damaged(self) -> list[str]:
        """The files that were set aside."""
        return [
            os.path.join(folder, name) for folder in self.folders for name in _names(folder) if name.endswith(_DAMAGED)
        ]


def forget(batches: Sequence[Batch]) -> None:
    """Delete what the log has taken in."""
    for batch in batches:
        with contextlib.suppress(OSError):
            os.unlink(batch.file)


def set_aside(file: str) -> None:
    """Rename a batch that can't be taken in, so that it is kept, told, and not tried again. Raises OSError."""
    os.replace(file, file.removesuffix(_KEPT).removesuffix(_HELD) + _DAMAGED)


def _elsewhere(log: str) -> Iterator[str]:
    """Folders of this user, one a log, so that no log takes in another's records."""
    name = hashing.of_bytes(os.fsencode(log), 16)
    runtime = (
        f"/run/user/{os.geteuid()}" if hasattr(os, "geteuid") else None
    )  # also for who has no session's environment
    places = (os.environ.get("XDG_RUNTIME_DIR"), runtime, os.environ.get("TMPDIR"), os.environ.get("TEMP"), "/tmp")
    for place in dict.fromkeys(place for place in places if place and os.path.isabs(place)):
        yield os.path.join(place, _owner(), name)


def _owner() -> str:
    return f"aicheck-{os.geteuid()}" if hasattr(os, "geteuid") else "aicheck"


def _names(folder: str) -> list[str]:
    """The names in a folder, if it is ours alone."""
    try:
        _own(folder)
        return os.listdir(folder)
    except OSError:
        return []


def _own(folder: str) -> None:
    """Raises OSError if a folder, or that of this user which holds it, is a link, another user's, or open to others."""
    above = os.path.dirname(folder)
    if os.path.basename(above) == _owner():
        _own(above)
    status = os.lstat(folder)
    if not stat.S_ISDIR(status.st_mode):
        raise NotADirectoryError(f"{folder} is no folder")
    if hasattr(os, "geteuid") and (status.st_uid != os.geteuid() or stat.S_IMODE(status.st_mode) & 0o077):
        raise PermissionError(f"{folder} is not this user's alone")


def _make(folder: str) -> None:
    above = os.path.dirname(folder)
    for made in (above, folder) if os.path.basename(above) == _owner() else (folder,):
        with contextlib.suppress(FileExistsError):
            os.mkdir(made, 0o700)
        _own(made)


def _fits(folder: str, data: bytes) -> bool:
    held = 0
    with os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(FileNotFoundError):  # another process's half-written file is whole now
                held += entry.stat(follow_symlinks=False).st_size if not entry.name.startswith(_LOST) else 0
    return held + len(data) <= MAX_BYTES


def _write(folder: str, data: bytes, ending: str) -> bool:
    """A whole file or none, on disk when this returns; the same batch is kept once."""
    digest = hashing.of_bytes(data, 16)
    if any(name.endswith(f"-{digest}{ending}") for name in os.listdir(folder)):
        return True
    file = os.path.join(folder, f"{time.time_ns():020d}-{digest}{ending}")
    part = f"{file}.{os.getpid()}{_PART}"
    try:
        with open(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        os.replace(part, file)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(part)
        raise
    _sync(folder)
    return True


def _is_left(folder: str, name: str) -> bool:
    """Whether a held batch was left behind by a process that has ended."""
    if not name.endswith(_HELD):
        return False
    try:
        return time.time() - os.lstat(os.path.join(folder, name)).st_mtime > HELD_SECONDS
    except OSError:
        return False


def _sync(folder: str) -> None:
    if sys.platform == "win32":  # which has no handle of a folder to write out
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _lose(folder: str, count: int) -> str:
    """Count records that did not fit: a byte each."""
    flags = os.O_CREAT | os.O_APPEND | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(os.path.join(folder, _LOST), flags, 0o600)
    try:
        os.write(descriptor, b"." * count)
    finally:
        os.close(descriptor)
    return ""


def _loss(folder: str, name: str) -> Batch:
    """What was lost, as a record; the count is put aside under a name of its own first, so that it is told once."""
    if name == _LOST:
        name = f"{_LOST}-{time.time_ns()}-{os.getpid()}"
        os.rename(os.path.join(folder, _LOST), os.path.join(folder, name))
    file = os.path.join(folder, name)
    count = os.lstat(file).st_size
    record = records.Event(
        id=identity("lost", name), event="records lost", time=now(), count=count,
        reason="the log could not be written and the spool was full",
    )  # fmt: skip
    return Batch(file, [records.body(record)], {})


def _batch(file: str) -> Iterator[Batch]:
    try:
        data = json.loads(_read(file))
        bodies, captured = data["records"], data["captured"]
        sound = all(isinstance(r["id"], str) and isinstance(r["kind"], str) for r in bodies)
        if not sound or not all(isinstance(state, dict) for state in captured.values()):
            raise ValueError("no batch of records")
    except FileNotFoundError:  # another process took it in
        return
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        set_aside(file)
        return
    yield Batch(file, bodies, captured)


def _read(file: str) -> bytes:
    data = read_bytes(file, MAX_BYTES + 1) if stat.S_ISREG(os.lstat(file).st_mode) else b""
    if not data or len(data) > MAX_BYTES:
        raise ValueError("no file that was kept here")
    return data
