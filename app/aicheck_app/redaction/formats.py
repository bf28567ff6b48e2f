"""Secrets that show by their own form whose they are: the published formats of providers.

Two tables of one form: ``gitleaks.tsv``, made from the rules of gitleaks by
scripts/build_secret_formats.py (its head names the licence), and
``own_formats.tsv``. As in gitleaks a pattern is only tried, and only compiled,
where one of its words occurs.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from functools import cache, lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app.redaction.page import Page, Span
from aicheck_app.redaction.values import bits, worded
from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLES = ("own_formats.tsv", "gitleaks.tsv")
_START = lazy(r"(?:\(\?<!\[A-Za-z0-9\]\)|\\b\(?=\w)(?P<letters>(?:[A-Za-z0-9_-]|\\\.)+)(?![?*+{|\w])")
_RUN = lazy(r"[^\s\"'`<>(){}\[\];\\]{16,}")
"""What a secret with a form of its own is part of."""
_REST = lazy(r"[A-Za-z0-9_-]*")
_BETWEEN = r"""[ \t\w.-]{0,20}[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[`'"\s=]{0,5}"""
"""From a provider's name to its secret, as gitleaks has it."""
_END = r"(?![\w-])"
LEAST_BITS = 2.5
"""Of Shannon entropy a character, where the table asks for less: names are long words as often as secrets."""


class Format(NamedTuple):
    """A line of the tables."""

    rule: str
    words: tuple[str, ...]
    bits: float
    names: str
    pattern: str
    own: bool

    def compiled(self) -> re.Pattern[str]:
        """The pattern, with the names that must stand before it."""
        return _compiled(self.names, self.pattern)


@cache
def _compiled(names: str, pattern: str) -> re.Pattern[str]:
    return re.compile(f"{names}{_BETWEEN}(?P<secret>{pattern}){_END}" if names else _anchored(pattern))


@lru_cache(maxsize=1)
def _tables() -> tuple[list[Format], list[Format]]:
    """The formats that speak for themselves, and those that a provider's name must stand before."""
    plain: list[Format] = []
    named: list[Format] = []
    for table in TABLES:
        with open(os.path.join(os.path.dirname(__file__), table), encoding="utf-8") as lines:
            for line in lines:
                if line.startswith("#"):
                    continue
                rule, words, least, names, pattern = line.rstrip("\n").split("\t")
                row = Format(rule, tuple(words.split(",")), float(least), names, pattern, table == TABLES[0])
                (named if names else plain).append(row)
    return plain, named


def _anchored(pattern: str) -> str:
    """The pattern with its first letters before the look at what precedes them: so they are found at the speed of C."""
    start = _START.match(pattern)
    return f"{start['letters']}(?<![A-Za-z0-9]{start['letters']}){pattern[start.end() :]}" if start else pattern


def find(page: Page) -> Iterator[Span]:
    """The secrets of a text that have a provider's format, with or without its name before them."""
    yield from plain(page)
    for row in _tables()[1]:
        if page.has(*row.words):
            for match in row.compiled().finditer(page.text):
                secret = match["secret"]
                if bits(secret) >= max(row.bits, LEAST_BITS) and any(c.isdigit() for c in secret):
                    yield Span(*match.span("secret"), row.rule)


def plain(page: Page) -> Iterator[Span]:
    """The secrets whose format speaks for itself, each with the rest of its word."""
    runs = [match.span() for match in _RUN.finditer(page.text)]
    starts = [0, *accumulate(end - start + 1 for start, end in runs)]
    text = "\n".join(page.text[start:end] for start, end in runs)
    for start, end, rule in _formatted(text, "\n".join(page.lower[start:end] for start, end in runs)):
        number = bisect_right(starts, start) - 1
        moved = runs[number][0] - starts[number]
        yield Span(start + moved, end + moved, rule)


def _formatted(text: str, lower: str) -> Iterator[Span]:
    letters = set(lower)
    for row in _tables()[0]:
        for word in row.words:
            if letters.issuperset(word) and word in lower:
                break
        else:
            continue
        place, pattern = 0, row.compiled()
        while match := pattern.search(text, place):
            place = max(match.end(), place + 1)
            if not (row.own and worded(match[0])):
                place = _REST.match(text, match.end()).end()  # type: ignore[union-attr] # it matches nothing, too
                yield Span(match.start(), place, row.rule)
