"""Telling of a fault of aicheck's own."""

from __future__ import annotations

from aicheck_app.report.sinks.terminal import echo


def failed(error: Exception) -> int:
    """Print where an exception came from and what it says, and return the exit code.

    Python would print what came from outside raw, and its exit code 1 would say that something suspect was found.
    """
    from traceback import format_tb

    frames = "".join(format_tb(error.__traceback__)).splitlines()
    echo("aicheck failed; please report this:", *frames, f"{type(error).__name__}: {error}", err=True)
    return 2
