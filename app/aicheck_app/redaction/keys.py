"""Keys that fill lines: PEM and PuTTY, whole or in part, JSON web keys, and the words of a wallet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app.redaction.page import Page, Span
from aicheck_app.redaction.values import random
from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Iterator

_BEGIN = lazy(r"-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}|-{4} BEGIN SSH2 ENCRYPTED PRIVATE KEY -{4}")
_END = lazy(r"-{4,5} ?END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}")
_BREAK = r"(?:[ \t]|\\{1,2}[nrt]|\r?\n|[\"'`+,;&>|#*._()]|//|\.\s)"
_BODY = lazy(
    rf"(?:{_BREAK}{{0,60}}(?:(?:Proc-Type|DEK-Info|Version|Comment|Charset|Hash|Subject|X-\w{{1,20}}): ?[^\n\\]{{0,120}}|[A-Za-z0-9+/=]{{16,4000}}|(?<=[\"'])[A-Za-z0-9+/]{{8,80}}={{0,2}}(?=[\"'])|(?<=[A-Za-z0-9+/=\n])[A-Za-z0-9+/]{{1,80}}={{0,2}}(?=\s|\\n|[\"'`]|\Z|-)|=[A-Za-z0-9+/]{{4}}(?=\s|\\n|[\"'`]|\Z))){{1,2000}}={{0,2}}"
)
_PUTTY = lazy(
    r"(?:Private-Lines: \d{1,5}|Private-MAC: ?)(?:\r?\n|\\n)?(?P<body>(?:[A-Za-z0-9+/=]{4,128}(?:\r?\n|\\n|\Z)?){1,400})"
)
_LINE = r"[A-Za-z0-9+/]"
_FULL_LINE = lazy(rf"(?<![A-Za-z0-9+/=-]){_LINE}{{40,}}")
_LAST = lazy(
    rf"(?:\r?\n[ \t>|#*]{{0,20}}|\\{{1,2}}n|[\"']\s{{0,4}}[+.,\\]?\s{{0,40}}[\"'])(?P<last>{_LINE}{{1,39}}={{0,2}})(?=\s|\\n|[\"'`]|\Z)"
)
PUBLIC = ("CERTIFICATE", "PUBLIC KEY")
LOOK_BACK = 8000
"""Code points before the end of a key that are looked at when its beginning is not there."""
_JWK = lazy(r"\\?[\"'](?:d|p|q|dp|dq|qi|k|oth)\\?[\"']\s{0,4}:\s{0,4}\\?[\"'](?P<value>[A-Za-z0-9_-]{16,4000})")
_SEED = lazy(r"(?:^|[\"'`=:>])[ \t]{0,8}(?P<words>(?:[a-z]{3,8}[ ,]{1,2}){11,23}[a-z]{3,8})(?=[ \t]*(?:$|[\"'`.<]))")
_NUMBERED = lazy(r"(?:\b\d{1,2}[.):] ?[a-z]{3,8}[\s,]{1,4}){11,24}(?:\d{1,2}[.):] ?[a-z]{3,8})?")
_PROSE = frozenset(
    "the and for are was not but from its has have been into than when which who were such these those his her our your you may can must does did how why where while because with would could".split()
)
SEED_LENGTHS = (12, 15, 18, 21, 24)


_HEX = lazy(r"(?<![0-9A-Za-z])(?:0x)?(?P<value>(?:[0-9a-fA-F]{64}){1,2})(?![0-9A-Za-z])")
_SAID = lazy(
    r"(?<! of )(?<! of the )(?<! of a )\b(?:priv(?:ate)?|secret|signing|master|encryption|wallet|deployer|session|aes|hmac|root)[ _-]?keys?\b(?![\s\S]*\b(?:public|hash|sha\d*|digest|fingerprint|checksum|address|commit)\b)"
)
SAID_BEFORE = 100
"""Code points before a number in which a word says that it is a private key; else it is taken for a digest."""


def find(page: Page) -> Iterator[Span]:
    """The keys of a text."""
    if "private key" in page.lower:
        yield from _private(page)
        yield from _ends(page)
    if "key" in page.lower:
        yield from _numbers(page)
    if "private-" in page.lower:
        yield from (Span(*match.span("body"), "private-key") for match in _PUTTY.finditer(page.text))
    if "\n" in page.text or "\\n" in page.text:
        yield from _middle(page)
    if "kty" in page.lower:
        yield from (Span(*match.span("value"), "private-key") for match in _JWK.finditer(page.text))
    yield from _seeds(page)


def _numbers(page: Page) -> Iterator[Span]:
    """Private keys of elliptic curves in hexadecimal."""
    for match in _HEX.finditer(page.text):
        if _SAID.search(page.lower, max(match.start() - SAID_BEFORE, 0), match.start()):
            yield Span(*match.span("value"), "private-key")


def _private(page: Page) -> Iterator[Span]:
    """From the beginning of a key to its end, or as far as what follows can be a key."""
    place, ends = 0, iter(_END.finditer(page.text))
    end = next(ends, None)
    while begin := _BEGIN.search(page.text, place):
        while end and end.start() < begin.end():
            end = next(ends, None)
        body = _BODY.match(page.text, begin.end())
        stop = body.end() if body else begin.end()
        if end and (end.start() - stop < 200) and (body or end.start() - begin.end() < 8):
            stop = end.end()
        if body:
            yield Span(begin.start(), stop, "private-key")
        place = max(stop, begin.end())


def _ends(page: Page) -> Iterator[Span]:
    """What stands before the end of a key whose beginning was cut off."""
    done = 0
    for end in _END.finditer(page.text):
        start, done = max(end.start() - LOOK_BACK, done), end.end()
        before = page.text[start : end.start()]
        if "BEGIN " in before:
            continue
        lines = before.rstrip("\r\n\\n \t\"'")
        place = len(lines)
        while place and (found := _last_line(lines[:place])):
            place -= found
        if place < len(lines):
            yield Span(start + place, end.start(), "private-key")


_LAST_LINE = lazy(rf"(?:(?:\A|\n|\\n|[\"'`])[ \t>|#]{{0,20}})?{_LINE}{{1,130}}={{0,2}}(?:\s|\\n|[\"'`+,.]){{0,8}}\Z")


def _last_line(text: str) -> int:
    """The length of the last line of a text, if it is one of a key."""
    found = _LAST_LINE.search(text, max(len(text) - 160, 0))
    return len(found[0]) if found else 0


def _middle(page: Page) -> Iterator[Span]:
    """The short last line behind a full one: it would look like a word."""
    for match in _FULL_LINE.finditer(page.text):
        last = _LAST.match(page.text, match.end())
        if last and not _words_only(last["last"]) and random(match[0][:80]):
            if not any(word in page.text[max(match.start() - LOOK_BACK, 0) : match.start()] for word in PUBLIC):
                yield Span(match.start(), last.end(), "key-lines")


def _words_only(last: str) -> bool:
    return last.isalpha() and (last.islower() or last.istitle()) and len(last) > 2


def _seeds(page: Page) -> Iterator[Span]:
    """Twelve to twenty-four short words in a row, none of which prose can do without."""
    for line_match in _SEED.finditer(page.text) if page.text.count(" ") > 10 or page.text.count(",") > 10 else ():
        words = line_match["words"].replace(",", " ").split()
        if len(words) in SEED_LENGTHS and not _PROSE.intersection(words) and len(set(words)) > len(words) - 3:
            yield Span(*line_match.span("words"), "seed-phrase")
    for match in _NUMBERED.finditer(page.text) if page.has("1.", "1)", "1:") else ():
        yield Span(*match.span(), "seed-phrase")
