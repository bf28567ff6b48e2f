"""The text of a file as git keeps it, for an edit whose session never saw the whole file.

A version counts only if the edit fits it: what the client's diff shows of the file must stand there, on the same lines.
What was changed and never committed can't be known, so only the first edit of a file in a session is looked up.
"""

from __future__ import annotations

import os
import time as clock
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from aicheck_app import git
from aicheck_app.errors import AicheckError
from aicheck_checks.encodings import decode

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_VERSIONS = 30
"""Versions of a file that are tried, the newest before the edit first."""
MAX_LOOKUPS = 2_000
"""Files that are looked up in a run."""
PATIENCE = 1.0
"""Seconds: where git fails after longer than this it was waiting, and would wait again."""
RUN_SECONDS = 300.0
"""What a run waits for git in all."""
Answer = TypeVar("Answer")


class Repository(NamedTuple):
    """Where a session's paths begin, and where git knows their versions: the same folder, but for copies of a repository."""

    root: str
    folder: str


def repository_of(folder: str) -> Repository | None:
    """The repository round a folder of this machine."""
    root = git.root(folder) if os.path.isabs(folder) and os.path.isdir(folder) else None
    return Repository(root, root) if root is not None else None


class Limits:
    """How long a run has waited for git, and for which repositories it no longer does: their settings may name a pipe."""

    def __init__(self) -> None:
        self._waited = 0.0
        self._given_up: set[str] = set()

    def ask(self, folder: str, question: Callable[[], Answer]) -> Answer | None:
        """What git answers of a repository; None where it fails, or is no longer asked."""
        if folder in self._given_up or self._waited > RUN_SECONDS:
            return None
        began = clock.monotonic()
        try:
            return question()
        except AicheckError:  # no such file or version, or one that takes too long
            if clock.monotonic() - began > PATIENCE:
                self._given_up.add(folder)
            return None
        finally:
            self._waited += clock.monotonic() - began


class Committed:
    """Looks up versions of files; what a repository says is asked for once. Several of them may share their ``limits``."""

    def __init__(self, find: Callable[[str], Repository | None] = repository_of, limits: Limits | None = None) -> None:
        self._find = find
        self._limits = limits or Limits()
        self._repositories: dict[str, Repository | None] = {}
        self._versions: dict[tuple[str, str], list[tuple[float, str]]] = {}

    def text(self, place: str, cwd: str, time: str, fits: Callable[[str], bool]) -> str | None:
        """The newest version of a file before a time (UTC, ISO 8601) that an edit fits; None where there is none."""
        if cwd not in self._repositories:
            self._repositories[cwd] = self._find(cwd) if cwd else None
        found = self._repositories[cwd]
        path = os.path.relpath(place, found.root).replace(os.sep, "/") if found is not None else ""
        if found is None or path.startswith("..") or "\n" in path:
            return None
        limit = _seconds(time)
        commits = [commit for made, commit in self._known(found.folder, path) if made <= limit][:MAX_VERSIONS]
        ids = [f"{commit}:{path}" for commit in commits]
        blobs = self._limits.ask(found.folder, lambda: git.contents(found.folder, ids)) if ids else None
        texts = (decode(blob) for blob in blobs or () if blob is not None)
        return next((text for text in texts if text is not None and fits(text)), None)

    def _known(self, folder: str, path: str) -> list[tuple[float, str]]:
        """The commits of any branch that changed a file, newest first, with their times in seconds."""
        key = folder, path
        if key not in self._versions and len(self._versions) < MAX_LOOKUPS:
            found = self._limits.ask(folder, lambda: git.history(folder, path))
            self._versions[key] = sorted(found or (), reverse=True)
        return self._versions.get(key, [])


def _seconds(time: str) -> float:
    try:
        return datetime.fromisoformat(time).timestamp()
    except ValueError:
        return float("inf")
