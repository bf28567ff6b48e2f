"""The tool ``session_signals``: how a session went, as ``aicheck ingest`` has counted it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, Field

from aicheck_app.errors import AicheckError
from aicheck_app.log import queries
from aicheck_app.log.store import Log
from aicheck_app.mcp.answers import DATA, name

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicheck_app.mcp.here import Here

TITLE = "Tell a session's signals"
_SEVERAL = 5


class Signals(BaseModel):
    """What is known of a session; counts are of what has been logged so far."""

    session: str
    agent: str
    agent_version: str
    model: str
    outputs: Annotated[dict[str, int], Field(description="Outputs by verdict.")]
    signals: Annotated[
        dict[str, int], Field(description="Counts such as edits, blind_edits, rework, undone, commands_failed.")
    ]
    events: Annotated[dict[str, int], Field(description="Errors of the service, refusals, compactions.")]
    edits_rejected: int
    edits_failed: int
    note: str = DATA


def make(here: Here) -> Callable[..., Signals]:
    """The tool of a server."""

    def session_signals(
        session: Annotated[str, Field(description="A session's id, or what it begins with.", min_length=4)],
    ) -> Signals:
        """Say how a session of an AI agent went: its outputs by verdict, and the counted signals of trouble."""
        with Log(read_only=True) as log:
            project = here.project(log)
            return _told(log, _named(log, session, project), project)

    return session_signals


def _named(log: Log, session: str, project: str) -> str:
    found = queries.sessions_beginning(log, session, _SEVERAL, project)
    if len(found) > 1:
        raise AicheckError(f"several sessions begin so: {', '.join(map(name, found))}")
    return found[0] if found else session


def _told(log: Log, session: str, project: str) -> Signals:
    which = queries.Selection(session=session, project=project)
    counted = list(queries.sessions(log, which))
    newest = list(queries.outputs_of(log, session, 1, project))
    if not counted and not newest:
        raise AicheckError(
            f"the log knows no session '{name(session)}' of this project; 'aicheck ingest' reads sessions"
        )
    about = (counted or newest)[-1]
    signals, events = Counter[str](), Counter[str]()
    for one in counted:
        signals.update(one.context)
        events.update(one.events)
    return Signals(
        session=name(session), agent=name(about.agent), agent_version=name(about.agent_version), model=name(about.model),
        outputs=queries.by_verdict(log, which), signals=_named_safely(signals), events=_named_safely(events),
        edits_rejected=sum(sum(one.rejected.values()) for one in counted),
        edits_failed=sum(sum(one.failed.values()) for one in counted),
    )  # fmt: skip


def _named_safely(counts: Counter[str]) -> dict[str, int]:
    return {name(each): number for each, number in sorted(counts.items()) if number}
