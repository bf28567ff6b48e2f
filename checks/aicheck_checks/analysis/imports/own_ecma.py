"""Relative imports of JavaScript and TypeScript: the names that they ask the project's own modules for."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from aicheck_checks.analysis.imports.unresolved import MAX_IMPORTS, Unresolved
from aicheck_checks.languages.tree import text_of
from aicheck_checks.patterns import lazy
from aicheck_checks.surroundings.node_own import missing_file, missing_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from aicheck_checks.source import Source

_WAIVED = lazy(r"@ts-(?:ignore|expect-error)|eslint-disable|@vite-ignore|webpackIgnore")


def module(source: Source, specifier: str, target: Node) -> Unresolved | None:
    """A relative import that leads to no file of the project."""
    around = source.surroundings
    if around is None or is_waived(source, target) or not around.ask(missing_file, specifier):
        return None
    start, end = source.char_offset(target.start_byte), source.char_offset(target.end_byte)
    return Unresolved("unprovided", f"no file '{specifier}' beside this one", start, end, "warning", "medium")


def names(source: Source) -> Iterator[Unresolved]:
    """Each name that a module of the project's own is asked for and does not export."""
    for specifier, node in islice(_named(source), MAX_IMPORTS):
        around = source.surroundings
        name = text_of(node).strip("'\"")
        if around is None or name == "default" or is_waived(source, node):
            continue
        if around.ask(missing_name, specifier, name):
            message = f"'{specifier}' is a module of the project, and exports no '{name}'"
            start, end = source.char_offset(node.start_byte), source.char_offset(node.end_byte)
            yield Unresolved("unprovided", message, start, end, "warning" if _is_type(node) else "error", "medium")


def _is_type(node: Node) -> bool:
    """Whether a name is imported as a type, which is gone when the program runs."""
    up: Node | None = node
    while up is not None and up.type not in ("import_statement", "export_statement"):
        up = up.parent
    return up is not None and any(child.type == "type" for child in up.children)


def is_waived(source: Source, node: Node) -> bool:
    """Whether a comment on the line of a node, or above it, tells a checker to be silent."""
    row = node.start_point.row
    return any(_WAIVED.search(line) for line in source.lines[max(row - 1, 0) : row + 1])


def _named(source: Source) -> Iterator[tuple[str, Node]]:
    """The names that imports and re-exports take from relative modules."""
    for statement in source.tree.root_node.named_children if source.tree is not None else ():
        target = statement.child_by_field_name("source")
        if target is None or statement.type not in ("import_statement", "export_statement"):
            continue
        specifier = text_of(target).strip("'\"")
        if not specifier.startswith("."):
            continue
        for part in statement.named_children:
            for clause in (part, *part.named_children):
                if clause.type in ("named_imports", "export_clause"):
                    for one in clause.named_children:
                        name = one.child_by_field_name("name")
                        if name is not None:
                            yield specifier, name
