"""Sentences of a chat stand between the lines of code.

## Why it matters
"Here is the updated file:" was written into the file itself, which no longer
parses.

## Instead
Remove the sentences.
"""

from __future__ import annotations

import keyword
import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from aicheck_checks.finding import Found
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_COMMON = frozenset(
    """the a an this that these is are was be to of in and or for with you your i we it its as on here
    there's here's now will can should have has been now code file function following below above let me
    know if note please sure certainly updated complete full version changes make made using use need
    want add added fixed i've i'll you'll you're it's hope helps above any questions how what also
    so then from by at all would implementation example output following""".split()
)
LONG = 2_000
"""Code points of a line that no chat writes."""
_QUOTED = lazy(r"(?<!\w)(?:'[^']*(?:'(?!\w)|$)|\"[^\"]*(?:\"|$))")
_NAMED = lazy(r"(?<=\.)[\"`\[][^\n]*?[\"`\]](?=\s|$)")
"""A quoted name in a schema, which no sentence ends before."""
_COMMENT = lazy(r" #|/\*|//|--")
_WORD = lazy(r"[A-Za-z][A-Za-z'’]*")
_OPENS = (
    r"\s*(?:\*\*|#+ |> |[-*] |\d+\. )?(?:here(?:'s| is| are)|sure[,!.]|certainly[,!.]|of course[,!.]|i'?(?:ve|ll|m)\b|i (?:have|will|am)\b|"
    r"let me\b|let's|this (?:code|file|function|script|implementation|version|will|is)|note(?: that|:)|"
    r"the (?:following|above|updated|code|function|key|main)|you can|to (?:use|run|fix)|hope this|"
    r"great[,!]|okay[,!.]|ok[,!.]|now,? (?=[a-z])|explanation|in this|changes made|key changes|please|thank|feel free|"
    r"below is|these changes|make sure|remember to|as you can see|we (?:can|need|will)|don't forget|if you)"
)
_OPENERS = lazy(_OPENS, re.IGNORECASE)
_SENTENCE = lazy(r"[\w\s,'’`*-]++[.:!?*]*+(?<=[\s\S][.:!?*])")
_ENDS = (".", ":", "!", "?", "*")
_OF_CODE = ("==", "!=", "&&", "||", "::", ":=", " = ")
"""Operators that no sentence holds."""
_WITH_MARKUP = ("javascript", "tsx")
"""Languages in whose elements prose is at home."""
_CONDITION = lazy(r"\s*#\s*(?:if|ifdef|ifndef|else|elif)\b")


def check(source: Source) -> Iterator[Found]:
    """The first line of prose that the parser stumbles over."""
    errors = source.error_lines
    near = errors | {i + 1 for i in errors} | {i - 1 for i in errors}
    # A grammar may stumble far from the cause: there every line is looked at, more strictly.
    for index in sorted(near if source.diagnostics is not None else near | _opening(source)):
        if not 0 <= index < len(source.lines):
            continue
        line = source.lines[index]
        start, end = source.line_span(index)
        if line[:1] in " \t" and source.language is not None and source.language.group == "data":
            continue  # what is indented is the text of a value, in one of many lines
        if source.language is not None and source.language.name in _WITH_MARKUP and _between_tags(source, index):
            continue
        region = source.region(start)
        if region == "code" and _CONDITION.match(source.lines[index - 1] if index else ""):
            continue  # what a preprocessor never hands on is often plain text
        inside = region == "string" and index in errors and (source.diagnostics is not None or _plain(source, start))
        if (region == "code" or inside) and _says(line, near=index in near, exact=source.diagnostics is not None):
            yield Found(f"prose of a chat stands in the file: '{line.strip()[:50]}'", start, end, broken_syntax=True)
            return


def _between_tags(source: Source, index: int) -> bool:
    """Whether a line is the text of an element: the line before ends with a tag, or the line behind begins with one."""
    before = source.lines[index - 1].rstrip() if index else ""
    behind = source.lines[index + 1].lstrip() if index + 1 < len(source.lines) else ""
    return before.endswith((">", "/>")) or behind.startswith("<")


def _opening(source: Source) -> set[int]:
    """Indices of the lines that begin and end as sentences of a chat do."""
    return {i for i, line in enumerate(source.lines) if line.rstrip().endswith(_ENDS) and _OPENERS.match(line)}


def _plain(source: Source, start: int) -> bool:
    """Whether a line at the margin of a broken data file is a value of its own, without quotes."""
    if source.language is None or source.language.group != "data" or source.position(start).column != 1:
        return False
    starts = source.regions[0]
    return starts[max(bisect_right(starts, start) - 1, 0)] == start


def _says(line: str, *, near: bool, exact: bool) -> bool:
    if len(line) > LONG:
        return False
    if not near and not (_OPENERS.match(line) and _SENTENCE.fullmatch(line.strip())):
        return False
    return _prose(line, whole=not exact)


def _prose(line: str, whole: bool) -> bool:
    """A sentence: several words, most of them plain English, hardly any code punctuation.

    With ``whole`` it must also end as a sentence does: declarations of some languages read like one.
    """
    text = _COMMENT.split(_QUOTED.sub("", _NAMED.sub("_", line)), maxsplit=1)[0].strip()
    if not text or text.startswith(("#", "//", "@", '"', "'", "* ", "*/", "<")) or text.endswith(("{", "->", "=>")):
        return False
    if any(mark in text for mark in _OF_CODE):
        return False
    words = _WORD.findall(text)
    if len(words) < 3:
        return len(words) == 2 and bool(_OPENERS.match(text)) and text.endswith((":", "!", "."))
    if 2 * sum(word.isupper() and len(word) > 1 for word in words) >= len(words):
        return False  # a statement, its keywords written as in SQL
    symbols = len(re.findall(r"[=(){}\[\];<>+/\\|&^%@_]", re.sub(r"`[^`]*`|\*\*", "", text)))
    common = sum(w.lower() in _COMMON for w in words)
    if _OPENERS.match(text) and symbols <= 4 and not text.endswith(";"):
        return True
    if symbols > len(words) // 4:
        return False
    if whole and not text.endswith((".", ":", "!", "?")):
        return False
    return common >= 2 and _runs_of_words(text) >= 3


def _runs_of_words(text: str) -> int:
    """Length of the longest run of words with only blanks between that no statement can hold."""
    longest = run = 0
    for token in re.findall(r"[A-Za-z][A-Za-z'’]*|[^\sA-Za-z]", text):
        run = run + 1 if token[0].isalpha() and not keyword.iskeyword(token) else 0
        longest = max(longest, run)
    return longest


RULE = Rule(
    code="COR007",
    name="chat-prose",
    summary="sentences of a chat stand in the code",
    page=__doc__,
    check=check,
    needs=("tree",),
    when="broken",
    languages=("code", "data"),
    yields_to=("COR003", "COR004", "COR006", "REF001", "REF003", "ELI001", "ELI004"),
    good=(
        Case("# Here is the updated code:\nx = 1\n"),
        Case("'''Here is the file.'''\n"),
    ),
    bad=(
        Case(
            "Here is the updated code:\n\nimport os\nprint(os.name)\n",
            line=1,
            says="Here is",
            symptom="Here is the updated code: stands in my file",
        ),
        Case(
            "x = 1\n\nThis function adds two numbers and returns the sum.\n",
            line=3,
            symptom="an explanation stands below the code",
        ),
        Case(
            "I've added the missing import to the top of the file.\nimport os\n",
            line=1,
            symptom="I've added ... stands in my file",
        ),
    ),
)
