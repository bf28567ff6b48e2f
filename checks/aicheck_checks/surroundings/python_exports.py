"""Which names a Python module of the project has, as far as its text tells.

A name counts as there wherever the module might bind it: in a branch, by a `global` statement, in a star import. A module that makes
names while it runs can't be told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.languages import language_of
from aicheck_checks.languages.tree import text_of
from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from aicheck_checks.surroundings.disk import Disk

_MAX_BYTES = 1_000_000
_MAKES_MODULES = (
    r"\bsys\.modules\[[^\]\n]{0,200}\]\s{0,9}=[^=]|\bsys\.modules\[__name__\]|\bsys\.modules\.(?:update|setdefault)\b|\blazy_loader\b|"
    r"LazyModule\b|LazyImportModule\b|\b__path__\b|\bextend_path\b|\bdeclare_namespace\b|\bModuleType\(|\bmeta_path\b|\brecreate_module\b"
)
_MODULES = lazy(_MAKES_MODULES)
"""What makes modules as a module runs."""
_DYNAMIC = lazy(
    rf"{_MAKES_MODULES}|\bdef __getattr__\(\w+(?:: *\w+)?\)|\b__getattr__\s{{0,9}}[,=]|\bglobals\(|\bvars\(\)|"
    r"\blocals\(\)\s{0,9}[\[.]|(?<!\.)\bexec\s{0,9}\(|\bsetattr\(\s{0,9}(?:sys|globals|this\w*|module\w*|mod)\b|\b__dict__\.update"
)
"""What makes names so, too."""
_LEFT = {
    "assignment": "left", "augmented_assignment": "left", "for_statement": "left", "named_expression": "name",
    "for_in_clause": "left", "type_alias_statement": "left",
}  # fmt: skip
"""The part of a node that binds."""
_SCOPES = frozenset({"function_definition", "class_definition"})
_BINDING = frozenset({"as_pattern_target", "case_pattern", "global_statement", "as_pattern"})


class Exports(NamedTuple):
    """The names that a module binds, and the modules that it takes all names of."""

    names: frozenset[str]
    stars: tuple[str, ...]


def exports(disk: Disk, path: str) -> Exports | None:
    """What a module binds at its top level, or None where its text can't tell."""
    text = disk.read(path, _MAX_BYTES)
    if len(text) >= _MAX_BYTES or _DYNAMIC.search(text):
        return None
    language = language_of("", "python", text)
    tree = language.parse(text.encode("utf-8", "replace")) if language is not None else None
    if tree is None or tree.root_node.has_error:
        return None
    names: set[str] = set()
    stars: list[str] = []
    for node in _top_level(tree.root_node):
        if node.type == "import_from_statement" and any(c.type == "wildcard_import" for c in node.named_children):
            stars.append(text_of(node.child_by_field_name("module_name")))
        names.update(_bound(node))
    return Exports(frozenset(names), tuple(stars))


def makes_modules(disk: Disk, path: str) -> bool:
    """Whether a module makes other modules as it runs, or says where they are."""
    return _MODULES.search(disk.read(path, _MAX_BYTES)) is not None


def _top_level(root: Node) -> Iterator[Node]:
    """The nodes that run when the module does; and `global` statements, which bind from inside of functions."""
    stack = [(root, False)]
    while stack:
        node, inside = stack.pop()
        if not inside or node.type == "global_statement":
            yield node
        inside = inside or node.type in _SCOPES
        stack.extend((child, inside) for child in node.named_children)


def _bound(node: Node) -> Iterator[str]:
    """The names that a node binds by itself."""
    if node.type in _SCOPES:
        yield text_of(node.child_by_field_name("name"))
    elif node.type in ("import_statement", "import_from_statement"):
        yield from _imported(node)
    elif node.type in _LEFT:
        yield from _identifiers(node.child_by_field_name(_LEFT[node.type]))
    elif node.type in _BINDING:
        yield from _identifiers(node)


def _imported(node: Node) -> Iterator[str]:
    for child in node.children_by_field_name("name"):
        if child.type == "aliased_import":
            yield text_of(child.child_by_field_name("alias"))
        else:
            yield text_of(child).partition(".")[0]


def _identifiers(node: Node | None) -> Iterator[str]:
    stack = [node] if node is not None else []
    while stack:
        one = stack.pop()
        if one.type == "identifier":
            yield text_of(one)
        stack.extend(one.named_children)
