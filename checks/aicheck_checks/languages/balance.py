"""Whether a text's brackets and strings are all closed, by its tokens alone.

A grammar that does not take a text loses track of its brackets; the tokens of strings, comments and brackets are simple
enough to count them without it, in any language that writes these alike.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from aicheck_checks.languages.language import Language
    from aicheck_checks.source import Source

_BRACKET = r"(?P<bracket>[()\[\]{}])"
_QUOTED = r'"(?:[^"\\\n]|\\[\s\S])*+"?'
_SINGLE = r"'(?:[^'\\\n]|\\[\s\S])*+'?"
_CHARACTER = r"'(?:\\[^\n]{1,9}?|[^'\\\n])'"
_BLOCK = r"/\*(?:[^*]|\*(?!/))*+(?:\*/)?"
_SLASHES = rf"{_BLOCK}|//[^\n]*+"
_LONG = r'"""(?:[^"\\]|\\[\s\S]|"(?!""))*+(?:""")?'
_LONG_SINGLE = r"'''(?:[^'\\]|\\[\s\S]|'(?!''))*+(?:''')?"
_C = lazy(rf"{_SLASHES}|{_LONG}|{_QUOTED}|{_CHARACTER}|{_BRACKET}")
"""A single quote holds one character, or begins a name."""
_GO = lazy(rf"{_SLASHES}|{_QUOTED}|`[^`]*+`?|{_CHARACTER}|{_BRACKET}")
_ECMA = lazy(rf"{_SLASHES}|{_QUOTED}|`(?:[^`\\]|\\[\s\S])*+`?|{_SINGLE}|{_BRACKET}")
_PHP = lazy(rf"{_SLASHES}|#(?!\[)[^\n]*+|{_QUOTED}|{_SINGLE}|{_BRACKET}")
_HASH = lazy(rf"(?<!\S)#[^\n]*+|{_QUOTED}|`(?:[^`\\]|\\[\s\S])*+`?|{_SINGLE}|{_BRACKET}")
_DASHES = lazy(rf"--\[\[(?:[^\]]|\](?!\]))*+(?:\]\])?|--[^\n]*+|{_QUOTED}|{_SINGLE}|{_BRACKET}")
_YAML = lazy(
    r"(?<!\S)#[^\n]*+|(?<![^\s\[{,:-])\"(?:[^\"\\]|\\[\s\S])*+\"?|(?<![^\s\[{,:-])'(?:[^']|'')*+'?|" + _BRACKET
)
"""A quote begins a string only where a value begins; a string may go on in other lines."""
_TOKENS = {
    **dict.fromkeys(("c", "cpp", "csharp", "java", "kotlin", "objective-c", "rust", "scala", "swift"), _C),
    **dict.fromkeys(("javascript", "typescript", "tsx", "css", "scss", "json"), _ECMA),
    "go": _GO, "php": _PHP, "lua": _DASHES, "sql": _DASHES, "yaml": _YAML,
}  # fmt: skip
"""How each language writes strings and comments; all others do so as a shell."""
_SLASHED = lazy(rf"{_LONG}|{_LONG_SINGLE}|{_SLASHES}|{_QUOTED}|{_SINGLE}|{_BRACKET}")
_HASHED = lazy(rf"{_LONG}|{_LONG_SINGLE}|{_BLOCK}|#[^\n]*+|{_QUOTED}|{_SINGLE}|{_BRACKET}")
_OPEN_TEMPLATE = lazy(r"[$%]\{[^}\n]*+$", re.MULTILINE)
"""A template in a string of Terraform's that goes on in the next line, with strings of its own."""
BALANCED = frozenset("dart groovy terraform protobuf solidity less graphql zig starlark cmake nix".split())
"""Languages without a grammar here in which brackets outside strings and comments always balance."""
_OPENS = {")": "(", "]": "[", "}": "{"}


@lru_cache(maxsize=1)
def is_balanced(source: Source) -> bool:
    """Whether each bracket outside of strings and comments has its counterpart, and no string is open at the end."""
    assert source.language is not None
    stack: list[str] = []
    end = len(source.text.rstrip())
    for match in _TOKENS.get(source.language.name, _HASH).finditer(source.text):
        bracket = match["bracket"]
        if bracket is None:
            if match.end() >= end and match.lastgroup is None and _is_open(match[0]):
                return False
            continue
        if bracket not in _OPENS:
            stack.append(bracket)
        elif not stack or stack.pop() != _OPENS[bracket]:
            return False
    return not stack


class Odd(NamedTuple):
    """A bracket that has no other: the bracket and its place (code points)."""

    bracket: str
    at: int


def odd_bracket(text: str, language: Language) -> Odd | None:
    """The first bracket that closes nothing or closes another kind, else the last one that is never closed; of a ``BALANCED`` language.

    None as well where strings hold code over several lines, which tokens alone don't tell.
    """
    if language.name == "terraform" and _OPEN_TEMPLATE.search(text):
        return None
    opened: list[Odd] = []
    for match in (_HASHED if language.line_comment == "#" else _SLASHED).finditer(text):
        bracket = match["bracket"]
        if bracket in _OPENS:
            if not opened or opened.pop().bracket != _OPENS[bracket]:
                return Odd(bracket, match.start())
        elif bracket:
            opened.append(Odd(bracket, match.start()))
    return opened[-1] if opened else None


def is_closed(source: Source, bracket: str, at: int) -> bool:
    """Whether a bracket at an offset (code points) is closed further on, whatever other kinds stand between.

    A shell's cases close what they never opened, so that a text of it may be unbalanced and whole.
    """
    assert source.language is not None
    depth = 0
    for match in _TOKENS.get(source.language.name, _HASH).finditer(source.text, at):
        found = match["bracket"]
        if found == bracket:
            depth += 1
        elif found is not None and _OPENS.get(found) == bracket:
            depth -= 1
            if not depth:
                return True
    return False


def _is_open(token: str) -> bool:
    """Whether a string lacks its end."""
    quote = token[:3] if token.startswith('"""') else token[0]
    return quote[0] in "\"'`" and (len(token) < 2 * len(quote) or not token.endswith(quote))
