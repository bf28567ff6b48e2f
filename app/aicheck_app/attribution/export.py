"""What the log knows of a repository's lines, for others to read."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from aicheck_app import git
from aicheck_app.attribution import agent_trace, logged
from aicheck_app.checking import checkable, decode
from aicheck_app.clock import now

if TYPE_CHECKING:
    from aicheck_app.log.store import Log


def traced(root: str, log: Log) -> dict[str, Any]:
    """An Agent Trace record of the lines of HEAD that outputs in the log wrote."""
    paths = [path for path in git.tracked(root) if checkable(path)]
    known, files = logged.Logged(log), {}
    for path, blob in zip(paths, git.contents(root, [f"HEAD:{path}" for path in paths]), strict=True):
        text = decode(blob) if blob is not None else None
        if text is not None:
            files[path] = known.lines_of(os.path.join(root, path), text)
    return agent_trace.record(files, git.head(root), now())
