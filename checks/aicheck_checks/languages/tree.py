"""What a syntax tree says of a text that its grammar does not take: where it errs, what is open at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.diagnostic import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from aicheck_checks.source import Source

MAX_ERRORS = 200
"""A text with more errors is no clearer for them."""
_MAX_NODES = 400_000
_MAX_TOKENS = 20_000
CLOSERS = {"(": ")", "[": "]", "{": "}"}
_CLOSES = frozenset(CLOSERS.values())


def errors(source: Source) -> list[Diagnostic]:
    """The outermost errors and missing tokens, in the order of the text."""
    found = []
    for node in _error_nodes(source.tree.root_node) if source.tree is not None else ():
        start = source.position(source.char_offset(node.start_byte))
        end = source.position(source.char_offset(node.end_byte))
        message = f"'{node.type}' is missing" if node.is_missing else f"unexpected {_first_word(node)}"
        found.append(Diagnostic("invalid-syntax", message, start.line, start.column, end.line, end.column))
        if len(found) == MAX_ERRORS:
            break
    return found


def tangled(root: Node) -> bool:
    """Whether a broken text is too large to be looked through.

    Queries take quadratic time in the tokens that lie side by side in an error.
    """
    if root.descendant_count > _MAX_NODES:
        return True
    stack = [root]
    while stack:
        node = stack.pop()
        if node.child_count - node.named_child_count > _MAX_TOKENS:
            return True
        stack.extend(child for child in node.children if child.has_error)
    return False


def _error_nodes(root: Node) -> Iterator[Node]:
    stack = [root]
    while stack:
        node = stack.pop()
        if node.is_missing or (node.is_error and node is not root):
            yield node
        elif node.has_error:
            stack.extend(reversed(node.children))
            if node.is_error and not any(child.has_error for child in node.children):
                yield node


def _first_word(node: Node) -> str:
    text = (node.text or b"")[:80].decode("utf-8", "replace").split()
    return f"'{text[0][:30]}'" if text else "end"


class Open(NamedTuple):
    """A bracket that is never closed: the token, its offset in bytes and its row (from 0)."""

    bracket: str
    start: int
    row: int


def open_brackets(root: Node) -> list[Open]:
    """The brackets never closed, outermost first; a closed block leaves none open inside.

    The grammar's own lexer decides what is a bracket and what is text. Of the
    branches of a preprocessor condition only the first counts, because each of
    them may open the same block.
    """
    found: list[Open] = []
    for leaf in _leaves(root):
        token = leaf.type
        if leaf.is_named or leaf.is_missing or len(token) > 3:
            continue
        for char in token:
            if char in CLOSERS:
                found.append(Open(char, leaf.start_byte, leaf.start_point.row))
            elif char in _CLOSES:
                match = next((n for n in range(len(found) - 1, -1, -1) if CLOSERS[found[n].bracket] == char), None)
                del found[len(found) if match is None else match :]
    return found


def text_of(node: Node | None) -> str:
    """The text of a node; nothing where there is none."""
    return (node.text or b"").decode("utf-8", "replace") if node is not None else ""


def inside(root: Node) -> Iterator[Node]:
    """A node and all named nodes in it, later ones first."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(node.named_children)


def _leaves(root: Node) -> Iterator[Node]:
    """The tokens that may be unbalanced: what parses by itself closes whatever it opens."""
    stack = [root]
    while stack:
        node = stack.pop()
        if node.child_count == 0:
            yield node
        elif node.has_error and not node.type.startswith(("preproc_else", "preproc_elif")):
            stack.extend(reversed(node.children))
