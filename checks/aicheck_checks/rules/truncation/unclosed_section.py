"""A code fence, or a script, style or template element, is opened and never closed.

## Why it matters
The document ends inside a part that has an end of its own: the rest of the part,
and all that should follow it, is missing. Parsers of such documents close the
part themselves and say nothing.

## Instead
Ask for the rest from the last complete line on, or discard the output.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.finding import Found
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from aicheck_checks.source import Source

_ELEMENTS = ("script", "style", "template")
_ELEMENT = lazy(r"(?s)(?:^|(?<=\n))<(script|style|template)\b(?![^>]{0,2000}+(?<=/)>)")


def check(source: Source) -> Iterator[Found]:
    """The last part that is open at the end."""
    found = _fence(source) if source.language is not None and source.language.name == "markdown" else _element(source)
    if found is not None:
        what, start, end = found
        line = source.position(start).line
        yield Found(f"cut off: the text ends inside {what} opened on line {line}", start, end)


def _fence(source: Source) -> tuple[str, int, int] | None:
    assert source.tree is not None
    node: Node | None = source.tree.root_node
    while node is not None and node.type != "fenced_code_block":
        node = node.named_children[-1] if node.named_children else None
    if node is None:
        return None
    delimiters = [child for child in node.named_children if child.type == "fenced_code_block_delimiter"]
    if len(delimiters) != 1:
        return None
    mark = delimiters[0]
    return "the code fence", source.char_offset(mark.start_byte), source.char_offset(mark.end_byte)


def _element(source: Source) -> tuple[str, int, int] | None:
    text = source.text
    opened = {name for name in _ELEMENTS if text.count(f"<{name}") > text.count(f"</{name}")}
    first = next((m for m in _ELEMENT.finditer(text) if m[1] in opened), None) if opened else None
    return (f"<{first[1]}>", first.start(), first.end()) if first is not None else None


RULE = Rule(
    code="TRU009",
    name="unclosed-section",
    summary="a code fence, script, style or template is never closed",
    page=__doc__,
    check=check,
    needs=("tree",),
    settles="text",
    languages=("html", "markdown", "svelte", "vue"),
    yields_to=("TRU001", "TRU002", "TRU003"),
    good=(
        Case("# A\n\n```sh\nls\n```\n", language="markdown"),
        Case("<script>\n  let a = 1;\n</script>\n", language="vue"),
    ),
    bad=(
        Case("# A\n\n```sh\nls\n", line=3, says="code fence", language="markdown"),
        Case("<template>\n  <p>a</p>\n", line=1, says="<template>", language="vue"),
    ),
)
