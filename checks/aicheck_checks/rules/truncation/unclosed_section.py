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
    import re
    from collections.abc import Iterator

    from tree_sitter import Node

    from aicheck_checks.source import Source

_TAG = lazy(
    r"<!--(?:(?!-->)[\s\S])*+(?:-->)?|"
    r"<(?P<close>/?)(?P<name>[A-Za-z][\w:.-]*+)(?:\"[^\"]*+\"|'[^']*+'|\{[^{}]*+\}|[^\"'<>{/]|/(?!>)|\{)*+(?P<alone>/?)>"
)
"""A comment, or a tag with its attributes (HTML standard, "Tokenization"), whose values may hold any sign."""
_MARKDOWN = lazy(r"[ \t]*(?:`{3,}|~{3,})[ \t]*(?:markdown|md|mdx)\b")
_OPENS = lazy(r"[ \t]*(?:`{3,}|~{3,})[ \t]*(?!(?:markdown|md|mdx)\b)\w")
_RAW = frozenset({"script", "style"})
"""Elements whose content is no markup up to their own end."""
_WATCHED = (*_RAW, "template")


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
    if _nests(source, node):
        return None
    return "the code fence", source.char_offset(mark.start_byte), source.char_offset(mark.end_byte)


def _nests(source: Source, block: Node) -> bool:
    """Whether an open block of Markdown holds blocks of its own, each opened with its language: then one of their ends closed it."""
    first, *inside = [line.strip() for line in source.lines[block.start_point.row : block.end_point.row + 1]]
    before = source.lines[: block.start_point.row]
    outer = _MARKDOWN.match(first) or any(_MARKDOWN.match(line) for line in before)
    return bool(outer) and any(_OPENS.match(line) for line in (*before, *inside))


def _element(source: Source) -> tuple[str, int, int] | None:
    """The first element at the margin that stays open."""
    if not any(f"<{name}" in source.text for name in _WATCHED):
        return None
    opened = next((m for m in _open(source.text) if m.start() == 0 or source.text[m.start() - 1] == "\n"), None)
    if opened is None:
        return None
    return f"<{opened['name']}>", opened.start(), opened.start() + 1 + len(opened["name"])


def _open(text: str) -> list[re.Match[str]]:
    """The tags of the watched elements that lack an end: of templates inside one another the outermost."""
    templates: list[re.Match[str]] = []
    at = 0
    while (tag := _TAG.search(text, at)) is not None:
        at = tag.end()
        if tag["name"] not in _WATCHED or tag["alone"]:
            continue
        if tag["name"] in _RAW and not tag["close"]:
            at = text.find(f"</{tag['name']}", at)
            if at < 0:
                return [*templates, tag]
        elif tag["name"] == "template" and tag["close"]:
            del templates[-1:]
        elif tag["name"] == "template":
            templates.append(tag)
    return templates


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
        Case("# A\n\n```markdown\n# B\n\n```sh\nls\n```\n\nc\n```\n", language="markdown"),
        Case("<script>\n  let a = 1;\n</script>\n", language="vue"),
        Case(
            "<template>\n  <!-- no <style> here -->\n  <a :b=\"'<script>'\" />\n  <template #c />\n</template>\n",
            language="vue",
        ),
        Case('<script>\na.innerHTML = "<script><\\/script>";\n</script>\n<p>a</p>\n', language="html"),
    ),
    bad=(
        Case(
            "# A\n\n```sh\nls\n",
            line=3,
            says="code fence",
            language="markdown",
            symptom="a code block in Markdown is never closed",
        ),
        Case(
            "<template>\n  <p>a</p>\n",
            line=1,
            says="<template>",
            language="vue",
            symptom="a template tag is never closed",
        ),
    ),
)
