"""Evidence: what the log holds about a time, as an export that a stranger can check."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aicheck_app.report.evidence.collect import Filters

FORMATS = ("markdown", "html", "json", "sarif", "csv")


def rendered(form: str, filters: Filters, *, show_paths: bool = False) -> str:
    """The report of the log in one of the formats; raises AicheckError if a last scan finds a secret in it."""
    from aicheck_app.clock import now
    from aicheck_app.errors import AicheckError
    from aicheck_app.log.store import Log
    from aicheck_app.redaction import leaks
    from aicheck_app.report.evidence.collect import collect

    with Log(read_only=True) as log:
        evidence = collect(log, filters, now(), show_paths=show_paths)
    text: str = import_module(f"aicheck_app.report.evidence.{form}").render(evidence)
    found = leaks(text)
    if found:
        raise AicheckError(f"the report was not written: it would hold what looks like a secret ({', '.join(found)})")
    return text
