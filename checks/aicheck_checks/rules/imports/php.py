"""Classes that a PHP text uses without importing them.

In a namespace an unqualified class name means one of that namespace (PHP
manual, "Name resolution rules"), and each class has a file of its own (PSR-4).
So a name that the text neither imports nor declares must stand in a file of the
namespace's folders; where composer.json says which those are, any other name is
judged, else only classes that PHP itself brings, which need a `use` too.
"""

from __future__ import annotations

import json
import os
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from aicheck_checks.files import below, listing, read
from aicheck_checks.finding import Edit, Fix
from aicheck_checks.languages.tree import is_first, text_of
from aicheck_checks.patterns import lazy
from aicheck_checks.rules.imports.names import Undefined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from aicheck_checks.source import Source

WELL_KNOWN = frozenset(
    """ArrayAccess ArrayIterator ArrayObject ArgumentCountError ArithmeticError AssertionError BadFunctionCallException
    BadMethodCallException Closure Countable DateInterval DatePeriod DateTime DateTimeImmutable DateTimeInterface
    DateTimeZone DirectoryIterator DivisionByZeroError DomainException ErrorException FilesystemIterator Generator
    InvalidArgumentException IteratorAggregate JsonException JsonSerializable LengthException LogicException
    OutOfBoundsException OutOfRangeException OverflowException PDO PDOException PDOStatement RangeException
    RecursiveDirectoryIterator RecursiveIteratorIterator ReflectionClass ReflectionException ReflectionMethod
    ReflectionNamedType ReflectionProperty RuntimeException SimpleXMLElement SplFileInfo SplFileObject SplObjectStorage
    SplPriorityQueue SplStack SplQueue Stringable Throwable Traversable TypeError UnderflowException
    UnexpectedValueException UnitEnum ValueError WeakMap WeakReference DOMDocument DOMElement DOMXPath SQLite3""".split()
)
"""PHP's own classes (https://www.php.net/manual/en/reserved.interfaces.php, ... .exceptions.php)."""
_OWN = frozenset("self static parent".split())
_USING = {
    "base_clause", "class_interface_clause", "use_declaration", "named_type", "attribute", "object_creation_expression",
    "scoped_call_expression", "class_constant_access_expression", "scoped_property_access_expression",
}  # fmt: skip
_NAMESPACE = lazy(r"^[^\S\n]*namespace\s+([\w\\]+)\s*;", re.MULTILINE)
_DECLARES = lazy(
    r"^[^\S\n]*(?:(?:abstract|final|readonly)[^\S\n]+)*(?:class|interface|trait|enum)\s+(\w+)", re.MULTILINE
)
_ALIASES = lazy(r"\bclass_alias\s*\(|\bspl_autoload_register\b")
_MAX_LEVELS = 40


def undefined_names(source: Source, formerly: frozenset[str]) -> list[Undefined]:
    """The classes used without an import, as far as the namespace's folders can tell."""
    namespace = _NAMESPACE.search(source.text)
    if namespace is None or _ALIASES.search(source.text):
        return []
    assert source.tree is not None
    imported = {name for name, _ in imports_of(source)}
    declared = set(_DECLARES.findall(source.text))
    around = _classes(os.path.abspath(source.folder), namespace[1]) if source.folder is not None else None
    found = []
    for name, nodes in _uses(source.tree.root_node).items():
        if name in imported or name in declared or name.lower() in _OWN or name in (around or ()):
            continue
        own = source.folder is not None and os.path.exists(os.path.join(source.folder, f"{name}.php"))
        surely = name in WELL_KNOWN and not own and not name.endswith(("Exception", "Error"))
        if name in formerly or around is not None or surely:
            start = source.char_offset(nodes[0].start_byte)
            likely = f"use {name};" if name in WELL_KNOWN else None
            found.append(Undefined(name, start, start + len(name), len(nodes), likely=likely))
    return sorted(found, key=lambda u: u.start)


def _uses(root: Node) -> dict[str, list[Node]]:
    used: dict[str, list[Node]] = {}
    stack = [root]
    while stack:
        node = stack.pop()
        if node.type == "name" and node.parent is not None and _names_class(node, node.parent):
            used.setdefault(text_of(node), []).append(node)
        if node.type not in ("namespace_use_declaration", "namespace_definition"):
            stack.extend(reversed(node.named_children))
    return used


def _names_class(node: Node, parent: Node) -> bool:
    if parent.type == "binary_expression":
        operator = parent.child_by_field_name("operator")
        return operator is not None and operator.text == b"instanceof" and not is_first(node, parent)
    if parent.type in ("base_clause", "class_interface_clause", "use_declaration"):
        return True
    return parent.type in _USING and is_first(node, parent)


@lru_cache(maxsize=64)
def _classes(folder: str, namespace: str) -> frozenset[str] | None:
    """The classes of a namespace by the files in its folders; None where those are not at hand."""
    folders = _folders(folder, namespace)
    if not folders:
        return None
    found: set[str] = set()
    for place in folders:
        for name in listing(place):
            if name.endswith(".php"):
                found |= {name[:-4], *_DECLARES.findall(read(os.path.join(place, name)))}
    return frozenset(found)


def _folders(folder: str, namespace: str) -> list[str]:
    """By composer.json's autoload rules (getcomposer.org, "PSR-4")."""
    here = folder
    for _ in range(_MAX_LEVELS):
        text = read(os.path.join(here, "composer.json"))
        if text:
            mapped = [below(here, part) for part in _mapped(text, namespace)]
            return mapped if folder in mapped else []
        above = os.path.dirname(here)
        if above == here:
            break
        here = above
    return []


def _mapped(text: str, namespace: str) -> Iterator[str]:
    try:
        manifest = json.loads(text)
    except (ValueError, RecursionError):
        return
    if not isinstance(manifest, dict):
        return
    for section in ("autoload", "autoload-dev"):
        rules = manifest.get(section, {}).get("psr-4", {}) if isinstance(manifest.get(section, {}), dict) else {}
        for prefix, places in rules.items() if isinstance(rules, dict) else ():
            if f"{namespace}\\".startswith(prefix):
                rest = namespace[len(prefix) :].replace("\\", "/")
                for place in places if isinstance(places, list) else [places]:
                    yield os.path.join(str(place), rest)


def imports_of(source: Source) -> Iterator[tuple[str, str]]:
    """Each class that a `use` at the top brings, with its statement."""
    assert source.tree is not None
    stack = [n for n in source.tree.root_node.named_children if n.type == "namespace_use_declaration"]
    while stack:
        node = stack.pop()
        if node.type == "namespace_use_clause":
            alias = node.child_by_field_name("alias")
            path = text_of(node)
            name = text_of(alias) if alias is not None else path.rpartition("\\")[2]
            yield name, f"use {path};"
        else:
            stack.extend(node.named_children)


def insert_import(source: Source, statement: str) -> Fix:
    """Add above the first `use`, else below the namespace."""
    first = re.search(r"^use\s+[\w\\]+", source.text, re.MULTILINE)
    namespace = _NAMESPACE.search(source.text)
    at = first.start() if first else namespace.end() if namespace else 0
    return Fix(f"add '{statement}'", (Edit(at, at, f"{statement}\n" if first else f"\n\n{statement}"),))
