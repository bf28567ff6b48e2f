"""Asking a person."""

from __future__ import annotations

import click

from aicheck_app.report.sinks.plain import visible


def confirmed(question: str, *, default: bool = False, abort: bool = False, err: bool = False) -> bool:
    """Ask for a yes or no."""
    return click.confirm(visible(question), default=default, abort=abort, err=err)
