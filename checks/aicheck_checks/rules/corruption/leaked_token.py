"""A control token of a model, or a tag of its tool protocol, stands in the code.

## Why it matters
Tokens such as `<|im_end|>` or `</invoke>` steer a model and never belong to its
output. Where they leak, the text around them was cut or spliced.

## Instead
Remove the token and look at what stands around it.

## Known limits
In strings and comments such tokens are normal: code that talks to models is
full of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.finding import Found
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_TOKEN = lazy(
    r"<[|｜][\w▁ /-]{2,40}[|｜]>|\[/?INST\]|<</?SYS>>|"
    r"</?(?:antml:)?(?:function_calls|invoke|parameter|tool_call|tool_use|tool_result|thinking|"
    r"antml_thinking|antThinking|antArtifact|function_results|answer|reasoning|scratchpad|"
    r"file_content|new_string|old_string|content|assistant|human)(?:\s[^<>\n]{0,80})?>|"
    r"<(?:fim_(?:prefix|middle|suffix)|endoftext|PRE|SUF|MID)>|<(?:bos|eos|unk|pad)>|</s>"
)


LONG = 1_000
"""Code points of a line that holds more than a token."""


def check(source: Source) -> Iterator[Found]:
    """Each token outside strings and comments."""
    text = source.text
    if "<" not in text and "[" not in text:
        return
    if "<|" not in text and "<｜" not in text and (source.parses or not _TOKEN.search(text)):
        return
    found = [
        match
        for match in _TOKEN.finditer(text)
        if _own_line(source, match)
        or (
            source.region(match.start()) == "code"
            and not _quoted(source, match)
            and (source.diagnostics is not None or match[0][1] in "|｜")
        )
    ]
    if found:
        first, more = found[0], f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        message = f"a model's control token '{first[0][:40]}' leaked into the text{more}"
        yield Found(message, first.start(), first.end(), broken_syntax=True)


def _quoted(source: Source, match: re.Match[str]) -> bool:
    """Whether a string of a preprocessor's line, which has no tree, is open there."""
    if source.language is None or not source.language.loose or source.language.line_comment != "//":
        return False
    begins = source.line_starts[source.position(match.start()).line - 1]
    before = source.text[max(begins, match.start() - LONG) : match.start()]
    return (before.count('"') - before.count('\\"')) % 2 == 1


def _own_line(source: Source, match: re.Match[str]) -> bool:
    """Alone on a line of text that does not parse: a broken string may have swallowed it."""
    line = source.lines[source.position(match.start()).line - 1]
    return not source.parses and len(line) < LONG and line.strip() == match[0]


RULE = Rule(
    code="COR002",
    name="leaked-token",
    summary="a model's control token stands in the code",
    page=__doc__,
    check=check,
    needs=("tree",),
    languages=("code", "data"),
    good=(
        Case("STOP = '<|im_end|>'\n# the <|endoftext|> token\n"),
        Case("if a <b and c> d:\n    pass\n"),
    ),
    bad=(
        Case("def f():\n    return 1\n<|im_end|>\n", line=3, says="<|im_end|>"),
        Case("x = 1\n</parameter>\n</invoke>\n", line=2, says="</parameter>"),
    ),
)
