"""The model refused, and its refusal stands where code was asked for.

## Why it matters
The file holds an apology instead of the work.

## Instead
Rephrase the request or report the refusal; the request id is in the log.

## Known limits
Strings, tests, filters and documentation that talk about refusals are normal
code: only a refusal in place of code counts.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from aicheck_checks.finding import Found
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_REFUSAL = lazy(
    r"\b(?:i(?:['’]m| am) (?:really |very |so )?(?:sorry|afraid|unable)\b.{0,40}?\b(?:can(?:['’]?t|not)|unable|not able|won['’]t)|"
    r"i(?:['’]m| am) (?:not able|unable) to (?:help|assist|provide|create|generate|write|complete|fulfil|produce|comply)|"
    r"i (?:can(?:['’]?t|not)|won['’]t|must decline to|will not) (?:help|assist|provide|create|generate|write|complete|fulfil|"
    r"produce|comply|continue|do that|engage)|i (?:apologi[sz]e|must decline)\b.{0,60}?\b(?:can(?:['’]?t|not)|unable|not able)|"
    r"as an ai(?: language)? (?:model|assistant)|\bfinish[ _]?reason: ?(?:recitation|safety|prohibited_content|blocklist|spii)\b)",
    re.IGNORECASE,
)

_PHRASES = (
    "m sorry", "am sorry", "am afraid", "m afraid", "unable to", "not able to", "i cannot ", "i can't ",
    "i can’t ", "i cant ", "i won't", "i won’t", "i will not", "must decline", "i apolog", "as an ai",
    "finish reason", "finish_reason", "finishreason",
)  # fmt: skip

_STUB = lazy(
    r"\s*(?:pass\b|\.\.\.|import\b|from\b|def\b|class\b|raise NotImpl|package\b|use\b|using\b|func\b|fn\b|function\b|"
    r"[{}()\[\];]+\s*$|#include\b|<\?php|return;?\s*$)"
)


FEW_LINES = 3
"""So many lines of code do not outweigh a refusal."""


def check(source: Source) -> Iterator[Found]:
    """The first refusal outside strings that the rest of the text does not outweigh."""
    for match in _refusals(source):
        region = source.region(match.start())
        if region == "string" and source.parses:
            continue
        if region == "comment" and _has_code(source):
            continue
        line = source.position(match.start()).line - 1
        start, end = source.line_span(line)
        message = f"a refusal stands where code was asked for: '{source.text[start:end].strip('#/*- ')[:60]}'"
        yield Found(message, start, end, broken_syntax=not source.parses)
        return


def _refusals(source: Source) -> Iterator[re.Match[str]]:
    """What reads as a refusal; none goes beyond a line, and few lines hold a phrase of one."""
    lowered = source.lowered
    present = [phrase for phrase in _PHRASES if phrase in lowered]
    if len(lowered) != len(source.text):  # some letters are two in lower case
        yield from _REFUSAL.finditer(source.text) if present else ()
        return
    found = {source.position(at).line - 1 for phrase in present for at in _places(lowered, phrase)}
    for line in sorted(found):
        start = source.line_starts[line]
        yield from _REFUSAL.finditer(source.text, start, start + len(source.lines[line]))


def _places(text: str, phrase: str) -> Iterator[int]:
    at = text.find(phrase)
    while at >= 0:
        yield at
        at = text.find(phrase, at + len(phrase))


@lru_cache(maxsize=1)
def _has_code(source: Source) -> bool:
    """Whether more than a few lines of code are more than a stub."""
    real = (
        number
        for number, line in enumerate(source.lines)
        if line.strip() and not _STUB.match(line) and source.region(source.line_span(number)[0]) != "comment"
    )
    return next(islice(real, FEW_LINES, None), None) is not None


RULE = Rule(
    code="REF001",
    name="refusal-text",
    summary="a refusal stands where code was asked for",
    page=__doc__,
    check=check,
    needs=("tree",),
    languages=("code", "data"),
    good=(
        Case("REFUSALS = [\"I'm sorry, but I can't help with that\"]\n"),
        Case("def f():\n    # as an AI model would say\n    a = 1\n    b = 2\n    c = 3\n    return a + b + c\n"),
    ),
    bad=(
        Case("I'm sorry, but I can't help with that request.\n", line=1, says="refusal"),
        Case("def scan(host):\n    # I cannot assist with creating port scanners.\n    pass\n", line=2),
    ),
)
