"""Text was decoded with the wrong encoding and stands garbled in code.

## Why it matters
`â€™` in place of an apostrophe means that bytes were misread on the way. In code
it breaks the parse; in comments and strings it is noted only.

## Instead
Restore the character; check the encoding of whatever wrote the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.finding import Found
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_GARBLED = lazy("â€[™œ\x9d“”–—¦˜¢\x99\x9c\x93\x94]|Ã[\x80-\xbf¤©¶¼Ÿ¡]|Â[\xa0-\xbf]|ï»¿|\ufffd+")


def check(source: Source) -> Iterator[Found]:
    """The first garbled place; an error only where it is code and does not parse."""
    if source.text.isascii():
        return
    places = list(_GARBLED.finditer(source.text))
    if not places:
        return
    in_code = [m for m in places if source.region(m.start()) == "code"]
    first = (in_code or places)[0]
    extra = f" ({len(places)} places)" if len(places) > 1 else ""
    bad = bool(in_code) and not source.parses
    yield Found(
        f"garbled text '{first[0]}': decoded with the wrong encoding{extra}",
        first.start(), first.end(), "error" if bad else "info", "high" if bad else "low", broken_syntax=bad,
    )  # fmt: skip


RULE = Rule(
    code="COR009",
    name="garbled-text",
    summary="text decoded with the wrong encoding",
    page=__doc__,
    check=check,
    needs=("tree",),
    languages=("code", "data"),
    good=(Case("x = 'café — naïve'\n"),),
    bad=(Case("x = â€œhelloâ€\x9d\n", line=1, says="wrong encoding"),),
)
