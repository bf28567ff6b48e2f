"""The copies that Claude Code keeps of files before it edits them: ``file-history/SESSION/NAME`` beside its transcripts.

The lines ``file-history-snapshot`` name them: at a prompt all that the session has edited, as they stand then, and before an
edit the file that is about to be edited.
"""

from __future__ import annotations

import os
import re
from functools import partial
from typing import TYPE_CHECKING, Any

from aicheck_checks.encodings import decode
from aicheck_checks.files import read_bytes

if TYPE_CHECKING:
    from aicheck_app.capture.session import Session

MAX_BYTES = 5_000_000
"""Bytes read of a copy."""
_NAME = re.compile(r"[0-9A-Za-z_-]{1,100}@v\d{1,9}")
_SESSION = re.compile(r"[0-9A-Za-z_-]{1,100}")


class Backups:
    """The copies that a session's transcript has named so far."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, str]] = set()

    def see(self, line: Any, session: Session) -> None:
        """Offer the copies that a line names for the first time; one is read when an edit needs it."""
        name = session.origin.session or os.path.basename(session.place).partition(".")[0]
        given = (line.get("snapshot") or line.get("delta") or line) if isinstance(line, dict) else {}
        tracked = given.get("trackedFileBackups") if isinstance(given, dict) else None
        for path, facts in tracked.items() if isinstance(tracked, dict) and _SESSION.fullmatch(name) else ():
            copy = facts.get("backupFileName") if isinstance(facts, dict) else None
            if not isinstance(copy, str) or not _NAME.fullmatch(copy) or (path, copy) in self._seen:
                continue
            self._seen.add((path, copy))
            file = os.path.join(_home_of(session.place), "file-history", name, copy)
            session.has_copy(path, partial(_text, file))


def _home_of(transcript: str) -> str:
    """The folder of the client's own files: above the folder of its transcripts."""
    folder = os.path.dirname(transcript)
    while os.path.basename(folder) != "projects" and folder != os.path.dirname(folder):
        folder = os.path.dirname(folder)
    return os.path.dirname(folder)


def _text(file: str) -> str | None:
    try:
        data = read_bytes(file, MAX_BYTES + 1)
    except OSError:
        return None
    return decode(data) if len(data) <= MAX_BYTES else None
