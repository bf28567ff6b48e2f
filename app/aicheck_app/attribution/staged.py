"""Which of the staged lines are AI-written, by the best evidence that there is for each."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aicheck_app import git
from aicheck_app.attribution import agent_trace, logged, signs
from aicheck_app.home import database
from aicheck_app.log.store import Log
from aicheck_checks.encodings import decode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicheck_app.attribution.author import Author


def ai_lines(root: str, paths: Sequence[str]) -> dict[str, dict[int, Author]]:
    """The staged AI-written lines (from 1) of each path; paths are relative to the root of the work tree.

    Raises AicheckError for a log that can't be read: what it knows can't be told then.
    """
    if not os.path.exists(database()):  # nothing was captured yet
        return _ai_lines(root, paths, None)
    with Log(read_only=True) as log:
        return _ai_lines(root, paths, logged.Logged(log))


def _ai_lines(root: str, paths: Sequence[str], log: logged.Logged | None) -> dict[str, dict[int, Author]]:
    added = git.staged_lines(root)
    traces = agent_trace.records_of(root)
    ran = signs.of_environment()
    found: dict[str, dict[int, Author]] = {}
    staged = {change.path: change.now for change in git.staged(root)}
    known = [path for path in paths if path in staged]
    for path, blob in zip(known, git.contents(root, [staged[path] for path in known]), strict=True):
        text = decode(blob) if blob is not None else None
        new = added.get(path, set())
        if text is None or not new:
            continue
        seen = log.lines_of(os.path.join(root, path), text) if log is not None else {}
        traced = agent_trace.lines_of(traces, path) if traces else {}
        authors = {n: who for n in sorted(new) if (who := seen.get(n) or traced.get(n) or ran) is not None}
        if authors:
            found[path] = authors
    return found
