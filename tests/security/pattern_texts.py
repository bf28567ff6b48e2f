"""Texts that a backtracking matcher takes long for, made from a pattern itself.

For each repeat of a pattern: what leads up to it and then its body without end, both together again and
again, and what leads up to each part again and again, so that a match begins everywhere and ends nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

REPEATS = {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}
GROUPS = {op.SUBPATTERN, op.ATOMIC_GROUP, op.ASSERT, op.ASSERT_NOT}
CATEGORIES = {
    op.CATEGORY_DIGIT: "0",
    op.CATEGORY_NOT_DIGIT: "a",
    op.CATEGORY_SPACE: " \n",
    op.CATEGORY_NOT_SPACE: "a",
    op.CATEGORY_WORD: "a_",
    op.CATEGORY_NOT_WORD: " \n.",
}
ALWAYS = (
    " ",
    "\t",
    "\n",
    "\r\n",
    " \n",
    "a",
    "a ",
    "a\n",
    "0",
    "A.",
    "_",
    "(",
    "[",
    "{",
    "<",
    '"',
    "'",
    "\\",
    "é",
    "#",
    "/",
)
"""Units that every pattern is tried with, whatever it is made of."""
MOST = 60
"""Times that a part is repeated in a sample, however often the pattern wants it."""
LONG = 16
"""Repeats of fewer times than this are as good as written out."""


def units(pattern: str | bytes, flags: int) -> Iterator[tuple[str, str, str]]:
    """A beginning, what follows it again and again, and an end that few patterns take."""
    tree = parser.parse(pattern, flags)
    seen: set[tuple[str, str]] = set()
    chars = sorted(set(_chars(tree)))
    for unit in (*ALWAYS, *chars, *(char + "\n" for char in chars)):
        seen.add(("", unit))
    for before, body in _paths(tree, ""):
        seen.update({("", before), (before, body), ("", before + body), ("", before + body + "\n")})
    for before, body in sorted(pair for pair in seen if pair[1]):
        yield before, body, ""
        yield before, body, "\x01"


def _one(item: tuple[Any, Any]) -> list[str]:
    """What a character, or a class of them, stands for."""
    kind, value = item
    if kind is op.LITERAL:
        return [chr(value)]
    if kind is op.RANGE:
        return [chr(value[0])]
    if kind is op.CATEGORY:
        return list(CATEGORIES[value])
    if kind is op.NOT_LITERAL:
        return [char for char in "a \n" if ord(char) != value]
    if kind is op.IN and value[0][0] is op.NEGATE:
        refused = re.compile("|".join(re.escape(char) for part in value[1:] for char in _one(part)) or "(?!)")
        return [char for char in "a \n.0" if not refused.match(char)] or ["~"]
    if kind is op.IN:
        return [char for part in value[:12] for char in _one(part)]
    return ["a", " "] if kind is op.ANY else []


def _chars(tree: Any) -> Iterator[str]:
    for item in tree:
        yield from _one(item)
        for inner in _inside(item):
            yield from _chars(inner)


def _inside(item: tuple[Any, Any]) -> list[Any]:
    """The parts of a group, a repeat or a choice."""
    kind, value = item
    if kind in REPEATS:
        return [value[2]]
    if kind in GROUPS:
        return [value if kind is op.ATOMIC_GROUP else value[-1]]
    if kind is op.BRANCH:
        return list(value[1])
    return [part for part in value[1:] if part is not None] if kind is op.GROUPREF_EXISTS else []


def _sample(tree: Any) -> str:
    """A short text that the pattern takes, but for what its assertions say."""
    return "".join(_sampled(item) for item in tree)


def _sampled(item: tuple[Any, Any]) -> str:
    kind, value = item
    if kind in REPEATS:
        return _sample(value[2]) * min(int(value[0]), MOST)
    if kind in (op.ASSERT, op.ASSERT_NOT):
        return ""
    inner = _inside(item)
    return _sample(inner[0]) if inner else "".join(_one(item)[:1])


def _paths(tree: Any, before: str) -> Iterator[tuple[str, str]]:
    """What leads up to each place where words end or repeats begin, and the repeats' bodies."""
    literal = False
    for item in tree:
        kind, value = item
        if literal and kind is not op.LITERAL:
            yield before, ""
        literal = kind is op.LITERAL
        if kind in REPEATS and value[1] > LONG:
            chars = {char for part in value[2] for char in _one(part)} if len(value[2]) == 1 else set()
            for body in {_sample(value[2]), *chars}:
                yield before, body
                yield before + body, ""
        for inner in _inside(item):
            yield from _paths(inner, before)
        yield before, ""
        before += _sampled(item)
    yield before, ""
