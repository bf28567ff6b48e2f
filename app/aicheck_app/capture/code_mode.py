"""What a script of Codex's code mode calls: ``tools.apply_patch(...)`` and ``tools.exec_command({cmd: ...})``.

Most models get one tool, ``exec``, whose input is JavaScript that calls the others as members of ``tools`` (the client's own
description of the tool). Nothing is run: a text is known only where it stands in the script, as a string, a template
without holes, ``String.raw``, a sum of such, or a constant that is one of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

MAX_SCRIPT = 1_000_000
"""Code points of a script that are read."""
MAX_CALLS = 200
_DEPTH = 50
_ESCAPE = re.compile(
    r"\\(?:u\{(?P<point>[0-9a-fA-F]{1,6})\}|u(?P<unit>[0-9a-fA-F]{4})|x(?P<byte>[0-9a-fA-F]{2})|(?P<line>\r?\n)|(?P<one>.))",
    re.DOTALL,
)
_MEANT = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}


class Call(NamedTuple):
    """A call of a tool: its name, and each text that was given to it, by its name; the first by position is ``""``."""

    tool: str
    given: dict[str, str]


def calls_of(script: str) -> list[Call]:
    """The calls of ``tools`` in a script, in their order, as far as what is given to them stands there."""
    language = language_of("", "javascript")
    if language is None or len(script) > MAX_SCRIPT:
        return []
    tree = language.parse(script.encode("utf-8", "replace"))
    if tree is None:
        return []
    constants = _constants(tree.root_node)
    found = []
    for node in _nodes(tree.root_node, "call_expression"):
        callee, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if callee is not None and arguments is not None and (tool := _tool(callee)):
            found.append(Call(tool, _given(arguments, constants)))
        if len(found) >= MAX_CALLS:
            break
    return found


def _nodes(root: Node, kind: str) -> Iterator[Node]:
    """The nodes of a kind, in the order of the text."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type == kind:
            yield node
        waiting += reversed(node.named_children)


def _tool(callee: Node) -> str:
    """The name in ``tools.name`` or ``tools["name"]``; empty for any other callee."""
    owner, member = callee.child_by_field_name("object"), callee.child_by_field_name("property")
    if owner is None or _text(owner) != "tools":
        return ""
    if member is not None:
        return _text(member)
    index = callee.child_by_field_name("index")
    return _value(index, {}) or "" if index is not None else ""


def _constants(root: Node) -> dict[str, str]:
    """The names that stand for one text, wherever they are declared; one that is declared twice stands for none."""
    found: dict[str, str | None] = {}
    for node in _nodes(root, "variable_declarator"):
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is not None and value is not None:
            known = {key: text for key, text in found.items() if text is not None}
            found[_text(name)] = None if _text(name) in found else _value(value, known)
    return {name: text for name, text in found.items() if text is not None}


def _given(arguments: Node, constants: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in arguments.named_children[:1]:
        if node.type == "object":
            for pair in node.named_children:
                key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
                if pair.type == "shorthand_property_identifier" and _text(pair) in constants:
                    found[_text(pair)] = constants[_text(pair)]
                elif key is not None and value is not None and (text := _value(value, constants)) is not None:
                    found[_value(key, {}) or _text(key)] = text
        elif (text := _value(node, constants)) is not None:
            found[""] = text
    return found


def _value(node: Node, constants: dict[str, str], depth: int = 0) -> str | None:
    """The text that an expression is; None for what is only known when it runs."""
    if depth > _DEPTH:
        return None
    if node.type == "string":
        return _unescaped(_text(node)[1:-1])
    if node.type == "template_string":
        holes = any(each.type == "template_substitution" for each in node.named_children)
        return None if holes else _unescaped(_text(node)[1:-1])
    if node.type == "call_expression":  # a tagged template
        tag, template = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        raw = (
            tag is not None
            and _text(tag) == "String.raw"
            and template is not None
            and template.type == "template_string"
        )
        whole = (
            raw and template is not None and not any(n.type == "template_substitution" for n in template.named_children)
        )
        return _text(template)[1:-1] if whole and template is not None else None
    if node.type == "parenthesized_expression" and len(node.named_children) == 1:
        return _value(node.named_children[0], constants, depth + 1)
    if node.type == "identifier":
        return constants.get(_text(node))
    return _sum(node, constants, depth) if node.type == "binary_expression" else None


def _sum(node: Node, constants: dict[str, str], depth: int) -> str | None:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    operator = node.child_by_field_name("operator")
    if left is None or right is None or operator is None or _text(operator) != "+":
        return None
    first, second = _value(left, constants, depth + 1), _value(right, constants, depth + 1)
    return None if first is None or second is None else first + second


def _unescaped(text: str) -> str:
    """A JavaScript string's value (ECMAScript, "String Literals")."""
    return _ESCAPE.sub(_meant, text) if "\\" in text else text


def _meant(match: re.Match[str]) -> str:
    if code := match["point"] or match["unit"] or match["byte"]:
        number = int(code, 16)
        return chr(number) if number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF else "\ufffd"
    return "" if match["line"] else _MEANT.get(match["one"], match["one"])


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")
