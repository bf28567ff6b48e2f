"""Where a Python text ends: its last statement, and what stands around it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from aicheck_checks.languages.python_scope import FUNCTION, Scope

if TYPE_CHECKING:
    from tree_sitter import Node

_COMPOUND = frozenset(
    """function_definition class_definition decorated_definition if_statement elif_clause
    else_clause for_statement while_statement try_statement except_clause finally_clause
    with_statement match_statement case_clause block""".split()
)


class Ending:
    """The last statement of a text and the definitions and blocks around it."""

    def __init__(self, statement: Node, around: list[Node]) -> None:
        self.statement = statement
        self.around = around
        self.function = next(n for n in reversed(around) if n.type == FUNCTION)
        inside = around[around.index(self.function) + 1 :]
        self.blocks = [n for n in inside if n.type not in ("block", "decorated_definition")]

    @cached_property
    def scope(self) -> Scope:
        """What the function around the statement does with its names."""
        return Scope(self.function)

    @cached_property
    def owner(self) -> Node | None:
        """The class around the statement."""
        return next((n for n in reversed(self.around) if n.type == "class_definition"), None)


def ending(root: Node) -> Ending | None:
    """The last statement, if it is inside a function."""
    node, around = root, []
    while True:
        inner = _last(node)
        if inner is None:
            break
        node = inner
        if node.type not in _COMPOUND:
            break
        around.append(node)
    if not any(n.type == FUNCTION for n in around) or node.type in _COMPOUND:
        return None
    return Ending(node, around)


def _last(node: Node) -> Node | None:
    children = reversed(node.named_children)
    return next((child for child in children if child.type not in ("comment", "line_continuation")), None)
