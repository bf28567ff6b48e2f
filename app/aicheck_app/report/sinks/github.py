"""Parts of GitHub's workflow commands
(https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands)."""

from __future__ import annotations

from aicheck_app.report.sinks.plain import visible


def data(text: str) -> str:
    """What a command says."""
    return visible(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def property_(text: str) -> str:
    """The value of a property."""
    return data(text).replace(":", "%3A").replace(",", "%2C")
