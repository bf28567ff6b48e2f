"""An invisible or direction-changing character stands in code.

## Why it matters
Zero-width characters and no-break spaces break identifiers in a way that nobody
sees; bidirectional controls make code read otherwise than it runs (Trojan
Source, CVE-2021-42574).

## Instead
Remove the character; the fix does.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from aicheck_checks.finding import Edit, Fix, Found
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_ANY = lazy(
    "[\u00a0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3164"
    "\ufeff\uffa0\x00-\x08\x0b\x0e-\x1f\x7f]"
)
_CONTROL = lazy("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_JOINERS = frozenset("\u200c\u200d")
_JOINED = lazy("[\u0600-\u0dff\U0001f000-\U0001faff\u2600-\u27bf]")
"""Scripts whose spelling needs joiners, and emoji, which are made with them."""
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SPACES = frozenset("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f")

RECORDED = 20
"""With more escape characters a text is what a program wrote to a coloured terminal."""
_LENIENT = frozenset("csharp javascript typescript tsx".split())
"""Languages that take any of Unicode's spaces for white space (ECMA-334 section 6.3.4, ECMA-262 section 12.2)."""


def check(source: Source) -> Iterator[Found]:
    """One finding for each kind of character, at its first place in code."""
    if source.text.isascii() and not _CONTROL.search(source.text):
        return
    found: dict[str, list[int]] = {}
    end = len(source.text.rstrip("\x1a\n"))
    for match in _ANY.finditer(source.text):
        char, at = match[0], match.start()
        if (char == "\ufeff" and at == 0) or (char == "\x1a" and at >= end):
            continue
        if char in _JOINERS and _JOINED.match(source.text[max(at - 1, 0) : at] + source.text[at + 1 : at + 2]):
            continue
        if source.region(at) == "code":
            found.setdefault(char, []).append(at)
    for char, places in found.items():
        if char == "\x1b" and len(places) > RECORDED:
            continue
        name = unicodedata.name(char, f"control character U+{ord(char):04X}").lower()
        extra = f" ({len(places)} times)" if len(places) > 1 else ""
        kind = "bidirectional control" if char in _BIDI else "invisible character"
        replacement = " " if char in _SPACES else ""
        legal = char in _SPACES and source.parses and source.language is not None and source.language.name in _LENIENT
        yield Found(
        f"{kind} in code: {name}{extra}", places[0], places[0] + 1,
            fix=Fix("remove it", tuple(Edit(p, p + 1, replacement) for p in places)),
            severity="warning" if legal else "error", broken_syntax=not source.parses,
        )  # fmt: skip


RULE = Rule(
    code="COR008",
    name="invisible-character",
    summary="an invisible or direction-changing character in code",
    page=__doc__,
    check=check,
    needs=("tree",),
    languages=("code", "data"),
    good=(Case("\ufeffx = 1\n"), Case("x = 'a\u200bb'  # \u00a0\n"), Case("x = 1\n\x0c\ny = 2\n")),
    bad=(
        Case("x\u200b = 1\n", line=1, says="zero width", symptom="invalid non-printable character U+200B"),
        Case(
            "def f():\n\u00a0\u00a0\u00a0 return 1\n",
            line=2,
            says="3 times",
            symptom="invalid non-printable character U+00A0",
        ),
    ),
)
