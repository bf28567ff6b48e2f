"""Texts of one language inside a file of another: code blocks, scripts of a page, cells of a notebook.

CommonMark "Fenced code blocks", the HTML standard's `script` element, and
nbformat 4 (https://nbformat.readthedocs.io/en/latest/format_description.html).
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.languages.tree import text_of
from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from aicheck_checks.source import Kind, Source

_SCRIPTS = frozenset({"html", "svelte", "vue"})
_TYPE = lazy(r"\btype\s*=\s*[\"']?(?!module|text/(?:java|type)script|application/javascript)[\w/+-]+")
"""Scripts that are data or templates."""
_TYPED = lazy(r"\blang\s*=\s*[\"']?(ts|tsx|typescript|jsx)\b")
_TONGUES = {"ts": "typescript", "typescript": "typescript", "tsx": "tsx"}
_MAGIC = lazy(r"([ \t]*+)(?:[%!].*|[^#'\"]*[^#'\"\s?]\?{1,2}[ \t]*)$")
"""IPython's own lines (https://ipython.readthedocs.io/en/stable/interactive/magics.html)."""
_ASSIGNS_MAGIC = lazy(r"[ \t]*+(?:[\w,][\w, ]*+|(?<= ))=[ \t]*[%!]")
_ASSIGNED_MAGIC = lazy(r"(?<=[\w, ]=)[ \t]*+[%!].*")
_CELL_MAGIC = lazy(r"\s*%%")


MAX_PARTS = 1_000


class Part(NamedTuple):
    """A text inside another: ``offsets`` pairs starts in the part with starts in the whole, both in code points."""

    text: str
    language: str
    kind: Kind
    offsets: list[tuple[int, int]]
    exact: bool = True
    """Whether the part stands in the whole letter by letter."""

    def place(self, offset: int) -> int:
        """Where an offset of the part lies in the whole."""
        inner, outer = self.offsets[max(bisect_right(self.offsets, (offset, 1 << 62)) - 1, 0)]
        return outer + (offset - inner if self.exact else 0)


def parts(source: Source) -> list[Part]:
    """The texts of other languages inside a whole file that parses so far; none of them where it is ``crowded``."""
    found = list(islice(_parts(source), MAX_PARTS + 1))
    return found if len(found) <= MAX_PARTS else []


def crowded(source: Source) -> bool:
    """Whether more texts stand inside than there is time for: each is a check of its own."""
    marks = ("```", "~~~", "<script")
    if sum(map(source.lowered.count, marks)) <= MAX_PARTS:
        return False
    return next(islice(_parts(source), MAX_PARTS, None), None) is not None


def _parts(source: Source) -> Iterator[Part]:
    if source.kind != "file" or source.tree is None or source.language is None:
        return iter(())
    if source.language.name in _SCRIPTS:
        return _scripts(source)
    if source.language.name == "markdown":
        return _blocks(source)
    return _cells(source) if source.language.name == "notebook" else iter(())


def _find(root: Node, kind: str) -> Iterator[Node]:
    stack = [root]
    while stack:
        node = stack.pop()
        if node.type == kind:
            yield node
        else:
            stack.extend(reversed(node.named_children))


def _scripts(source: Source) -> Iterator[Part]:
    """The scripts of a component are one module; those of a page are pieces that share their names."""
    assert source.tree is not None
    assert source.language is not None
    found = []
    for node in _find(source.tree.root_node, "script_element"):
        tag, body = (
            text_of(node.named_children[0]),
            next((c for c in node.named_children if c.type == "raw_text"), None),
        )
        if body is not None and not _TYPE.search(tag):
            typed = _TYPED.search(tag)
            found.append((_TONGUES.get(typed[1], "javascript") if typed else "javascript", body))
    if source.language.name == "html":
        for language, body in found:
            yield Part(text_of(body), language, "fragment", [(0, source.char_offset(body.start_byte))])
    elif found:
        text, offsets = "", []
        for _, body in found:
            offsets.append((len(text), source.char_offset(body.start_byte)))
            text += text_of(body) + "\n"
        yield Part(text, found[0][0], "file", offsets)


def _blocks(source: Source) -> Iterator[Part]:
    """Code blocks are fragments of something: what only whole files have is not asked of them."""
    assert source.tree is not None
    for node in _find(source.tree.root_node, "fenced_code_block"):
        info = next((c for c in _find(node, "language")), None)
        body = next((c for c in node.named_children if c.type == "code_fence_content"), None)
        if info is not None and body is not None:
            yield Part(text_of(body), text_of(info).strip("{}."), "reply", [(0, source.char_offset(body.start_byte))])


def _cells(source: Source) -> Iterator[Part]:
    """All code cells of a Python notebook as one text, since later cells use the names of earlier ones."""
    lines: list[tuple[str, int]] = []
    assert source.tree is not None
    if not re.search(r"\"(?:language|name)\"\s*:\s*\"python", source.text):
        return
    for cell in _members(source.tree.root_node, "cells"):
        fields = dict(_pairs(cell))
        if "cell_type" not in fields or _value(fields["cell_type"]) != "code" or "source" not in fields:
            continue
        texts = [(_value(n), source.char_offset(n.start_byte)) for n in _find(fields["source"], "string")]
        if texts and _CELL_MAGIC.match(texts[0][0]):
            continue
        lines += [(text, at) for whole, at in texts for text in whole.splitlines(keepends=True)]
        if lines and not lines[-1][0].endswith("\n"):
            lines[-1] = (lines[-1][0] + "\n", lines[-1][1])
    text, offsets = "", []
    for line, at in lines:
        offsets.append((len(text), at))
        text += _plain(line)
    if offsets:
        yield Part(text, "python", "file", offsets, exact=False)


def has_magic(text: str) -> bool:
    """Whether a cell holds commands of IPython, which are no Python."""
    return bool(_CELL_MAGIC.match(text)) or any(
        _MAGIC.match(line) or _ASSIGNS_MAGIC.match(line) for line in text.splitlines()
    )


def _plain(line: str) -> str:
    """A line of IPython as one of Python."""
    magic = _MAGIC.match(line.rstrip("\n"))
    return f"{magic[1]}pass\n" if magic else _ASSIGNED_MAGIC.sub(" None", line)


def _members(root: Node, key: str) -> Iterator[Node]:
    top = next((n for n in root.named_children if n.type == "object"), None)
    for name, value in _pairs(top) if top is not None else ():
        if name == key:
            yield from (n for n in value.named_children if n.type == "object")


def _pairs(node: Node) -> Iterator[tuple[str, Node]]:
    for pair in node.named_children:
        key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
        if key is not None and value is not None:
            yield _value(key), value


def _value(node: Node) -> str:
    """The string that a JSON literal stands for."""
    try:
        found = json.loads(text_of(node))
    except ValueError:
        return ""
    return found if isinstance(found, str) else ""
