"""A part that should occur once occurs twice (the whole text, its last lines, a component's template), or text stands behind a page's end.

## Why it matters
An edit wrote the new text beside the old one instead of in its place, or put its last lines there a second time.

## Instead
Remove the copy.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from aicheck_checks.analysis.prose import is_program
from aicheck_checks.finding import Found
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

MAX_LOOKS = 20
"""Places where a second copy may begin that are looked at."""
LONG = 1_000
"""Code points of a line that begins no definition by anyone's hand."""
LEAST_PART = 3
MIN_LETTERS = 60
"""Lines and code points of a definition that is no accident."""
_DEFINITION = lazy(
    r"[ \t]*(?:(?:export|async|public|private|protected|internal|static|final|override|virtual|inline|pub|data|abstract|local)[ \t]+){0,5}"
    r"(?:defp?|func|function|fn|fun|sub|class|struct|interface|trait|module|macro|task|resource|message|service|rpc)[ \t]+[\w\".]|"
    r"[ \t]*(?:[\w<>\[\]?*&:]{1,60}[ \t]+){1,4}[\w:~]{1,80}\([^;]{0,200}(?:\{|=>)?$"
)
"""How a definition begins in most languages; a call does not have a type before it."""
MOST_TAIL = 30
"""Lines at the end of a text that may be a remnant."""
_LETTER = lazy(r"[^\W\d_]")
_CONDITIONS = lazy(r"^[ \t]{0,20}(?:ifn?def|ifn?eq)\b", re.MULTILINE)
"""A Makefile with them may have a target in each branch."""
_HEADING = lazy(r"#{1,6} \S")
LEAST_SECTION = 6
_HEADS = {
    "terraform": lazy(
        r"^((?:resource|data)[ \t]+\"[\w-]+\"[ \t]+\"[\w-]+\"|(?:variable|output|module)[ \t]+\"[\w-]+\")[ \t]*\{",
        re.MULTILINE,
    ),
    "makefile": lazy(r"^([a-z][\w-]*):(?![:=])[^\n=]{0,200}\n\t", re.MULTILINE),
}
MIN_LINES = 6
"""Lines of a text that does not stand twice by chance."""
_END = lazy(r"</html>[ \t]*\r?\n")
_PART = lazy(r"^<(template|script[ \t]+setup)(?=[ \t>])(?![^>]{0,400}\bsrc=)", re.MULTILINE)


def check(source: Source) -> Iterator[Found]:
    """The beginning of the second part."""
    for part in (
        _whole(source),
        _behind_page(source),
        _second_element(source),
        _end_again(source),
        _tail_again(source),
        _definition_again(source),
        _head_again(source),
    ):
        if part is not None:
            what, line = part
            start, end = source.line_span(line)
            yield Found(what, start, end, broken_syntax=not source.parses)
            return


