"""Where rates are read from: the user's own log, or with ``--from`` a team's."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from aicheck_app.monitor.history import own

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_app.monitor.history import History

from_option = click.option(
    "--from",
    "source",
    metavar="SOURCE",
    help="Read a team's log (postgresql://NAME@HOST/DATABASE), or a folder that 'aicheck batch' wrote, instead of your own log.",
)


@contextmanager
def history(source: str | None) -> Iterator[History]:
    """What the monitor reads. Raises AicheckError."""
    if source is not None:
        from aicheck_app.team.history import TeamHistory

        yield TeamHistory(source)
        return
    with own() as log:
        yield log
