"""The record that a person means by the beginning of its id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app.errors import AicheckError
from aicheck_app.log import queries

if TYPE_CHECKING:
    from aicheck_app.log.records import Body
    from aicheck_app.log.store import Log


def found(log: Log, identifier: str) -> Body:
    """The record with an id that starts so, in the log or in what was handed out of it. Raises AicheckError if it is not one."""
    from aicheck_app.log.handed_out import named

    known = queries.beginning_with(log, identifier)
    known = known or [body for each in named(log, identifier) if (body := queries.find(log, each)) is not None]
    if len(known) != 1:
        problem = "no record has" if not known else f"{len(known)} records have"
        raise AicheckError(f"{problem} an id that starts with '{identifier}' (see 'aicheck log list')")
    return known[0]
