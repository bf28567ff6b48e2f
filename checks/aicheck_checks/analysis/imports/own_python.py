"""Imports of a Python text from the project's own packages: the modules and names that they ask for."""

from __future__ import annotations

import sys
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.analysis.imports.unresolved import MAX_IMPORTS, Unresolved
from aicheck_checks.languages.tree import text_of
from aicheck_checks.patterns import lazy
from aicheck_checks.surroundings.python_own import missing_module, missing_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from aicheck_checks.source import Source

_PLAIN = frozenset({"module", "function_definition", "class_definition", "decorated_definition", "block"})
"""What an import may stand in and yet run for certain; in all else it may be optional."""
_WAIVED = lazy(r"type:\s*ignore|pylint:\s*disable|pyright:\s*ignore|noqa")


class Asked(NamedTuple):
    """An import of a module, or of a name from it, and where it stands."""

    module: str
    name: str
    node: Node


def modules(source: Source) -> Iterator[Unresolved]:
    """Each import of a module that the project's own package lacks."""
    seen: set[str] = set()
    for asked in _asked(source):
        around = source.surroundings
        if around is None or asked.module in seen:
            continue
        seen.add(asked.module)
        if around.ask(missing_module, asked.module):
            message = f"no module '{asked.module}' in the project: its package has no such file"
            start, end = source.char_offset(asked.node.start_byte), source.char_offset(asked.node.end_byte)
            yield Unresolved("unprovided", message, start, end, "error", "medium")


def names(source: Source) -> Iterator[Unresolved]:
    """Each name that a module of the project's own is asked for and lacks."""
    for asked in _asked(source):
        around = source.surroundings
        if around is None or not asked.name or asked.name.startswith("__"):
            continue
        if around.ask(missing_name, asked.module, asked.name, source.path):
            message = f"'{asked.module}' is a module of the project, and defines no '{asked.name}'"
            start, end = source.char_offset(asked.node.start_byte), source.char_offset(asked.node.end_byte)
            yield Unresolved("unprovided", message, start, end, "error", "medium")


def _asked(source: Source) -> Iterator[Asked]:
    """The modules and names that imports ask for, in the text's order."""
    if source.tree is None:
        return
    for node in islice(_statements(source.tree.root_node), MAX_IMPORTS):
        if _WAIVED.search(source.lines[node.start_point.row]) or _WAIVED.search(source.lines[node.end_point.row]):
            continue
        if node.type == "import_statement":
            for child in node.named_children:
                dotted = child.child_by_field_name("name") if child.type == "aliased_import" else child
                if dotted is not None and "." in _dotted(dotted) and not _is_standard(_dotted(dotted)):
                    yield Asked(_dotted(dotted), "", dotted)
            continue
        module = node.child_by_field_name("module_name")
        if module is None or _is_standard(_dotted(module)):
            continue
        yield Asked(_dotted(module), "", module)
        for child in node.children_by_field_name("name"):
            dotted = child.child_by_field_name("name") if child.type == "aliased_import" else child
            if dotted is not None:
                yield Asked(_dotted(module), text_of(dotted), dotted)


def _is_standard(module: str) -> bool:
    return module.partition(".")[0] in sys.stdlib_module_names


def _dotted(node: Node) -> str:
    """A dotted name, which may be continued over lines, without what only separates."""
    return "".join(text_of(node).replace("\\", " ").split())


def _statements(root: Node) -> Iterator[Node]:
    """The imports that are not optional, in the text's order."""
    stack = [root]
    while stack:
        node = stack.pop()
        if node.type in ("import_statement", "import_from_statement"):
            yield node
        elif node.type in _PLAIN or _type_checking(node):
            stack.extend(reversed(node.named_children))


def _type_checking(node: Node) -> bool:
    condition = node.child_by_field_name("condition") if node.type == "if_statement" else None
    return condition is not None and text_of(condition) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")
