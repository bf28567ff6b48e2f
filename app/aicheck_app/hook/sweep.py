"""What a turn changed behind the edit tools: files written by commands, found by git at the turn's end.

At the prompt the changed files are remembered, at the end those that differ since are outputs, if the agent ran
commands meanwhile and no hook has logged that text. A person may have edited them: they are marked as heuristic.
"""

from __future__ import annotations

import os
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING

from aicheck_app import git
from aicheck_app.errors import AicheckError
from aicheck_app.files import checkable
from aicheck_app.hashing import of_text
from aicheck_app.log.queries import newest_outputs
from aicheck_app.origin import Output
from aicheck_checks.encodings import decode_change
from aicheck_checks.files import open_regular, read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_app.git import Change
    from aicheck_app.hook.event import Event
    from aicheck_app.log.store import Log
    from aicheck_app.origin import Origin

MAX_FILES = 200
"""More than that is a checkout or a generator at work, not an edit."""
MAX_BYTES = 2_000_000
RECENT = 1_000
MAX_LINE = 1 << 16
"""Bytes of a transcript's line that are looked at in one piece."""
MAX_LINES = 20_000
"""Lines of a turn that are looked at."""
_COMMAND, _SPACED = b'"name":"Bash"', b'"name": "Bash"'


def remember(event: Event, log: Log) -> None:
    """Keep how the work tree stands at the beginning of a turn."""
    root = git.top(event.cwd)
    stamps = {log.keyed(change.path): stamp for change, stamp in _changed_files(root)} if root else {}
    state = {"files": stamps, "transcript": _size(event.transcript)}
    log.remember(_key(event, log), state)


def begun_at(event: Event, log: Log) -> int | None:
    """The byte of the transcript where the turn began; None where nobody took note."""
    state = log.captured(_key(event, log))
    return int(state["transcript"]) if state is not None else None


def changed(event: Event, log: Log, origin: Origin, start: int) -> Iterator[Output]:
    """The files that commands wrote since the transcript's byte ``start``, as outputs."""
    state = log.captured(_key(event, log))
    root = git.top(event.cwd) if state is not None else None
    if state is None or root is None or not _ran_commands(event.transcript, start):
        return
    before = state["files"]
    files = [
        change
        for change, stamp in _changed_files(root)
        if before.get(log.keyed(change.path)) != stamp and checkable(change.path)
    ]
    if not files or len(files) > MAX_FILES:
        return
    known = _logged(log)
    for (path, *_), head in zip(files, git.contents(root, [change.before for change in files]), strict=True):
        text, previous = _texts(os.path.join(root, path), head)
        if text not in (None, previous) and of_text(text) not in known:
            key = f"{event.session}:{path}:{of_text(text)}"
            swept = origin._replace(attribution="heuristic")
            yield Output(key, "Bash", text, text, "file", os.path.join(root, path), swept, None, previous)


def _key(event: Event, log: Log) -> str:
    return log.keyed(f"hook:{event.session}:{event.cwd}")


def _changed_files(root: str) -> Iterator[tuple[Change, list[int]]]:
    """Files that differ from HEAD or are untracked, with time and size of each."""
    try:
        changes = git.changed(root, "HEAD")
    except AicheckError:  # no commit yet
        changes = git.untracked(root)
    for change in changes:
        with suppress(OSError, ValueError):
            status = os.stat(os.path.join(root, change.path))
            yield change, [status.st_mtime_ns, status.st_size]


def _ran_commands(transcript: str, start: int) -> bool:
    """Whether the transcript tells of a command since then; without one nothing is known, and nothing swept."""
    try:
        with open_regular(transcript) as file:
            file.seek(start)
            lines = islice(iter(lambda: file.readline(MAX_LINE), b""), MAX_LINES)
            return any(_COMMAND in line or _SPACED in line for line in lines)
    except OSError:
        return False


def _logged(log: Log) -> set[str]:
    """The hashes of the texts in the newest outputs."""
    return {value for each in newest_outputs(log, RECENT) for value in (each.sha256, each.file_sha256) if value}


def _texts(path: str, head: bytes | None) -> tuple[str | None, str | None]:
    """A file's text and that of HEAD, each None where there is none."""
    try:
        data = read_bytes(path, MAX_BYTES + 1)
    except OSError:
        return None, None
    return decode_change(data, head) if len(data) <= MAX_BYTES else (None, None)


def _size(path: str) -> int:
    try:
        return os.path.getsize(path)
    except (OSError, ValueError):
        return 0
