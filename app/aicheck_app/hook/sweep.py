"""What a turn changed behind the edit tools: files written by commands, found by git at the turn's end.

At the prompt the changed files are remembered, at the end those that differ since are outputs, if the agent ran
commands meanwhile and no hook has logged that text. A person may have edited them: they are marked as heuristic.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Any

from aicheck_app import git
from aicheck_app.checking import checkable, decode
from aicheck_app.errors import AicheckError
from aicheck_app.origin import Output

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_app.hook.event import Event
    from aicheck_app.log.store import Log
    from aicheck_app.origin import Origin

MAX_FILES = 200
"""More than that is a checkout or a generator at work, not an edit."""
MAX_BYTES = 2_000_000
RECENT = 1_000
_COMMAND = b'"name":"Bash"'


def remember(event: Event, log: Log) -> None:
    """Keep how the work tree stands at the beginning of a turn."""
    root = git.top(event.cwd)
    files = {log.keyed(path): stamp for path, stamp in _changed_files(root).items()} if root else {}
    state = {"files": files, "transcript": _size(event.transcript)}
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
    files = {
        path: stamp
        for path, stamp in _changed_files(root).items()
        if before.get(log.keyed(path)) != stamp and checkable(path)
    }
    if not files or len(files) > MAX_FILES:
        return
    known = _logged(log)
    heads = git.contents(root, [f"HEAD:{path}" for path in files])
    for path, head in zip(files, heads, strict=True):
        text = _text(os.path.join(root, path))
        if text is not None and _sha(text) not in known:
            previous = decode(head) if head is not None else None
            key = f"{event.session}:{path}:{_sha(text)}"
            swept = origin._replace(attribution="heuristic")
            yield Output(key, "Bash", text, text, "file", os.path.join(root, path), swept, None, previous)


def _key(event: Event, log: Log) -> str:
    return log.keyed(f"hook:{event.session}:{event.cwd}")


def _changed_files(root: str) -> dict[str, Any]:
    """Files that differ from HEAD or are untracked, with time and size of each."""
    try:
        paths = git.changed(root, "HEAD")
    except AicheckError:  # no commit yet
        paths = git.untracked(root)
    found: dict[str, Any] = {}
    for path in paths:
        try:
            status = os.stat(os.path.join(root, path))
        except OSError:
            continue
        found[path] = [status.st_mtime_ns, status.st_size]
    return found


def _ran_commands(transcript: str, start: int) -> bool:
    """Whether the transcript tells of a command since then; without one nothing is known, and nothing swept."""
    try:
        with open(transcript, "rb") as file:
            file.seek(start)
            return _COMMAND in file.read().replace(b'"name": "Bash"', _COMMAND)
    except OSError:
        return False


def _logged(log: Log) -> set[str]:
    """The hashes of the texts in the newest outputs."""
    rows = log.records(f"seq > (SELECT max(seq) - {RECENT} FROM records) AND kind = 'output'")
    return {value for row in rows for value in (row.get("sha256"), row.get("file_sha256")) if value}


def _text(path: str) -> str | None:
    try:
        if os.path.getsize(path) > MAX_BYTES:
            return None
        with open(path, "rb") as file:
            return decode(file.read())
    except OSError:
        return None


def _size(path: str) -> int:
    try:
        return os.path.getsize(path)
    except OSError:
        return 0


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
