"""Evidence: what the log holds about a time, as an export that a stranger can check."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from aicheck_app.errors import AicheckError

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicheck_app.report.evidence.collect import Evidence, Filters

FORMATS = ("markdown", "html", "json", "sarif", "csv")


def _renderer(form: str) -> Callable[[Evidence], str]:
    """What renders a format, or fills in a vendor's form (``form:VENDOR``)."""
    if form.startswith("form:"):
        from aicheck_app.report.templates import filled

        return lambda evidence: filled(evidence, form.removeprefix("form:"))
    found: Callable[[Evidence], str] = import_module(f"aicheck_app.report.evidence.{form}").render
    return found


def rendered(
    form: str,
    filters: Filters,
    *,
    show_paths: bool = False,
    alarms_a_year: float = 1.0,
    source: str | None = None,
    warn: Callable[[str], None] = lambda _: None,
) -> str:
    """The report of the log, or of the ``source`` of a team's, in one of the formats, or a vendor's form (``form:VENDOR``).

    A last scan looks for secrets that the log did not see: if it finds one, the outputs' own words are left out, and
    what is still found is masked in the finished text, which says so. ``warn`` is told if the log is damaged. Raises AicheckError if even then something is found, and if
    the log can't be read.
    """
    from aicheck_app.redaction import leaks, redact_path
    from aicheck_app.report.evidence.collect import without_words
    from aicheck_app.report.evidence.wording import damaged

    evidence = _collected(
        filters, show_paths=show_paths, alarms_a_year=alarms_a_year, every=form in ("json", "sarif"), source=source
    )
    if words := damaged(evidence):
        warn(words)
    render = _renderer(form)
    text: str = render(evidence)
    if leaks(text):
        text = render(without_words(evidence))
    text = redact_path(text) if leaks(text) else text
    if found := leaks(text):
        raise AicheckError(
            f"nothing was written: {_place(text, found[0], leaks)} still reads like a secret ({', '.join(found)})"
        )
    if form == "json":
        from aicheck_app.report.evidence.json import sealed

        text = sealed(text)
    return text


def _place(text: str, rule: str, leaks: Callable[[str], list[str]]) -> str:
    """The line of a finished report in which a rule finds a secret."""
    return next(
        (f"line {number}" for number, line in enumerate(text.split("\n"), 1) if rule in leaks(line)), "the text"
    )


def previewed(filters: Filters, *, show_paths: bool = False, source: str | None = None) -> list[str]:
    """What a report of these would hand out. Raises AicheckError if the log can't be read."""
    from aicheck_app.report.evidence.preview import lines

    return lines(_collected(filters, show_paths=show_paths, source=source))


def _collected(
    filters: Filters, *, show_paths: bool, alarms_a_year: float = 1.0, every: bool = True, source: str | None = None
) -> Evidence:
    """The evidence of the log, or of a team's, as it is now."""
    from aicheck_app.clock import now
    from aicheck_app.log.store import Log
    from aicheck_app.report.evidence.collect import collect

    asked = partial(
        collect, filters=filters, made=now(), show_paths=show_paths, alarms_a_year=alarms_a_year, every=every
    )
    if source is None:
        with Log(read_only=True) as log:
            return asked(log)
    from aicheck_app.team.history import TeamHistory
    from aicheck_app.team.pull import pulled

    history = TeamHistory(source)
    with pulled(history, filters.outputs) as log:
        return asked(log, history=history)
