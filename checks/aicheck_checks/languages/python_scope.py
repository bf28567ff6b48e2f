"""Names read, written and mutated in one Python function, from its syntax tree."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

FUNCTION = "function_definition"
_LOOPS = frozenset({"for_statement", "while_statement"})
_TARGETS = frozenset({"pattern_list", "tuple_pattern", "list_pattern", "list_splat_pattern"})
_MUTATORS = frozenset(b"append extend add update insert setdefault discard appendleft write sort reverse".split())


class Scope:
    """What a function does with names; nested functions count as readers of its names.

    ``written`` holds names bound by assignment, loop or ``with``; ``mutated``
    names that are only changed in place (``x.append(1)`` or ``x[0] = 1`` as a
    statement); ``read`` all other uses. ``returns`` are the ``return``
    statements of the function itself, with ``True`` for one that has a value.
    """

    def __init__(self, function: Node) -> None:
        self.function = function
        self.written: dict[bytes, tuple[int, Node]] = {}
        self.last_read: dict[bytes, int] = {}
        self.mutated: set[bytes] = set()
        self.read: set[bytes] = set()
        self.captured: set[bytes] = set()
        self.outer: set[bytes] = set()
        self.nested: set[bytes] = set()
        self.returns: list[bool] = []
        self.generator = False
        self._looped: list[tuple[int, int]] = []
        body = function.child_by_field_name("body")
        if body is not None:
            for child in body.named_children:
                self._visit(child, own=True)

    @property
    def unread(self) -> set[bytes]:
        """Local names whose last value nothing reads (a loop around it may read it again)."""
        return {
            name for name in self.written if name not in self.outer and not name.startswith(b"_") and self.dead(name)
        }

    def dead(self, name: bytes) -> bool:
        """Whether nothing reads the last value given to this name."""
        if name not in self.read:
            return True
        since, node = self.written[name]
        if name in self.captured or self.last_read[name] > since:
            return False
        return not self.in_loop(node)

    def in_loop(self, node: Node) -> bool:
        """Whether a loop of this function surrounds the node."""
        starts, ends = self._loops
        at = bisect_right(starts, node.start_byte) - 1
        return at >= 0 and node.end_byte <= ends[at]

    @cached_property
    def _loops(self) -> tuple[list[int], list[int]]:
        """Starts and ends (bytes) of the outermost loops, in order."""
        outermost: list[tuple[int, int]] = []
        for start, end in sorted(self._looped):
            if not outermost or start >= outermost[-1][1]:
                outermost.append((start, end))
        return [start for start, _ in outermost], [end for _, end in outermost]

    def parameters(self) -> set[bytes]:
        """Names of the parameters, but not ``self``, ``cls``, ``*args``, ``**kwargs`` and ``_x``."""
        found: set[bytes] = set()
        listing = self.function.child_by_field_name("parameters")
        for child in listing.named_children if listing is not None else ():
            if child.type == "identifier":
                name: Node | None = child
            elif child.type in ("default_parameter", "typed_default_parameter"):
                name = child.child_by_field_name("name")
            elif child.type == "typed_parameter":
                name = child.named_children[0]
            else:
                continue
            if name is not None and name.type == "identifier" and name.text:
                found.add(name.text)
        return {n for n in found - {b"self", b"cls", b"mcs"} if not n.startswith(b"_")}

    def _visit(self, node: Node, *, own: bool) -> None:
        """Depth first without recursion: hostile nesting must not exhaust the stack."""
        stack = [(node, own)]
        while stack:
            current, owned = stack.pop()
            if current.type in _LOOPS:
                self._looped.append((current.start_byte, current.end_byte))
            handler = _HANDLERS.get(current.type)
            if handler is None:
                stack.extend((child, owned) for child in current.named_children)
            else:
                stack.extend(handler(self, current, owned))

    def _identifier(self, node: Node, owned: bool) -> list[tuple[Node, bool]]:
        name = node.text
        if name:
            self.read.add(name)
            self.last_read[name] = max(self.last_read.get(name, 0), node.start_byte)
            if not owned:
                self.captured.add(name)
        return []

    def _attribute(self, node: Node, owned: bool) -> list[tuple[Node, bool]]:
        base = node.child_by_field_name("object")
        return [(base, owned)] if base is not None else []

    def _keyword(self, node: Node, owned: bool) -> list[tuple[Node, bool]]:
        value = node.child_by_field_name("value")
        return [(value, owned)] if value is not None else []

    def _assignment(self, node: Node, owned: bool) -> list[tuple[Node, bool]]:
        rest = [(child, owned) for field in ("right", "type") if (child := node.child_by_field_name(field)) is not None]
        left = node.child_by_field_name("left")
        return rest + (self._target(left, owned, node.end_byte) if left is not None else [])

    def _target(self, left: Node, owned: bool, since: int) -> list[tuple[Node, bool]]:
        if left.type == "identifier" and left.text:
            if left.text not in self.written or self.written[left.text][0] < since:
                self.written[left.text] = since, left
            return []
        if left.type in _TARGETS:
            return [pair for target in _parts(left) for pair in self._target(target, owned, since)]
        if left.type == "subscript":
            base = left.child_by_field_name("value")
            if base is not None and base.type == "identifier" and base.text:
                self.mutated.add(base.text)
                return [(c, owned) for c in left.named_children[1:]]
        return [(left, owned)]

    def _for(self, node: Node, owned: bool) -> list[tuple[Node, bool]]:
        left = node.child_by_field_name("left")
        rest = [(c, owned) for c in node.named_children if left is None or c.id != left.id]
        return rest + (self._target(left, owned, left.end_byte) if left is not None else [])

    def _as_target(self, node: Node, owned: bool) -> list[tuple[Node, bool]]:
        return [pair for child in node.named_children for pair in self._target(child, owned, child.end_byte)]

    def _statement(self, node: Node, owned: bool) -> list[tuple[Node, bool]]:
        """``x.append(y)`` as a statement changes x but does not read it."""
        call = node.named_children[0] if node.named_children else None
        if call is not None and call.type == "call":
            member = call.child_by_field_name("function")
            if member is not None and member.type == "attribute":
                base = member.child_by_field_name("object")
                name = member.child_by_field_name("attribute")
                if base is not None and base.type == "identifier" and base.text and name is not None:
                    if name.text in _MUTATORS:
                        self.mutated.add(base.text)
                        return [(c, owned) for c in call.named_children[1:]]
        return [(child, owned) for child in node.named_children]

    def _definition(self, node: Node, owned: bool) -> list[tuple[Node, bool]]:
        name = node.child_by_field_name("name")
        if owned and name is not None and name.text:
            self.nested.add(name.text)
        return [(c, False) for c in node.named_children if name is None or c.id != name.id]

    def _lambda(self, node: Node, owned: bool) -> list[tuple[Node, bool]]:
        return [(child, False) for child in node.named_children]

    def _return(self, node: Node, owned: bool) -> list[tuple[Node, bool]]:
        if owned:
            self.returns.append(bool(node.named_children))
        return [(child, owned) for child in node.named_children]

    def _yield(self, node: Node, owned: bool) -> list[tuple[Node, bool]]:
        self.generator = self.generator or owned
        return [(child, owned) for child in node.named_children]

    def _outer(self, node: Node, owned: bool) -> list[tuple[Node, bool]]:
        self.outer.update(c.text for c in node.named_children if c.text)
        return []


def _parts(pattern: Node) -> list[Node]:
    """The targets in a pattern of assignment, however deep."""
    found, stack = [], [pattern]
    while stack:
        node = stack.pop()
        if node.type in _TARGETS:
            stack.extend(reversed(node.named_children))
        else:
            found.append(node)
    return found


_Handler = Callable[[Scope, "Node", bool], "list[tuple[Node, bool]]"]
_HANDLERS: dict[str, _Handler] = {
    "identifier": Scope._identifier,
    "attribute": Scope._attribute,
    "keyword_argument": Scope._keyword,
    "assignment": Scope._assignment,
    "augmented_assignment": Scope._assignment,
    "for_statement": Scope._for,
    "for_in_clause": Scope._for,
    "as_pattern_target": Scope._as_target,
    "expression_statement": Scope._statement,
    "function_definition": Scope._definition,
    "class_definition": Scope._definition,
    "lambda": Scope._lambda,
    "return_statement": Scope._return,
    "yield": Scope._yield,
    "global_statement": Scope._outer,
    "nonlocal_statement": Scope._outer,
    "comment": lambda self, node, owned: [],
}
