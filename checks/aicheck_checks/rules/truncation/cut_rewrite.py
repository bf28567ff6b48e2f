"""The text stops inside a line, brackets or an element, where the version before went on.

## Why it matters
A file that was written anew and stops in the midst of a line that it had before was cut off, in whatever language.

## When it counts
In any language where the last line is the beginning of one that the version before had. An open bracket counts in languages that have no
grammar here, an open element in HTML, XML, Vue, Svelte and Astro.

## Instead
Restore the rest from the version before, or ask for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.finding import Found
from aicheck_checks.languages.balance import is_balanced
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_TIDY = lazy(r"[.!?;:)\]}>\"'`*_|=-]$")
"""How a line may end that people have shortened."""
_WORD = lazy(r"\w")
_CLOSES = lazy(r"</([A-Za-z][\w:.-]*)>")
_MARKUP = frozenset({"html", "xml", "vue", "svelte", "astro"})
MOST_SHOWN = 60
"""Code points of a line that is quoted."""
FEW_LINES = 2
"""Lines that must be gone behind a line that was cut between two words, for people shorten lines too."""


def check(source: Source) -> Iterator[Found]:
    """The end of the text, if it is the beginning of a line of the version before; in a text without a grammar, also if a bracket is open."""
    old = source.before
    if old is None or not source.text.strip():
        return
    now = [line for line in source.lines if line.strip()]
    then = [line for line in old.lines if line.strip()]
    whole = _cut_line(now, then)
    end = len(source.text.rstrip())
    start = end - len(now[-1].strip())
    if whole is not None:
        message = f"cut off: the text ends inside a line that was '{_shown(whole.strip())}' in the version before"
        yield Found(message, start, end, broken_syntax=not source.parses)
    elif (element := _open_element(source, then[-1] if then else "")) is not None:
        yield Found(
            f"cut off: the text ends inside <{element}>, which the version before closes",
            start,
            end,
            broken_syntax=True,
        )
    elif _leaves_brackets_open(source, old, len(now), len(then)):
        yield Found("cut off: the text ends inside a bracket that the version before closes", start, end)


def _shown(line: str) -> str:
    return line if len(line) <= MOST_SHOWN else f"{line[:MOST_SHOWN]}..."


def _cut_line(now: list[str], then: list[str]) -> str | None:
    """The line of the version before of which the new text has the beginning as its last line."""
    last = now[-1].rstrip()
    if len(last.strip()) < 2 or len(now) < 2 or last in then:
        return None
    ends = set(now[-3:])
    still = max((number for number, line in enumerate(then) if line in ends and _WORD.search(line)), default=-1)
    for number, line in enumerate(then):
        if (
            not line.startswith(last)
            or line.rstrip() == last
            or number == 0
            or then[number - 1].rstrip() != now[-2].rstrip()
        ):
            continue
        rest = len(then) - number - 1
        in_word = last[-1].isalnum() and line[len(last)].isalnum()
        if still <= number and (in_word or (rest >= FEW_LINES and not _TIDY.search(last))):
            return line
    return None


def _open_element(source: Source, last: str) -> str | None:
    """The element of markup that the version before closes in its last line, and that is opened now and never closed."""
    closes = _CLOSES.fullmatch(last.strip())
    if closes is None or source.language is None or source.language.name not in _MARKUP or closes[0] in source.text:
        return None
    return closes[1] if f"<{closes[1]}" in source.text else None


def _leaves_brackets_open(source: Source, old: Source, now: int, then: int) -> bool:
    """Whether a program without a grammar closed its brackets before, got shorter, and does not close them any more."""
    language = source.language
    if language is None or language.group != "text" or language.line_comment not in ("//", "#") or now >= then:
        return False
    return "{" in old.text and is_balanced(old) and not is_balanced(source) and source.text.rstrip()[-1:] not in "})]"


_WHOLE = "# Sessions\n\nWhere they are kept.\n\nThe path is `~/.agent/projects/<project>.jsonl`.\nOne line is one event.\n\n## More\n"

RULE = Rule(
    code="TRU010",
    name="cut-rewrite",
    summary="stops inside a line or bracket of the version before",
    page=__doc__,
    check=check,
    needs=("tree", "previous"),
    settles="text",
    of_change=True,
    yields_to=("TRU009", "ELI"),
    good=(
        Case("# Sessions\n\nWhere they are kept.\n", previous=_WHOLE, language="markdown"),
        Case("# A\n\nSome words.\n", previous="# A\n\nSome words. And more of them.\n", language="markdown"),
    ),
    bad=(
        Case(_WHOLE.partition("<project>")[0], previous=_WHOLE, line=5, says="inside a line", language="markdown", symptom='the rewritten file stops in the middle of a line'),
        Case("<p>\n<b>a</b>\nb\n", previous="<p>\n<b>a</b>\nb c\nd\n</p>\n", line=3, says="<p>", language="xml"),
        Case('a "b" {\n}\n\nresourc\n', previous='a "b" {\n}\n\nresource "c" {\n}\n', line=4, says="inside a line", language="terraform"),
        Case("a:\n  - run: npm te\n", previous="a:\n  - run: npm test\n", line=2, says="npm test", language="yaml"),
        Case(
            "f() {\n  return a(\n    b: c,\n", previous="f() {\n  return a(\n    b: c,\n    d: e,\n  );\n}\n", line=3, says="bracket",
            language="dart",
        ),
    ),
)  # fmt: skip
