"""Classes that a PHP text uses without importing them.

In a namespace an unqualified class name means one of that namespace (PHP
manual, "Name resolution rules"), and each class has a file of its own (PSR-4).
So a name that the text neither imports nor declares must stand in a file of the
namespace's folders; where composer.json says which those are, any other name is
judged, else only classes that PHP itself brings, which need a `use` too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicheck_checks.analysis.names.undefined import Undefined
from aicheck_checks.finding import Edit, Fix
from aicheck_checks.languages.tree import is_first, text_of
from aicheck_checks.patterns import lazy
from aicheck_checks.surroundings.php import DECLARES, classes_of, provides

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
    "base_clause", "class_interface_clause", "use_declaration", "named_type", "object_creation_expression",
    "scoped_call_expression", "class_constant_access_expression", "scoped_property_access_expression",
}  # fmt: skip
_NAMESPACE = lazy(r"^[^\S\n]*namespace\s+([\w\\]+)\s*;", re.MULTILINE)
_ALIASES = lazy(
    r"\bclass_alias\s*\(|\bspl_autoload_register\b|\beval\s*\(|\b(?:require|include)(?:_once)?\b[^;\n]{0,200}?\.php"
)
"""What brings classes that stand in no file of the namespace."""


def undefined_names(source: Source, formerly: frozenset[str]) -> list[Undefined]:
    """The classes used without an import, as far as the namespace's folders can tell."""
    namespace = _NAMESPACE.search(source.text)
    if namespace is None or _ALIASES.search(source.text):
        return []
    assert source.tree is not None
    known = {name.lower() for name, _ in imports_of(source)} | {name.lower() for name in DECLARES.findall(source.text)}
    here = source.surroundings
    around = here.ask(classes_of, namespace[1]) if here is not None else None
    found = []
    for name, nodes in _uses(source.tree.root_node).items():
        if name.lower() in known or name.lower() in _OWN or name.lower() in (around or ()):
            continue
        own = here is not None and here.ask(provides, name)
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
    if parent.type == "class_constant_access_expression" and text_of(parent).lower().endswith("::class"):
        return False  # a name, for which no class needs to be there
    if parent.type == "named_type" and _is_caught(parent):
        return False  # what is not there is never thrown
    if parent.type == "binary_expression":
        operator = parent.child_by_field_name("operator")
        return operator is not None and operator.text == b"instanceof" and not is_first(node, parent)
    if parent.type in ("base_clause", "class_interface_clause", "use_declaration"):
        return True
    return parent.type in _USING and is_first(node, parent)


def _is_caught(kind: Node) -> bool:
    """Whether a type is that of a ``catch``."""
    up = kind.parent
    return up is not None and up.type in ("type_list", "catch_clause")


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
