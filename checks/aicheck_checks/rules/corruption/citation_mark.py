"""A mark by which a chat's page shows a source stands in the text.

## Why it matters
`:contentReference[oaicite:0]{index=0}` or `【12†source】` are drawn as links by the page of a chat. Copied or written into a
file they are shown to users as they stand, and break what is parsed.

## Instead
Remove the mark, or put the source there that it stood for.

## Known limits
A program that looks for such marks mentions them in patterns: if a text mentions one in another form as well, none is reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.analysis.prose import quotes
from aicheck_checks.finding import Found
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_MARK = lazy(
    r":{0,2}contentReference\[oaicite:\d{1,4}\]\{index=\d{1,4}\}|【\d{1,4}(?::\d{1,4})?†[^】\n]{0,200}】|【oaicite:\d{1,4}】|"
    r"\ue200[a-z]{1,20}\ue202[\w\ue202.-]{1,400}\ue201|\b(?:file)?cite(?:turn\d{1,3}[a-z]{2,12}\d{1,3})++|"
    r"\[oai_citation:\d{1,4}‡[^\]\n]{0,200}\]|\[cite_start\]|\[cite: ?\d{1,4}(?:, ?\d{1,4})*+\]"
)
_NAMES = ("oaicite", "†", "turn0", "turn1", "oai_citation", "cite_start", "[cite:")
_NAME = lazy(r"oaicite|†(?=[^】\n]{0,200}】)|turn[01](?=[a-z])|oai_citation|cite_start|\[cite:")
"""What the marks are told by, and what a program that handles them names too."""


def check(source: Source) -> Iterator[Found]:
    """The first mark, where all that is said of such marks are marks."""
    text = source.text
    if not any(name in text for name in _NAMES):
        return
    if quotes(source):
        text = source.spoken
    found = list(_MARK.finditer(text))
    if not found or len(_NAME.findall(text)) > sum(len(_NAME.findall(mark[0])) for mark in found):
        return
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    first = found[0]
    message = f"a chat's citation mark '{first[0][:40]}' stands in the text{more}"
    yield Found(message, first.start(), first.end(), broken_syntax=not source.parses)


RULE = Rule(
    code="COR013",
    name="citation-mark",
    summary="a chat's citation mark stands in the text",
    page=__doc__,
    check=check,
    kinds=("file", "fragment"),
    good=(
        Case("import re\n\nMARK = re.compile(r'【\\d+†source】')\nprint(MARK.sub('', 'a【1†source】'))\n"),
        Case("# A\n\nThe mark `:contentReference[oaicite:0]{index=0}` is one.\n", language="markdown"),
        Case("Smith† and Jones‡, 2019† [cite]\n", language="text"),
    ),
    bad=(
        Case(
            "print('no orders :contentReference[oaicite:0]{index=0}')\n",
            line=1,
            says="contentReference",
            symptom=":contentReference[oaicite:0] stands in my file",
        ),
        Case(
            "# A\n\nOne line is one event.【12†source】\n",
            line=3,
            says="【12†source】",
            language="markdown",
            symptom="【12†source】 stands in my file",
        ),
        Case("Some words citeturn0search1.\n", line=1, says="citeturn0search1", language="text"),
        Case(
            "# A\n\n[cite_start]Some words[cite: 1, 2]\n",
            line=3,
            says="[cite_start]",
            language="markdown",
            symptom="[cite_start] stands in my file",
        ),
    ),
)
