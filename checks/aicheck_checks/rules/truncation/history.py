"""What a text lost against the version before it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Node

    from aicheck_checks.source import Source


class Definition(NamedTuple):
    """A function or class: its qualified name, kind, place and body."""

    name: str
    kind: str
    start: int
    """Byte offset of the definition."""
    body: Node


def definitions(source: Source) -> dict[str, Definition]:
    """Functions, classes and methods by qualified name (not those inside functions)."""
    found: dict[str, Definition] = {}
    if source.tree is None:
        return found
    stack = [(source.tree.root_node, "")]
    while stack:
        node, prefix = stack.pop()
        for child in node.named_children:
            inner = child
            if child.type == "decorated_definition":
                inner = child.child_by_field_name("definition") or child
            if inner.type not in ("function_definition", "class_definition"):
                if child.type in ("if_statement", "try_statement", "else_clause", "block"):
                    stack.append((child, prefix))
                continue
            name, body = inner.child_by_field_name("name"), inner.child_by_field_name("body")
            if name is None or body is None or name.text is None:
                continue
            qualified = prefix + name.text.decode("utf-8", "replace")
            kind = inner.type.partition("_")[0]
            found.setdefault(qualified, Definition(qualified, kind, inner.start_byte, body))
            if kind == "class":
                stack.append((body, f"{qualified}."))
    return found


@lru_cache(maxsize=4)
def _version(text: str, language: str) -> Source:
    from aicheck_checks.source import Source

    return Source(text, language=language)


def before(source: Source) -> Source | None:
    """The version before as a source of its own, parsed once."""
    if not source.previous or source.language is None:
        return None
    return _version(source.previous, source.language.name)


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
    old = before(source)
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
