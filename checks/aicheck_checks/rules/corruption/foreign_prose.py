"""A run of another script is glued to a word of a message.

## Why it matters
When a serving fault made a model emit wrong tokens, Chinese, Thai or Cyrillic characters turned up in the midst of English answers
(https://www.anthropic.com/engineering/a-postmortem-of-three-recent-issues).

## Instead
Ask again; report the message with its request id.

## Known limits
Only a run that touches a Latin word without a blank counts, and only in a line and a message that are otherwise Latin: a title
such as "Cursor中文文档" is none.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from aicheck_checks.finding import Found
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_LETTERS = "\u0400-\u052f\u0590-\u06ff\u0900-\u0e7f\u1100-\u11ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_GLUED = lazy(f"[a-z]{{2}}[{_LETTERS}]{{1,40}}|[{_LETTERS}]{{1,40}}[a-z]{{2}}")
_FOREIGN = lazy(f"[{_LETTERS}]")
SHARE = 0.02
"""More letters of another script than this part of all are a message in two languages."""
MAX_RUNS = 20
"""Runs that are looked at."""
LINE_SHARE = 0.25
"""And more than this part of a line's are a title or a name."""


def check(source: Source) -> Iterator[Found]:
    """The first run that is glued to a Latin word."""
    if source.text.isascii():
        return
    said = source.spoken
    if _share(said) > SHARE:
        return
    for match in islice(_GLUED.finditer(said), MAX_RUNS):
        line = said[said.rfind("\n", 0, match.start()) + 1 :].partition("\n")[0]
        if _share(line) <= LINE_SHARE:
            yield Found(f"'{match[0][:20]}': a run of another script is glued to a word", match.start(), match.end())
            return


def _share(text: str) -> float:
    """The part of a text's letters that are of another script."""
    return len(_FOREIGN.findall(text)) / max(sum(map(str.isalpha, text)), 1)


_LONG = "The loader reads the file once and keeps what it found, so that a second call costs nothing at all. " * 2

RULE = Rule(
    code="COR012",
    name="foreign-prose",
    summary="a run of another script is glued to a word of a message",
    page=__doc__,
    check=check,
    kinds=("prose",),
    good=(
        Case(f"{_LONG}The label says 结果 in the original.\n", kind="prose"),
        Case("文件file已更新, 测试test通过\n", kind="prose"),
        Case(f"{_LONG}The key is `名name`.\n", kind="prose"),
        Case(f"{_LONG * 2}\nCursor中文文档\n", kind="prose"),
    ),
    bad=(
        Case(
            f"{_LONG}Then the result结果 is returned.\n",
            line=1,
            says="结果",
            kind="prose",
            symptom="words of another language in the middle of an answer",
        ),
    ),
)