def _whole(source: Source) -> tuple[str, int] | None:
    lines = [line.rstrip() for line in source.lines]
    while lines and not lines[-1]:
        lines.pop()
    if len(lines) < 2 * MIN_LINES or (source.language is not None and source.language.name in ("text", "notebook")):
        return None
    if len(set(lines)) <= MIN_LINES // 2:
        return None
    begins = (at for at in range((len(lines) + 1) // 2, len(lines) - MIN_LINES + 1) if lines[at] == lines[0])
    for start in islice(begins, MAX_LOOKS):
        copied = len(lines) - start
        if (
            lines[start:] == lines[:copied]
            and not any(lines[copied:start])
            and sum(map(bool, lines[start:])) >= MIN_LINES
        ):
            return "the whole text stands here a second time", start
    return None


def _behind_page(source: Source) -> tuple[str, int] | None:
    if source.language is None or source.language.name != "html":
        return None
    ends = next(_END.finditer(source.lowered), None)
    if ends is None or len(source.lowered) != len(source.text) or _is_remark(source.text[ends.end() :]):
        return None
    line = source.position(ends.end()).line - 1
    while not source.lines[line].strip():
        line += 1
    return "text stands behind the end of the page, '</html>'", line


def _is_remark(text: str) -> bool:
    """Whether nothing stands in a text but comments and tags of a template."""
    text = text.strip()
    while text:
        end = next(
            (end for begin, end in (("<!--", "-->"), ("<?", "?>"), ("{%", "%}")) if text.startswith(begin)), None
        )
        if end is None or end not in text:
            return False
        text = text.partition(end)[2].strip()
    return True


def _second_element(source: Source) -> tuple[str, int] | None:
    if source.language is None or source.language.name != "vue":
        return None
    seen = set()
    for match in _PART.finditer(source.text):
        name = " ".join(match[1].split())
        if name in seen:
            return f"a component has one <{name}>, and here begins a second", source.position(match.start()).line - 1
        seen.add(name)
    return None


def _end_again(source: Source) -> tuple[str, int] | None:
    """Lines that were put behind the end of the version before, and stand in it already, one after another."""
    old = source.before
    if old is None or source.language is None or source.language.group != "code":
        return None
    then = [line.rstrip() for line in old.text.rstrip().split("\n")]
    now = [line.rstrip() for line in source.text.rstrip().split("\n")]
    added = now[len(then) :]
    written = [line for line in added if line]
    if len(written) < 2 or now[: len(then)] != then or len(added) > len(then) or not written[0][:1].isspace():
        return None
    often = Counter(then)
    rare = min(range(len(added)), key=lambda at: often[added[at]])
    places = (at - rare for at in range(rare, len(then)) if then[at] == added[rare])
    for start in islice(places, MAX_LOOKS):
        if then[start : start + len(added)] == added:
            return "the last lines stand in the file already, and were put behind its end again", len(then)
    return None


def _tail_again(source: Source) -> tuple[str, int] | None:
    """Last lines of a text that stand twice behind each other, where the parser takes the text without the second copy alone."""
    if source.parses or source.language is None or source.kind != "file":
        return None
    lines = [line.rstrip() for line in source.text.rstrip().split("\n")]
    for many in range(2, min(MOST_TAIL, len(lines) // 2) + 1):
        tail = lines[-many:]
        if tail == lines[-2 * many : -many] and any(map(_LETTER.search, tail)):
            whole = source.part("\n".join(lines[:-many]) + "\n", source.language.name, "file")
            copied = whole.tree is not None and whole.parses
            return ("the last lines stand here a second time", len(lines) - many) if copied else None
    return None


def _definition_again(source: Source) -> tuple[str, int] | None:
    """A definition that a change wrote behind itself, word for word: what no grammar has to tell."""
    markdown = source.language is not None and source.language.name == "markdown"
    if source.before is None or not (is_program(source) or markdown):
        return None
    least = LEAST_SECTION if markdown else LEAST_PART
    lines = [line.rstrip() for line in source.lines]
    heads: dict[str, list[int]] = {}
    for at, line in enumerate(lines):
        if len(line) < LONG and (_HEADING.match(line) if markdown else _DEFINITION.match(line)):
            heads.setdefault(line, []).append(at)
    doubled = {line: places for line, places in heads.items() if len(places) > 1}
    then = Counter(line.rstrip() for line in source.before.lines) if doubled else Counter[str]()
    for line, places in doubled.items():
        for first, second in pairwise(places):
            part = lines[first:second]
            while part and not part[-1]:
                part.pop()
            copied = (
                len(part) >= least and sum(map(len, part)) >= MIN_LETTERS and lines[second : second + len(part)] == part
            )
            if copied and len(places) > then[line] > 0:
                return f"a {'section' if markdown else 'definition'} stands here a second time, word for word", second
    return None


def _head_again(source: Source) -> tuple[str, int] | None:
    """The second block of one address in Terraform, or rule with a recipe of one target in a Makefile: their programs refuse it."""
    name = source.language.name if source.language is not None else ""
    address = _HEADS.get(name)
    if address is None or "{{" in source.text or (name == "makefile" and _CONDITIONS.search(source.text)):
        return None
    seen: set[str] = set()
    for match in address.finditer(source.text):
        if match[1] in seen:
            return f"'{match[1][:60]}' stands here a second time", source.position(match.start()).line - 1
        seen.add(match[1])
    return None


_PAGE = "<html>\n<head>\n<title>a</title>\n</head>\n<body>\n<p>a</p>\n</body>\n</html>\n"
_CODE = "def f(x):\n    y = g(x)\n    assert y == 1\n    assert x == 2\n\n\ndef h(x):\n    assert x\n"

_ELIXIR = "  def total(cart) do\n    cart.lines |> Enum.map(& &1.price)\n    |> Enum.sum()\n  end\n"

RULE = Rule(
    code="REP003",
    name="repeated-part",
    summary="a part of the file stands in it twice",
    page=__doc__,
    check=check,
    needs=("tree",),
    yields_to=("REP001", "REP002", "COR002", "COR004", "COR005", "COR006", "REF"),
    good=(
        Case("ifdef A\nall:\n\techo a\nelse\nall:\n\techo b\nendif\n", language="makefile"),
        Case(_PAGE + "<!-- made by hand -->\n", language="html"),
        Case("<template>\n  <template #a />\n</template>\n<script setup>\nlet a = 1;\n</script>\n<script>\nlet b = 1;\n</script>\n", language="vue"),
        Case(_CODE + "    assert x + 1\n    assert x + 2\n", previous=_CODE),
    ),
    bad=(
        Case(_ELIXIR + _ELIXIR, previous=_ELIXIR, line=5, says="word for word", language="elixir", symptom='a part of the file was inserted twice'),
        Case('output "a" {\n  value = 1\n}\n\noutput "a" {\n  value = 2\n}\n', line=5, says="a second time", language="terraform"),
        Case(_PAGE + _PAGE, line=9, says="whole text", language="html", symptom='the whole page stands in the file twice'),
        Case(_PAGE + "<p>b</p>\n", line=9, says="</html>", language="html"),
        Case("a {\n  b {\n    color: red;\n  }\n}\n    color: red;\n  }\n}\n", line=6, says="second time", language="css"),
        Case("<template>\n  <p>a</p>\n</template>\n<template>\n  <p>b</p>\n</template>\n", line=4, says="<template>", language="vue"),
        Case(_CODE.replace("y", "x") + "    assert x == 1\n    assert x == 2\n", previous=_CODE.replace("y", "x"), line=9, says="again"),
    ),
)  # fmt: skip
