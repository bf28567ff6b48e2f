"""What a syntax tree says of a text that its grammar does not take: where it errs, what is open at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.diagnostic import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node, QueryCursor

    from aicheck_checks.source import Source

MAX_ERRORS = 200
"""A text with more errors is no clearer for them."""
_MAX_NODES = 400_000
_MAX_TOKENS = 20_000
_MAX_STEPS = 5_000_000
"""Steps from the root down to all nodes of a tree: a million take a good second where nodes are nested deep ..."""
_MAX_MEAN = 60
"""... which is where the mean is more than this; it was at most 21 in 261 files of public repositories."""
CLOSERS = {"(": ")", "[": "]", "{": "}"}
OPENERS = {closer: opener for opener, closer in CLOSERS.items()}


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
    counts = dict.fromkeys(CLOSERS, 0)
    for leaf in _leaves(root):
        token = leaf.type
        if leaf.is_named or leaf.is_missing or len(token) > 3:
            continue
        for char in token:
            if char in CLOSERS:
                found.append(Open(char, leaf.start_byte, leaf.start_point.row))
                counts[char] += 1
            elif char in OPENERS:
                _close(found, counts, OPENERS[char])
    return found


def _close(found: list[Open], counts: dict[str, int], bracket: str) -> None:
    """Take away the last one of this kind, if there is any, and what was opened after it."""
    while counts[bracket]:
        last = found.pop()
        counts[last.bracket] -= 1
        if last.bracket == bracket:
            return


def steep(root: Node) -> bool:
    """Whether it takes too long to ask each node for its parent: tree-sitter looks for it from the root down."""
    cursor, depth, steps, nodes = root.walk(), 0, 0, 0
    while steps < _MAX_STEPS:
        steps += depth
        nodes += 1
        if cursor.goto_first_child():
            depth += 1
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return steps > _MAX_MEAN * nodes
            depth -= 1
    return True


def sorted_captures(cursor: QueryCursor, root: Node) -> dict[str, list[Node]]:
    """What a query captures, in the order of the text: tree-sitter's own order may change from run to run."""
    return {name: sorted(nodes, key=_place) for name, nodes in cursor.captures(root).items()}


def _place(node: Node) -> tuple[int, int]:
    return node.start_byte, -node.end_byte


def text_of(node: Node | None) -> str:
    """The text of a node; nothing where there is none."""
    return (node.text or b"").decode("utf-8", "replace") if node is not None else ""


def is_first(node: Node, parent: Node) -> bool:
    """Whether a node is its parent's first named child; a list of all of them would be long, and made for each of them."""
    first = parent.named_child(0)
    return first is not None and first.id == node.id


def inside(root: Node) -> Iterator[Node]:
    """A node and all named nodes in it, later ones first."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(node.named_children)


def of_types(root: Node, types: frozenset[str]) -> list[Node]:
    """The named nodes of some types, in the order of the text."""
    return sorted((node for node in inside(root) if node.type in types), key=lambda node: node.start_byte)


def _leaves(root: Node) -> Iterator[Node]:
    """The tokens that may be unbalanced: what parses by itself closes whatever it opens."""
    stack = [root]
    while stack:
        node = stack.pop()
        if node.child_count == 0:
            yield node
        elif node.has_error and not node.type.startswith(("preproc_else", "preproc_elif")):
            stack.extend(reversed(node.children))
