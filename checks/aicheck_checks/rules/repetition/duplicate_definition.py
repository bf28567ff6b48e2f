"""The same function or class stands twice, word for word.

## Why it matters
An edit was applied twice, or the model wrote on after it had finished.

## Instead
Remove the second copy.

## Known limits
Redefinitions with another body (overloads, fallbacks, properties) are not
counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.finding import Found
from aicheck_checks.languages.tree import text_of
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from aicheck_checks.source import Source

MIN_BYTES = 60
"""Shorter twins (``def f(self): pass``) occur in honest code."""


def check(source: Source) -> Iterator[Found]:
    """The second of two equal definitions in the same body, when ruff says that it redefines."""
    redefined = {d.line for d in source.diagnostics or () if d.code == "F811"}
    if not redefined or source.tree is None:
        return
    stack = [source.tree.root_node]
    while stack:
        node = stack.pop()
        seen: dict[bytes, Node] = {}
        for child in node.named_children:
            if child.type in ("class_definition", "block", "module"):
                stack.append(child.child_by_field_name("body") or child)
            text = child.text or b""
            if child.type not in ("function_definition", "class_definition") or len(text) < MIN_BYTES:
                continue
            first = seen.setdefault(text, child)
            if first is not child and child.start_point.row + 1 in redefined:
                yield _finding(source, first, child)


def _finding(source: Source, first: Node, second: Node) -> Found:
    name = second.child_by_field_name("name")
    shown = text_of(name) if name is not None else "?"
    start = source.char_offset(second.start_byte)
    message = f"'{shown}' stands here a second time, word for word (first on line {first.start_point.row + 1})"
    return Found(message, start, start + len(source.lines[second.start_point.row].strip()))


_TWIN = "def area(width, height):\n    result = width * height\n    return round(result, 2)\n"

RULE = Rule(
    code="REP002",
    name="duplicate-definition",
    summary="the same definition stands twice",
    page=__doc__,
    check=check,
    needs=(
        "tree",
        "linter",
    ),
    when="parses",
    languages=("python",),
    good=(Case(_TWIN), Case(_TWIN + "\n\n" + _TWIN.replace("2", "3"))),
    bad=(Case(_TWIN + "\n\n" + _TWIN, line=6, says="'area'"),),
)
