"""What a parser or linter says of a place in a text."""

from __future__ import annotations

from typing import NamedTuple

_SYNTAX_RULES = frozenset({"F701", "F702", "F704", "F706", "F707"})


class Diagnostic(NamedTuple):
    """One diagnostic; lines and columns (code points) from 1. ``code`` is ruff's, or ``invalid-syntax``."""

    code: str
    message: str
    line: int
    column: int
    end_line: int
    end_column: int

    def order(self) -> tuple[int, int, str, str]:
        """The key that sorts diagnostics as the text goes on."""
        return self.line, self.column, self.code, self.message

    @property
    def syntax(self) -> bool:
        """Whether the language itself would refuse the text for this."""
        return self.code == "invalid-syntax" or self.code in _SYNTAX_RULES
