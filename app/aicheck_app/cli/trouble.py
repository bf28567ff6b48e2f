"""Telling what kept records out of the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app.report.sinks.terminal import echo

if TYPE_CHECKING:
    from aicheck_app.log.store import Log


def tell(log: Log) -> None:
    """On standard error, if there is anything to tell."""
    if log.trouble:
        echo(f"aicheck: {log.trouble}", err=True)
