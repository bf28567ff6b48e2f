"""Where the imports of JavaScript and TypeScript lead: files beside, the project's packages, the package index."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from aicheck_checks.analysis.imports.own_ecma import module
from aicheck_checks.analysis.imports.unresolved import MAX_IMPORTS, Unresolved, nonexistent
from aicheck_checks.languages.tree import text_of
from aicheck_checks.packages.index import open_index
from aicheck_checks.patterns import lazy
from aicheck_checks.surroundings.node import BUILTIN, package_of, project_of, provides, repository_of
from aicheck_checks.surroundings.node_repository import declared, is_common

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from aicheck_checks.source import Source

_NAME = lazy(r"(?:@[a-z0-9][\w.-]*/)?[a-z0-9][\w.-]*$")
"""A name that npm takes today (docs.npmjs.com, "package.json", name)."""
_NO_PACKAGE = lazy(
    r"node_modules(?:/|$)|[^/]*\.(?:css|s[ac]ss|less|styl|html?|svg|png|jpe?g|wasm|md|txt|ya?ml|json|vue|svelte)$"
)
"""What names a file of the project or of a bundler's plugin."""
_SOURCES = frozenset({"import_statement", "export_statement"})


def unresolved(source: Source) -> Iterator[Unresolved]:
    """Each import at the top level whose target nothing provides."""
    assert source.tree is not None
    for target in islice(_targets(source.tree.root_node), MAX_IMPORTS):
        specifier = text_of(target).strip("'\"`")
        if not specifier:
            continue
        span = source.char_offset(target.start_byte), source.char_offset(target.end_byte)
        found = module(source, specifier, target) if specifier[0] == "." else _bare(source, specifier, *span)
        if found is not None:
            yield found


def _targets(root: Node) -> Iterator[Node]:
    """What each import at the top level names."""
    for node in root.named_children:
        target = node.child_by_field_name("source") if node.type in _SOURCES else _required(node)
        if target is not None:
            yield target


def _required(node: Node) -> Node | None:
    """The literal of a top-level ``const x = require("y")``."""
    if node.type not in ("lexical_declaration", "variable_declaration") or not node.named_children:
        return None
    call = node.named_children[0].child_by_field_name("value")
    function = call.child_by_field_name("function") if call is not None else None
    arguments = call.child_by_field_name("arguments") if call is not None else None
    if function is None or function.text != b"require" or arguments is None or arguments.named_child_count != 1:
        return None
    literal = arguments.named_children[0]
    return literal if literal.type == "string" else None


def _bare(source: Source, specifier: str, start: int, end: int) -> Unresolved | None:
    package, around = package_of(specifier), source.surroundings
    if not _NAME.match(package) or package in BUILTIN or _NO_PACKAGE.match(specifier):
        return None
    provided = around.ask(provides, specifier) if around is not None else None
    if provided:
        return None
    index = open_index("npm", source.index_folder)
    if package in index or f"@types/{package}" in index:
        famous = index.imitates(package)
        if famous is not None:
            message = f"'{package}' is a little-known package with nearly the name of '{famous}': which one is meant?"
            return Unresolved("lookalike", message, start, end, "warning", "low")
        if provided is None:
            return None
        message = f"package '{package}' is neither declared in package.json nor installed"
        return Unresolved("unprovided", message, start, end, "warning", "medium")
    famous = index.imitates(package)
    sure = famous is not None or _can_judge(source, package, provided)
    if sure is None:
        return None
    what = f"npm (its {index.names:,} most used, {index.made})"
    severity, confidence = ("error", "medium") if sure else ("warning", "low")
    return Unresolved("nonexistent", nonexistent(package, index, what), start, end, severity, confidence)  # type: ignore[arg-type]


def _can_judge(source: Source, package: str, provided: bool | None) -> bool | None:
    """Whether a name that the index lacks is an invented one, for all that can be seen; None for nothing to tell.

    A scope may be private, and so may any name in a project that declares nothing. What much of the project uses is not
    invented.
    """
    around, private = source.surroundings, package.startswith("@")
    if around is None or (private and around.ask(project_of) is None):
        return None
    top = around.ask(repository_of)
    if top is not None and around.disk.fact(is_common, top, package):
        return None
    return provided is False and not private and top is not None and bool(around.disk.fact(declared, top))
