"""Whether brackets balance in a text of a language without a grammar here, by its strings and comments as most languages write them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from aicheck_checks.languages import Language

BALANCED = frozenset("dart groovy terraform protobuf solidity less graphql zig starlark cmake nix".split())
"""Languages without a grammar here in which brackets outside strings and comments always balance."""
_SLASHED = lazy(
    r"\"\"\"(?:[^\\\"]|\\.|\"(?!\"\"))*+(?:\"\"\"|\Z)|'''(?:[^\\']|\\.|'(?!''))*+(?:'''|\Z)|/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)|//[^\n]*+|"
    r"\"(?:[^\\\"\n]|\\.)*+\"?|'(?:[^\\'\n]|\\.)*+'?|(?P<bracket>[()\[\]{}])",
    re.DOTALL,
)
_HASHED = lazy(
    r"\"\"\"(?:[^\\\"]|\\.|\"(?!\"\"))*+(?:\"\"\"|\Z)|'''(?:[^\\']|\\.|'(?!''))*+(?:'''|\Z)|/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)|\#[^\n]*+|"
    r"\"(?:[^\\\"\n]|\\.)*+\"?|'(?:[^\\'\n]|\\.)*+'?|(?P<bracket>[()\[\]{}])",
    re.DOTALL,
)
"""Strings and comments, which are passed over, and brackets."""
_PAIRS = {")": "(", "]": "[", "}": "{"}


class Odd(NamedTuple):
    """A bracket that has no other: the bracket and its place (code points)."""

    bracket: str
    at: int


def odd_bracket(text: str, language: Language) -> Odd | None:
    """The first bracket that closes nothing or closes another kind, else the last one that is never closed."""
    opened: list[Odd] = []
    for match in (_HASHED if language.line_comment == "#" else _SLASHED).finditer(text):
        char = match["bracket"]
        if char in _PAIRS:
            if not opened or opened[-1].bracket != _PAIRS[char]:
                return Odd(char, match.start())
            opened.pop()
        elif char:
            opened.append(Odd(char, match.start()))
    return opened[-1] if opened else None
