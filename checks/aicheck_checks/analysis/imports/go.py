"""Where Go's imports lead: the standard library, the module itself, what go.mod requires (go.dev/ref/mod)."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from aicheck_checks.analysis.imports.unresolved import MAX_IMPORTS, Unresolved
from aicheck_checks.languages.tree import text_of
from aicheck_checks.surroundings.go import module_of, provides

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from aicheck_checks.source import Source


def unresolved(source: Source) -> Iterator[Unresolved]:
    """Each import that go.mod does not cover, and each package of the module that has no folder."""
    around = source.surroundings
    module = around.ask(module_of) if around is not None else None
    if around is None or module is None or source.tree is None:
        return
    for node in islice(_specs(source), MAX_IMPORTS):
        path = text_of(node).strip('"`')
        if around.ask(provides, path) is False:
            own = module.owns(path)
            message = f"no folder for package '{path}' of this module" if own else f"no module for '{path}' in go.mod"
            start, end = source.char_offset(node.start_byte), source.char_offset(node.end_byte)
            yield Unresolved("unprovided", message, start, end, "warning", "medium")


def _specs(source: Source) -> Iterator[Node]:
    assert source.tree is not None
    stack = [n for n in source.tree.root_node.named_children if n.type == "import_declaration"]
    while stack:
        node = stack.pop()
        path = node.child_by_field_name("path") if node.type == "import_spec" else None
        if path is not None:
            yield path
        else:
            stack.extend(reversed(node.named_children))
