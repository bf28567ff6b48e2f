"""Patterns that are compiled when they are first used.

Compiling all patterns of all rules takes longer than checking a file with
them, and a clean file needs few: start-up is a feature.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, AnyStr

if TYPE_CHECKING:
    from typing import Any


class _Lazy:
    """Stands in for a compiled pattern; each method is looked up once."""

    def __init__(self, pattern: Any, flags: int) -> None:
        self._source = pattern, flags

    def __getattr__(self, name: str) -> Any:
        pattern, flags = self._source
        method = getattr(re.compile(pattern, flags), name)
        setattr(self, name, method)
        return method


def lazy(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What ``re.compile`` gives, later."""
    return _Lazy(pattern, flags)  # type: ignore[return-value]
