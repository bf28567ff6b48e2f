"""Which names a JavaScript or TypeScript module of the project exports, as far as its text tells."""

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
_LANGUAGES = {"ts": "typescript", "mts": "typescript", "cts": "typescript", "tsx": "tsx", "js": "javascript", "mjs": "javascript", "cjs": "javascript", "jsx": "javascript"}  # fmt: skip
_COMMON_JS = lazy(
    r"\bmodule\.exports\b|\bexports\s*[.\[]|\bexport\s*=|\bObject\.\w+\(\s*exports\b|@ts-nocheck|\bdefine\("
)
"""What exports by other means than statements."""
_DECLARATIONS = (
    "declaration", "signature", "ambient_declaration", "module", "import_alias",
)  # fmt: skip


class Exports(NamedTuple):
    """The names that a module exports, and the modules that it exports all names of."""

    names: frozenset[str]
    stars: tuple[str, ...]


def exports(disk: Disk, path: str) -> Exports | None:
    """What a module exports, or None where its text can't tell."""
    language = language_of("", _LANGUAGES.get(path.rpartition(".")[2]), "")
    text = disk.read(path, _MAX_BYTES)
    if language is None or len(text) >= _MAX_BYTES or _COMMON_JS.search(text):
        return None
    tree = language.parse(text.encode("utf-8", "replace"))
    if tree is None or tree.root_node.has_error:
        return None
    statements = [node for node in tree.root_node.named_children if node.type == "export_statement"]
    if not statements:
        return None
    names = {name for node in statements for name in _exported(node)}
    if path.endswith((".d.ts", ".d.mts", ".d.cts")):
        names.update(name for node in tree.root_node.named_children for name in _declared(node))
    stars = [text_of(node.child_by_field_name("source")).strip("'\"") for node in statements if _is_star(node)]
    return Exports(frozenset(names), tuple(stars))


def _is_star(node: Node) -> bool:
    return node.child_by_field_name("source") is not None and all(
        child.type in ("string", "comment", "import_attribute") for child in node.named_children
    )


def _exported(statement: Node) -> Iterator[str]:
    """The names that an export statement gives to others."""
    for child in statement.named_children:
        if child.type == "export_clause":
            for specifier in child.named_children:
                name = specifier.child_by_field_name("alias") or specifier.child_by_field_name("name")
                yield text_of(name).strip("'\"")
        elif child.type == "namespace_export":
            yield from _identifiers(child)
        else:
            yield from _declared(child)


def _declared(node: Node) -> Iterator[str]:
    """The names that a declaration binds."""
    if not node.type.endswith(_DECLARATIONS) and node.type != "expression_statement":
        return
    name = node.child_by_field_name("name")
    if name is not None:
        yield from _identifiers(name)
    for child in node.named_children:
        if child.type == "variable_declarator":
            yield from _identifiers(child.child_by_field_name("name"))
        elif node.type in ("ambient_declaration", "import_alias", "expression_statement"):
            yield from _identifiers(child) if child.type == "identifier" else _declared(child)


def _identifiers(node: Node | None) -> Iterator[str]:
    stack = [node] if node is not None else []
    while stack:
        one = stack.pop()
        if one.type.endswith("identifier") or one.type == "shorthand_property_identifier_pattern":
            yield text_of(one)
        stack.extend(one.named_children)
