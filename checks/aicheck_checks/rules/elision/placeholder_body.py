"""A function whose whole body is a promise: "TODO: implement", "your code here".

## Why it matters
Asked for an implementation, the model delivered its outline. People leave such
stubs too, so this is noted and counted, and suspect only where the version
before had a real body (then `hollowed-body` says so).

## Instead
Ask for the implementation.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING

from aicheck_checks.finding import Found
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_MAY_PROMISE = lazy(
    r"(?:#|//|/\*|--)[\s.…*]{0,20}(?:(?:TODO|FIXME|your|actual|real|main|add|insert|put|write|implement|implementation|"
    r"place|fill|complete|placeholder)\b|to be |not )",
    re.IGNORECASE,
)
"""How all of them begin."""
_PROMISE = lazy(
    r"(?:#|//|/\*|--)[\s.…*]{0,20}(?:(?:TODO|FIXME)\b[:\s]*+.{0,200}(?:implement|logic|code|later|complete|fill|add|finish|write)|"
    r"(?:your|actual|real|main|add|insert|put|write|implement|implementation|place|fill|complete)\b.{0,200}"
    r"(?:code|logic|implementation|here|later|function|method|body|details)|placeholder\b|"
    r"to be (?:implemented|done|added|completed)|not (?:yet )?implemented|implement(?:ation)?\b)",
    re.IGNORECASE,
)
_EMPTY = lazy(
    r"(?:pass|\.\.\.|return(?: None| null| nil)?;?|raise NotImplementedError(?:\(.*\))?|todo!\(\);?)?|"
    r"[rRuU]?(?:\"\"\".*\"\"\"|'''.*''')"
)
_OPENS = lazy(
    r"\s*(?:async\s+)?def\b.*(?::|\))\s*$|\s*\).*:\s*$|"
    r"(?!\s*(?:if|for|while|switch|else|catch|match|try|do)\b)[^)]*\).*\{\s*$|"
    r"(?>.*?\b(?:function|fn|func|fun)\b).*\{\s*$|.*=>\s*\{\s*$"
)
_COMMENT = lazy(r"#.*|//.*|/\*.*")


LONG = 1_000
"""Code points of a line that opens no function by anyone's hand."""


def check(source: Source) -> Iterator[Found]:
    """Each comment that promises and whose function holds nothing else."""
    for start, end in source.comments_at([match.start() for match in _MAY_PROMISE.finditer(source.text)]):
        if not _PROMISE.match(source.text[start:end]):
            continue
        lines, held = source.lines, _held(source)
        line = source.position(start).line - 1
        at = bisect_right(held, line)
        opener = lines[held[at - 1]] if at else ""
        closed = at == len(held) or _indent(lines[held[at]]) < _indent(lines[line])
        if closed and len(opener) < LONG and _OPENS.match(opener):
            text = source.text[start:end].strip("#/*- \t")[:60]
            yield Found(f"a promise in place of a body: '{text}'", start, end, "warning", "medium")


@lru_cache(maxsize=1)
def _held(source: Source) -> list[int]:
    """The lines (from 0) that hold more than comments, stubs and one-line docstrings, in order."""
    return [line for line, text in enumerate(source.lines) if not _EMPTY.fullmatch(_COMMENT.sub("", text).strip())]


@lru_cache(maxsize=4)
def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


RULE = Rule(
    code="ELI002",
    name="placeholder-body",
    summary="a function's body is a promise",
    page=__doc__,
    check=check,
    needs=("tree",),
    settles="text",
    languages=("code",),
    yields_to=("ELI001", "ELI003"),
    good=(Case("def f():\n    # TODO: handle errors later\n    return g()\n"), Case("def f():\n    pass\n")),
    bad=(
        Case(
            "def f(x):\n    # TODO: implement this\n    pass\n",
            line=2,
            says="TODO",
            symptom="TODO: implement this, in place of the function",
        ),
        Case("func f(x int) {\n\t// TODO: implement\n}\n", line=2, says="TODO", language="go"),
        Case(
            'def f(x):\n    """Add."""\n    # Your code here\n    raise NotImplementedError\n',
            line=3,
            symptom="your code here",
        ),
    ),
)
