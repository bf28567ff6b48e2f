"""Whether brackets balance in a text of a language without a grammar here, by its strings and comments as most languages write them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from aicheck_checks.languages import Language

BALANCED = frozenset("dart groovy terraform protobuf solidity less graphql zig starlark cmake nix fsharp".split())
"""Languages without a grammar here in which brackets outside strings and comments always balance."""
_PAIRS = {")": "(", "]": "[", "}": "{"}


class Odd(NamedTuple):
    """A bracket that has no other: the bracket and its place (code points)."""

    bracket: str
    at: int


def odd_bracket(text: str, language: Language) -> Odd | None:
    """The first bracket that closes nothing or closes another kind, else the last one that is never closed."""
    opened: list[Odd] = []
    for match in _tokens(language.line_comment, language.block_comment).finditer(text):
        char = match["bracket"]
        if char in _PAIRS:
            if not opened or opened[-1].bracket != _PAIRS[char]:
                return Odd(char, match.start())
            opened.pop()
        elif char:
            opened.append(Odd(char, match.start()))
    return opened[-1] if opened else None


@lru_cache(maxsize=32)
def _tokens(line: str | None, block: tuple[str, str] | None) -> re.Pattern[str]:
    """Strings and comments, which are passed over, and brackets."""
    parts = [r"\"\"\"(?:[^\\\"]|\\.|\"(?!\"\"))*+(?:\"\"\"|\Z)", r"'''(?:[^\\']|\\.|'(?!''))*+(?:'''|\Z)"]
    if block is not None:
        begin, end = map(re.escape, block)
        parts.append(rf"{begin}(?:(?!{end})[\s\S])*+(?:{end}|\Z)")
    if line is not None:
        parts.append(rf"{re.escape(line)}[^\n]*+")
    parts += [r"\"(?:[^\\\"\n]|\\.)*+\"?", r"'(?:[^\\'\n]|\\.)*+'?", r"(?P<bracket>[()\[\]{}])"]
    return re.compile("|".join(parts), re.DOTALL)
