"""HTML and XML: outside text stays text, and what is not seen is shown."""

from __future__ import annotations

import re
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from aicheck_app.report.sinks.plain import visible


def html(value: Any) -> Any:
    """A value on its way into a page; for templates, as their ``finalize``, so that none is forgotten."""
    from markupsafe import Markup

    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return Markup(_no_command(escape(visible(value, "\t\n"), {'"': "&quot;", "'": "&#39;"})))


def xml(text: str) -> str:
    """Text between tags; what XML 1.0 has no characters for is shown in a visible form."""
    return _no_command(escape(visible(text, "\t\n")))


def attribute(text: str) -> str:
    """An attribute's value with its quotes."""
    return quoteattr(visible(text, "\t\n"))


def _no_command(text: str) -> str:
    """A line that begins with ``::`` is a command to GitHub's runner."""
    return re.sub(r"(?m)^([ \t]*)::", r"\1&#58;:", text) if "::" in text else text
