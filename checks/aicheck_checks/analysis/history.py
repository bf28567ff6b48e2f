"""What a text lost against the version before it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Node

    from aicheck_checks.source import Source


_LONGEST = 1_000
"""Code points of the name of a class in classes that is looked into."""


class Definition(NamedTuple):
    """A function or class: its qualified name, kind, place and body."""

    name: str
    kind: str
    start: int
    """Byte offset of the definition."""
    body: Node


_CLASSES = re.compile(r"class|struct|interface|trait|impl|enum|module|namespace|object|protocol|mod_item|extension")
_WRAPPERS = re.compile(
    r"decorat|export|^if|^try|else|^block|body|declaration_list|^impl|extern|linkage|preproc|statement"
)


def definitions(source: Source) -> dict[str, Definition]:
    """Functions, classes and methods by qualified name (not those inside functions).

    In every grammar a definition is a node that has a name and a body.
    """
    found: dict[str, Definition] = {}
    if source.tree is None:
        return found
    stack = [(source.tree.root_node, "")]
    while stack:
        node, prefix = stack.pop()
        for child in node.named_children:
            name, body = name_and_body(child)
            if name is None or body is None:
                if _WRAPPERS.search(child.type) or child.type in ("lexical_declaration", "variable_declaration"):
                    stack.append((child, prefix))
                continue
            qualified = prefix + name
            kind = "class" if _CLASSES.search(child.type) else "function"
            found.setdefault(qualified, Definition(qualified, kind, child.start_byte, body))
            if kind == "class" and len(qualified) < _LONGEST:
                stack.append((body, f"{qualified}."))
    return found


def name_and_body(node: Node) -> tuple[str | None, Node | None]:
    """The name and the body of a definition; None for what is none."""
    body = node.child_by_field_name("body")
    name = node.child_by_field_name("name") or node.child_by_field_name("type" if "impl" in node.type else "declarator")
    value = node.child_by_field_name("value")
    if body is None and value is not None:  # const f = () => { ... }
        body = value.child_by_field_name("body")
    if body is None and name is not None:  # grammars without a field for it
        body = next((child for child in node.named_children if child.type.endswith("_body")), None)
    while name is not None and (inner := name.child_by_field_name("declarator")) is not None:
        name = inner  # C: a declarator wraps the name
    if name is None or name.text is None or body is None:
        return None, None
    return name.text.decode("utf-8", "replace"), body


class Tail(NamedTuple):
    """What stood behind the new text's last line in the version before."""

    start: int
    """Line (from 0) of the version before where the loss begins."""
    lines: list[str]
    inside_block: bool
    unchanged: float
    """Share of the new text's lines that the version before has too, 0 to 1."""


def lost_tail(source: Source) -> Tail | None:
    """The lines that followed the new text's last lines in the version before, and are gone."""
    old = source.before
    if old is None:
        return None
    new_lines = _significant(source.lines)
    old_lines = _significant(old.lines)
    if not new_lines or len(old_lines) < 2:
        return None
    at = _find_end([text for _, text in new_lines], [text for _, text in old_lines])
    if at is None or at + 1 >= len(old_lines):
        return None
    rest = old_lines[at + 1 :]
    prefix = [t for _, t in new_lines[:-1]] == [t for _, t in old_lines[: len(new_lines) - 1]]
    present = {text.strip() for _, text in new_lines}
    gone = sum(text.strip() not in present for _, text in rest)
    if not prefix and gone * 2 < len(rest):
        return None
    known = {text.strip() for _, text in old_lines}
    unchanged = sum(text.strip() in known for _, text in new_lines) / len(new_lines)
    return Tail(rest[0][0], [text for _, text in rest], rest[0][1][:1].isspace(), unchanged)


def _significant(lines: list[str]) -> list[tuple[int, str]]:
    return [(n, line.rstrip()) for n, line in enumerate(lines) if line.strip()]


def _find_end(new: list[str], old: list[str]) -> int | None:
    """Where the new text's last lines stand in the old one: the longest context wins."""
    if new[:-1] == old[: len(new) - 1] and len(new) <= len(old) and old[len(new) - 1].startswith(new[-1]):
        return len(new) - 1 if old[len(new) - 1] == new[-1] else len(new) - 2
    for context in (8, 5, 3, 2):
        ending = new[-context:]
        if len(ending) < context:
            continue
        places = [at for at in range(len(old)) if old[max(at - context + 1, 0) : at + 1] == ending]
        if len(places) == 1:
            return places[0]
    return _partial(new, old)


def _partial(new: list[str], old: list[str]) -> int | None:
    """A last line that was cut in its middle: its context stands just before, its start matches."""
    if len(new) < 3:
        return None
    ending = new[-3:-1]
    for at in range(2, len(old)):
        if old[at - 2 : at] == ending and old[at].startswith(new[-1]) and len(new[-1].strip()) > 1:
            return at - 1
    return None
