"""Classes that a Java text uses without importing them.

A simple name may come from the same package, from `java.lang`, from a wildcard
import or from a superclass. Where the file stands in its package's folder, the
package's types are read from the files beside it, and other unknown names are judged too
if no supertype could bring them, or if a file beside imports them; elsewhere
only well-known classes are. With the version before at hand, every import that
was dropped.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from aicheck_checks.analysis.names.undefined import Undefined
from aicheck_checks.finding import Edit, Fix
from aicheck_checks.languages import language_of
from aicheck_checks.languages.tree import inside, is_first, sorted_captures, text_of
from aicheck_checks.patterns import lazy
from aicheck_checks.surroundings.java import generates, inherited, package_of
from aicheck_checks.surroundings.java_library import AMBIGUOUS, LANG, WELL_KNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node, Query

    from aicheck_checks.source import Source

_IMPORT = lazy(r"^[^\S\n]*import\s+(static\s+)?([\w.]+?)(\.\*)?\s*;", re.MULTILINE)


_GENERATED = lazy(
    r"R|BR|BuildConfig|Manifest|DataBinderMapperImpl|(?>.*(?:Binding|_|Impl))\w*|(?:Dagger|AutoValue|Q)[A-Z_]\w*|\w*\$\w*"
)
"""Classes that a build makes."""
_PLAIN_STATICS = lazy(
    r"(?:java\.|javax\.|kotlin\.).*|.*(?:Assert|Assertions|Assumptions?|Mockito|Matchers?|Builders?|Collectors|Preconditions|Utils?|Constants|RestAssured|ResultHandlers)"
)
"""Well-known classes whose static members are functions and values, and no types."""
_PACKAGE = lazy(r"^[^\S\n]*package\s+([\w.]+)\s*;", re.MULTILINE)


def undefined_names(source: Source, formerly: frozenset[str]) -> list[Undefined]:
    """The classes used without an import, as far as the text and its surroundings can tell."""
    imports = _IMPORT.findall(source.text)
    imported = {path.rpartition(".")[2] for _, path, star in imports if not star}
    wildcard = any(star and not (static and _PLAIN_STATICS.fullmatch(path)) for static, path, star in imports)
    assert source.tree is not None
    declared, used = _types(source.tree.root_node)
    open_names = [name for name in used if name not in imported and name not in declared]
    if not any(name in WELL_KNOWN or name in formerly or _spelt_as_class(name) for name in open_names):
        return []
    package = _PACKAGE.search(source.text)
    around = (
        source.surroundings.ask(package_of, package[1])
        if source.surroundings is not None and package is not None
        else None
    )
    brought = (
        _inherited(source, package[1], imports) if package is not None and around is not None and not wildcard else None
    )
    generated = source.surroundings is not None and source.surroundings.ask(generates)
    found = []
    for name in open_names:
        path = f"{WELL_KNOWN[name]}.{name}" if name in WELL_KNOWN else around.imports.get(name) if around else None
        elsewhere = around is not None and (name in around.types or name in (brought or ()))
        well_known = name in WELL_KNOWN and (brought is not None or name not in AMBIGUOUS)
        beside = around is not None and name in around.imports
        foreign = _spelt_as_class(name) and (beside or (brought is not None and not generated))
        if (name in formerly and not wildcard) or (not elsewhere and not wildcard and (well_known or foreign)):
            start = source.char_offset(used[name][0].start_byte)
            likely = f"import {path};" if path else None
            found.append(Undefined(name, start, start + len(name), len(used[name]), likely=likely))
    return sorted(found, key=lambda u: u.start)


def _inherited(source: Source, package: str, imports: list[tuple[str, str, str]]) -> frozenset[str] | None:
    """Types that supertypes may bring; None where the file of one is not at hand."""
    paths = {path.rpartition(".")[2]: path for _, path, star in imports if not star}
    found: set[str] = set()
    assert source.tree is not None
    supertypes = [paths.get(name, f"{package}.{name}") for name in _supertypes(source.tree.root_node)]
    opened = [path for static, path, star in imports if static and star]  # their nested types come with their members
    for path in (*supertypes, *opened):
        assert source.surroundings is not None
        types = source.surroundings.ask(inherited, package, path)
        if types is None:
            return None
        found |= types
    return frozenset(found)


def _supertypes(root: Node) -> set[str]:
    from tree_sitter import QueryCursor

    clauses = sorted_captures(QueryCursor(_queries()[0]), root).get("s", [])
    return {text_of(n) for clause in clauses for n in inside(clause) if n.type == "type_identifier"}


def _spelt_as_class(name: str) -> bool:
    """A class by its spelling that neither the language nor the build brings."""
    spelt = name[:1].isupper() and any(char.islower() for char in name)
    return spelt and name not in LANG and not _GENERATED.fullmatch(name)


def _types(root: Node) -> tuple[set[str], dict[str, list[Node]]]:
    """Types and type parameters that the text declares, and uses of simple type names."""
    from tree_sitter import QueryCursor

    declared: set[str] = set()
    used: dict[str, list[Node]] = {}
    heads = [n for n in root.named_children if n.type in ("import_declaration", "package_declaration")]
    last = max((head.end_byte for head in heads), default=0)
    for node in sorted_captures(QueryCursor(_queries()[1]), root).get("n", []):
        outer = node.parent
        if outer is None or (
            node.start_byte < last and any(h.start_byte <= node.start_byte < h.end_byte for h in heads)
        ):
            continue
        if node.type == "type_identifier":
            if outer.type == "type_parameter":
                declared.add(text_of(node))
            elif outer.type != "scoped_type_identifier" or is_first(node, outer):
                used.setdefault(text_of(node), []).append(node)
            continue
        named = outer.child_by_field_name("name")
        annotated = outer.type in ("marker_annotation", "annotation")
        if outer.type == "type_parameter" or (named is not None and named.id == node.id and not annotated):
            declared.add(text_of(node))
        elif _names_a_type(node, outer):
            used.setdefault(text_of(node), []).append(node)
    return declared, used


@lru_cache(maxsize=1)
def _queries() -> tuple[Query, Query]:
    """The clauses that name supertypes, and all names; a query finds them much faster than a walk."""
    java = language_of("A.java")
    assert java is not None
    clauses = "(superclass) @s (super_interfaces) @s (extends_interfaces) @s"
    clauses += " (object_creation_expression type: (_) @s (class_body))"
    return java.query(clauses), java.query("(type_identifier) @n (identifier) @n")


def _names_a_type(node: Node, parent: Node) -> bool:
    if parent.type in ("marker_annotation", "annotation", "method_reference"):
        return is_first(node, parent) and text_of(node)[:1].isupper()
    owner = parent.child_by_field_name("object")
    return owner is not None and owner.id == node.id and text_of(node)[:1].isupper()


def imports_of(source: Source) -> Iterator[tuple[str, str]]:
    """Each class that an import names."""
    for static, path, star in _IMPORT.findall(source.text):
        if not star and not static:
            yield path.rpartition(".")[2], f"import {path};"


def insert_import(source: Source, statement: str) -> Fix:
    """Add above the first import, else below the package declaration."""
    first = _IMPORT.search(source.text)
    package = re.search(r"^package\s+[\w.]+\s*;[^\n]*\n", source.text, re.MULTILINE)
    at = first.start() if first else package.end() if package else 0
    return Fix(f"add '{statement}'", (Edit(at, at, f"{statement}\n"),))
