"""Texts of one language inside a file of another: code blocks, scripts of a page, cells of a notebook.

CommonMark "Fenced code blocks", the HTML standard's `script` element, and nbformat 4 (see notebook.py).
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.languages import notebook
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
_SNIPPET = lazy(r"\{#snippet\s+([A-Za-z_$][\w$]*)")
"""A function of a Svelte component's markup (https://svelte.dev/docs/svelte/snippet)."""
_GENERIC = lazy(r"<script\b[^<>]{0,1000}?\bgenerics?\s{0,9}=\s{0,9}[\"']([^\"'<>]{0,1000})")
"""Type parameters of a component of Svelte, and of Vue."""
_PARAMETER = lazy(r"(?:^|,)\s*(?:const\s+)?([A-Za-z_$][\w$]*)")
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
        text, offsets = _brought(source.text), []
        for _, body in found:
            offsets.append((len(text), source.char_offset(body.start_byte)))
            text += text_of(body) + "\n"
        kinds = (language for language, _ in found if language != "javascript")
        yield Part(text, next(kinds, "javascript"), "file", offsets)


def _brought(component: str) -> str:
    """Declarations of the names that a component's markup and its script's tag bring to the script."""
    values = "".join(f"var {name}; " for name in dict.fromkeys(_SNIPPET.findall(component)))
    kinds = {name for tag in _GENERIC.findall(component) for name in _PARAMETER.findall(tag)}
    types = "".join(f"type {name} = unknown; " for name in sorted(kinds))
    return f"{values}{types}\n" if values or types else ""


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
    assert source.tree is not None
    if not re.search(r"\"(?:language|name)\"\s*:\s*\"python", source.text):
        return
    text, offsets = "", []
    for cell in _members(source.tree.root_node, "cells"):
        fields = dict(_pairs(cell))
        if "cell_type" not in fields or _value(fields["cell_type"]) != "code" or "source" not in fields:
            continue
        lines = [
            (line, source.char_offset(literal.start_byte))
            for literal in _find(fields["source"], "string")
            for line in _value(literal).splitlines(keepends=True)
        ]
        code = "".join(line for line, _ in lines) if not _is_refused(fields) else "%run"
        for line, (_, at) in zip(notebook.python(code).splitlines(keepends=True), lines, strict=False):
            offsets.append((len(text), at))
            text += line if line.endswith("\n") else line + "\n"
    if offsets:
        yield Part(text, "python", "file", offsets, exact=False)


def _is_refused(fields: dict[str, Node]) -> bool:
    """Whether a cell was kept with an error that is to be seen there."""
    outputs = fields.get("outputs")
    return outputs is not None and any(
        key == "ename" and _value(value) in notebook.REFUSED
        for output in outputs.named_children
        for key, value in _pairs(output)
    )


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
