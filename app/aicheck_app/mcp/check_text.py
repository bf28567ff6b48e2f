"""The tool ``check_text``: checks a text before it is written, as ``aicheck check -`` does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from aicheck_app.checking import check_one
from aicheck_app.errors import AicheckError
from aicheck_app.files import Target
from aicheck_app.mcp.answers import Checked, checked
from aicheck_checks.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicheck_app.mcp.here import Here

TITLE = "Check a text"


def make(here: Here) -> Callable[..., Checked]:
    """The tool of a server."""

    def check_text(
        text: Annotated[str, Field(description="All of the file, or a piece of code.")],
        path: Annotated[
            str, Field(description="Where it is to stand, from the project's folder on: tells the language.")
        ] = "",
        language: Annotated[
            str, Field(description="The language, where there is no path: python, typescript, go ...")
        ] = "",
        before: Annotated[
            str | None, Field(description="The file's text before the change: then only what is new counts.")
        ] = None,
    ) -> Checked:
        """Check code for damage: cut off, parts left out, imports missing, garbled, refused. Nothing is written and nothing is logged."""
        name, real = here.file(path or _named(language))
        config = here.config
        previous = None if before is None else _bytes(before)
        most = config.checks.max_bytes
        problem = f"'before' is larger than {most:,} bytes (setting max-bytes)" if len(previous or b"") > most else ""
        target = Target(name, _bytes(text), previous, read_from=real, problem=problem)
        report = check_one(target, config.checks, here.worker.check_all)
        return checked(report if config.notes else report.without_notes())

    return check_text


def _named(language: str) -> str:
    """A name for a text of a language, which has none. Raises AicheckError for a language that is not known."""
    if not language:
        return "-"
    known = language_of("", language)
    if known is None:
        raise AicheckError(f"no language '{language}' is known; name the file by 'path' instead")
    return f"text{known.suffixes[0]}"


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")
