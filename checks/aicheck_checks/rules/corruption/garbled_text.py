"""Text was decoded with the wrong encoding and stands garbled in code.

## Why it matters
`â€™` in place of an apostrophe means that bytes were misread on the way. In code
it breaks the parse; in comments and strings it is noted only, unless the version
before has the same line with its letters whole.

## Instead
Restore the character; check the encoding of whatever wrote the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.analysis.prose import is_document
from aicheck_checks.finding import Found
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_GARBLED = lazy("â€[™œ\x9d“”–—¦˜¢\x99\x9c\x93\x94]|Ã[\x80-\xbf¤©¶¼Ÿ¡]|Â[\xa0-\xbf]|ï»¿|\ufffd+")


def check(source: Source) -> Iterator[Found]:
    """The first garbled place; an error only where it is code and does not parse."""
    text = source.text
    if text.isascii() and "\0" not in text:
        return
    damaged = _damaged(source)
    if damaged is not None:
        start, end = source.line_span(damaged)
        shown = source.text[start:end].replace("\0", "\ufffd")[:60]
        yield Found(
            f"letters of the version before were lost or garbled here: '{shown}'",
            start,
            end,
            broken_syntax=not source.parses,
        )
        return
    places = list(_GARBLED.finditer(source.text))
    if not places or is_document(source):
        return
    in_code = [m for m in places if source.region(m.start()) == "code"]
    first = (in_code or places)[0]
    extra = f" ({len(places)} places)" if len(places) > 1 else ""
    bad = bool(in_code) and not source.parses
    yield Found(
        f"garbled text '{first[0]}': decoded with the wrong encoding{extra}",
        first.start(), first.end(), "error" if bad else "info", "high" if bad else "low", broken_syntax=bad,
    )  # fmt: skip


def _damaged(source: Source) -> int | None:
    """The first line (from 0) that is one of the version before with other letters."""
    changed = source.changed_lines
    if changed is None or not changed.gone:
        return None
    document = is_document(source)  # of control characters in code another rule tells
    lines = (one for one in changed.brought if document or "\0" not in one[1])
    return next((index for index, line in lines if changed.garbled(line)), None)


RULE = Rule(
    code="COR009",
    name="garbled-text",
    summary="text decoded with the wrong encoding",
    page=__doc__,
    check=check,
    needs=("tree",),
    good=(Case("x = 'café — naïve'\n"), Case("# café\n", previous="# cafe\n", language="markdown")),
    bad=(
        Case(
            "# A\n\ncaf\ufffd and more\n",
            previous="# A\n\ncafé and more\n",
            line=3,
            says="lost",
            language="markdown",
            symptom="question marks in black diamonds (�)",
        ),
        Case(
            "# Orders â€” loading\nx = 1\n",
            previous="# Orders — loading\nx = 1\n",
            line=1,
            says="garbled",
            symptom="â€” stands in place of a dash",
        ),
        Case(
            "\0\0 sessions\n",
            previous="├─ sessions\n",
            line=1,
            says="lost",
            language="markdown",
            symptom="null bytes in a text file",
        ),
        Case("x = â€œhelloâ€\x9d\n", line=1, says="wrong encoding"),
    ),
)
