"""Sending to a team's log: the way in that says what is missing before anything is imported that may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app.errors import AicheckError
from aicheck_app.team.postgres import explained
from aicheck_app.team.records import Leaving

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aicheck_app.log.store import Log
    from aicheck_app.team.push import Pushed


def send(
    log: Log, address: str, projects: Mapping[str, str], person: str, key: bytes, *, excerpts: bool = False,
    ids: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> Pushed:  # fmt: skip
    """Push what is new of these projects (``names.projects``). Raises AicheckError."""
    if not projects:
        raise AicheckError("the log has nothing of any project yet: try 'aicheck ingest'")
    with explained(address):
        from aicheck_app.team.push import Push

        return Push(Leaving(log, projects, key, excerpts=excerpts, ids=ids), address, person).run(progress)
