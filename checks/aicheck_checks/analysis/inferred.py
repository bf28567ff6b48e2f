"""pylint's messages as findings, less those that measurement showed to be its own mistakes."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from aicheck_checks.finding import Found
from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_GUARD = lazy(r"\b(?:hasattr|getattr|AttributeError|TypeError|ImportError|pylint|noqa|type: *ignore|pytest\.raises)\b")
"""What a text says where it expects the member to be missing."""
_NEAR = 3


def findings(source: Source, symbols: frozenset[str]) -> Iterator[Found]:
    """The messages with these symbols, in plain words."""
    for said in source.inferred or ():
        if said.code not in symbols:
            continue
        around = source.lines[max(said.line - 1 - _NEAR, 0) : said.line + 1]
        if any(map(_guarded, around)):
            continue
        start, end = source.offset(said.line, said.column), source.offset(said.end_line, said.end_column)
        yield Found(said.message[:1].lower() + said.message[1:], start, max(start, end), confidence="medium")


@lru_cache(maxsize=16)
def _guarded(line: str) -> bool:
    """Whether a line says that the member may be missing; many messages may be about one long line."""
    return _GUARD.search(line) is not None
