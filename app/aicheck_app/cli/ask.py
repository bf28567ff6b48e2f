"""Asking a person."""

from __future__ import annotations

import sys

import click

from aicheck_app.errors import AicheckError
from aicheck_app.report.sinks.plain import visible


def confirmed(question: str, *, default: bool = False, abort: bool = False, err: bool = False) -> bool:
    """Ask for a yes or no. Raises AicheckError where nobody is there to answer, and with ``abort`` click.Abort for a no."""
    try:
        said = click.confirm(visible(question), default=default, err=err)
    except click.Abort:
        if sys.stdin is not None and sys.stdin.isatty():
            raise
        raise AicheckError("nobody can be asked here, so nothing was done: --yes says yes to the question") from None
    if abort and not said:
        raise click.Abort
    return said
