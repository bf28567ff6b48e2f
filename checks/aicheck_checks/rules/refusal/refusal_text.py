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

from aicheck_checks.analysis.notices import thrown
from aicheck_checks.analysis.prose import is_document
from aicheck_checks.finding import Found
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_ENGLISH = lazy(
    r"\b(?:i(?:['’]m| am) (?:really |very |so )?(?:sorry|afraid|unable)\b.{0,40}?\b(?:can(?:['’]?t|not)|unable|not able|won['’]t)|"
    r"i(?:['’]m| am) (?:not able|unable) to (?:help|assist|provide|create|generate|write|complete|fulfil|produce|comply)|"
    r"i (?:can(?:['’]?t|not)|won['’]t|must decline to|will not) (?:help|assist|provide|create|generate|write|complete|fulfil|"
    r"produce|comply|continue|do that|engage)|i (?:apologi[sz]e|must decline)\b.{0,60}?\b(?:can(?:['’]?t|not)|unable|not able)|"
    r"as an? (?:ai|large)(?: language)? (?:model|assistant)|i(?:['’]m| am) (?:just |only )?an? (?:ai|large language) (?:model|assistant)\b)",
    re.IGNORECASE,
)
_EASTERN = lazy(
    # Chinese, Japanese, Korean, Turkish, Indonesian, Vietnamese
    r"(?:抱歉|对不起|對不起|很遗憾).{0,20}?(?:不能|无法|無法|不便).{0,20}?(?:协助|協助|帮|幫|提供|处理|處理|回答|完成|生成|满足)|"
    r"申し訳(?:あり|ござい)ません.{0,60}?(?:できません|できかねます|いたしかねます)|죄송.{0,60}?(?:할 수 없|드릴 수 없|수 없습니다)|"
    r"\b(?:üzgünüm.{0,60}?\b(?:yardımcı olamam|yapamam|edemem)|maaf.{0,40}?\btidak (?:dapat|bisa)|xin lỗi.{0,40}?không thể)",
    re.IGNORECASE,
)
_WESTERN = lazy(
    # Spanish, Portuguese, Italian, French, German, Dutch, Polish, Russian, Ukrainian
    r"\b(?:(?:lo siento|lamento|disculp[ae]|perdón).{0,40}?\bno (?:puedo|me es posible)|(?:desculpe|sinto muito|lamento).{0,40}?\bnão (?:posso|consigo)|"
    r"(?:mi dispiace|spiacente).{0,40}?\bnon (?:posso|sono in grado)|(?:désolée?|je regrette).{0,40}?\bje ne (?:peux|suis) pas|"
    r"(?:tut mir leid|entschuldigung).{0,60}?\bkann\b.{0,40}?\bnicht\b|het spijt me.{0,40}?\bkan\b.{0,30}?\bniet\b|"
    r"(?:przykro mi|przepraszam).{0,40}?\bnie mogę|(?:извините|простите|сожалею|к сожалению).{0,40}?\bне могу|вибачте.{0,40}?\bне можу)",
    re.IGNORECASE,
)
_REFUSALS = (_ENGLISH, _EASTERN, _WESTERN)
_ALONE = lazy(
    r"[\s#/*<>!\-;\"']*+(?:(?:i['’]m )?sorry,? (?:but )?)?i(?: can(?:['’]?t|not)|['’]m (?:unable|not able) to| am (?:unable|not able) to| won['’]t) "
    r"(?:help|assist|comply|continue)(?: you)?(?: with (?:that|this|your|the))?(?: request)?[.!]?[\s*/>\-\"']*+",
    re.IGNORECASE,
)
"""A comment that is a refusal and nothing else: nobody writes one beside code."""

_PHRASES = (
    "m sorry", "am sorry", "am afraid", "m afraid", "unable to", "not able to", "i cannot ", "i can't ",
    "i can’t ", "i cant ", "i won't", "i won’t", "i will not", "must decline", "i apolog", "as an ai",
    "language model", "抱歉", "对不起", "對不起", "很遗憾", "申し訳", "죄송", "lo siento", "lamento", "disculp", "perdón", "desculpe", "sinto muito",
    "mi dispiace", "spiacente", "désolé", "je regrette", "tut mir leid", "entschuldigung", "het spijt me", "przykro mi",
    "przepraszam", "извините", "простите", "сожалею", "к сожалению", "вибачте", "üzgünüm", "maaf", "xin lỗi",
)  # fmt: skip

