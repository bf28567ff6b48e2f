"""A text with all that a finding in it may depend on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.settings import DEFAULT, Settings
from aicheck_checks.source import Kind, Source

if TYPE_CHECKING:
    from aicheck_checks.surroundings import Surroundings
    from aicheck_checks.tools.ruff_server import RuffServer


class Case(NamedTuple):
    """A text, the version before it where that is known, the file's name as the checks are told it, and what stands round it."""

    text: str
    path: str = ""
    previous: str | None = None
    language: str | None = None
    kind: Kind = "file"
    settings: Settings = DEFAULT
    surroundings: Surroundings | None = None

    def source(self, ruff: RuffServer | None = None) -> Source:
        """The case as it is checked; a warm ruff saves starting one."""
        source = Source(
            self.text, path=self.path, previous=self.previous, language=self.language, kind=self.kind,
            surroundings=self.surroundings,
        )  # fmt: skip
        if (
            ruff is not None
            and self.kind == "file"
            and source.language is not None
            and source.language.name == "python"
        ):
            source.diagnostics = ruff.diagnose(source)
            if source.before is not None:
                source.before.diagnostics = ruff.diagnose(source.before)
        return source
