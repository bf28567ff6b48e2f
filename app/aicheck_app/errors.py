"""Failures that a user can do something about."""

from __future__ import annotations


class AicheckError(Exception):
    """Shown to the user as one line, without a traceback; exit code 2."""