_STUB = lazy(
    r"\s*(?:pass\b|\.\.\.|import\b|from\b|def\b|class\b|raise NotImpl|package\b|use\b|using\b|func\b|fn\b|function\b|"
    r"[{}()\[\];]+\s*$|#include\b|<\?php|return;?\s*$)"
)


FEW_LINES = 3
"""So many lines of code do not outweigh a refusal."""
MANY_LOST = 4
"""Different lines that are gone where a refusal stands for them."""
FEW_LETTERS = 40
"""Code points that may stand before a refusal in its line."""
_VALUE = lazy(r"[=\[({\"`]|:\s*'|^'")
"""What stands before a text that is the value of something."""


def check(source: Source) -> Iterator[Found]:
    """The first refusal outside strings that the rest of the text does not outweigh."""
    document = is_document(source)
    for match in _refusals(source):
        whole = _is_all(source, match)
        region = "code" if whole else source.region(match.start())
        if (region == "string" and source.parses) or (document and not whole):
            continue
        if region == "comment" and _has_code(source) and not (_stands_alone(source, match) or _replaces(source, match)):
            continue
        line = source.position(match.start()).line - 1
        start, end = source.line_span(line)
        message = f"a refusal stands where code was asked for: '{source.text[start:end].strip('#/*- ')[:60]}'"
        yield Found(message, start, end, broken_syntax=not source.parses)
        return
    told = thrown(source, *_REFUSALS) if any(phrase in source.lowered for phrase in _PHRASES) else None
    if told is not None:
        said = source.text[told[0] : told[1]][:60]
        yield Found(f"a refusal is all that a function does: '{said}'", *told)


def _is_all(source: Source, match: re.Match[str]) -> bool:
    """Whether a text is a refusal and little else, whatever its language makes of it."""
    written = [line for line in source.lines if line.strip()]
    before = source.text[source.line_starts[source.position(match.start()).line - 1] : match.start()]
    if len(written) > FEW_LINES or len(before) > FEW_LETTERS or _VALUE.search(before):
        return False
    return not (source.parses and source.region(match.start()) == "comment")


def _replaces(source: Source, match: re.Match[str]) -> bool:
    """Whether a change brought the comment and took away more lines than it brought."""
    changed = source.changed_lines
    if changed is None:
        return False
    line = source.position(match.start()).line - 1
    return (
        len(changed.gone) >= MANY_LOST
        and len(changed.gone) > len(changed.brought)
        and any(line == at for at, _ in changed.brought)
    )


def _stands_alone(source: Source, match: re.Match[str]) -> bool:
    return _ALONE.fullmatch(source.lines[source.position(match.start()).line - 1]) is not None


def _refusals(source: Source) -> Iterator[re.Match[str]]:
    """What reads as a refusal; none goes beyond a line, and few lines hold a phrase of one."""
    lowered = source.lowered
    present = [phrase for phrase in _PHRASES if phrase in lowered]
    if len(lowered) != len(source.text):  # some letters are two in lower case
        for pattern in _REFUSALS if present else ():
            yield from pattern.finditer(source.text)
        return
    found = {source.position(at).line - 1 for phrase in present for at in _places(lowered, phrase)}
    for line in sorted(found):
        start = source.line_starts[line]
        for pattern in _REFUSALS:
            yield from pattern.finditer(source.text, start, start + len(source.lines[line]))


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
    good=(
        Case(
            "# A\n\nIt says: I'm sorry, but I can't help with that.\n\nThen ask again.\n\nOr not.\n",
            language="markdown",
        ),
        Case("REFUSALS = [\"I'm sorry, but I can't help with that\"]\n"),
        Case("def f():\n    # as an AI model would say\n    a = 1\n    b = 2\n    c = 3\n    return a + b + c\n"),
    ),
    bad=(
        Case(
            "I'm sorry, but I can't help with that request.\n",
            line=1,
            says="refusal",
            symptom="I'm sorry, but I can't help with that",
        ),
        Case("I'm just a large language model and cannot write files.\n", line=1, language="markdown"),
        Case("Sorry, I can't assist with that.\n", line=1, language="php"),
        Case(
            "Lo siento, pero no puedo ayudar con eso.\n",
            line=1,
            language="javascript",
            symptom="Lo siento, pero no puedo ayudar con eso",
        ),
        Case("def f(a):\n    b = a\n    c = b\n    # Sorry, I can't assist with that.\n    return b + c\n", line=4),
        Case("def scan(host):\n    # 抱歉，我不能协助处理这类请求。\n    pass\n", line=2),
        Case("def scan(host):\n    # I cannot assist with creating port scanners.\n    pass\n", line=2),
    ),
)
