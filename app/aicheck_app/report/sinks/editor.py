"""What editors show as plain text: messages, titles and labels."""

from __future__ import annotations

from aicheck_app.report.sinks.plain import short

MESSAGE = 1_000
"""Code points of a message."""
LABEL = 200
"""Code points of a title."""


def message(text: str) -> str:
    """One line of a diagnostic."""
    return short(text, MESSAGE)


def label(text: str, limit: int = LABEL) -> str:
    """A title or a notification; VS Code makes links of ``[text](target)`` and icons of ``$(name)`` in them."""
    return short(text.replace("](", "]\\x28").replace("$(", "$\\x28"), limit)
