"""What the log knows of a repository's lines, for others to read."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from aicheck_app import git
from aicheck_app.attribution import agent_trace, logged
from aicheck_app.clock import now
from aicheck_app.files import checkable
from aicheck_checks.encodings import decode

if TYPE_CHECKING:
    from aicheck_app.log.store import Log


def traced(root: str, log: Log) -> dict[str, Any]:
    """An Agent Trace record of the lines of HEAD that outputs in the log wrote."""
    tracked = [file for file in git.tracked(root) if checkable(file.path)]
    known, files = logged.Logged(log), {}
    for file, blob in zip(tracked, git.contents(root, [file.now for file in tracked]), strict=True):
        text = decode(blob) if blob is not None else None
        if text is not None:
            files[file.path] = known.lines_of(os.path.join(root, file.path), text)
    return agent_trace.record(files, git.head(root), now())
