"""Well-known classes that a Scala text uses without importing them.

Anything may come from a wildcard import, an enclosing package, a supertype or an
object's members, so a text with a wildcard is left alone, and only classes are
judged that everybody knows and that no file beside declares. With the version
before at hand, every import that was dropped.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicheck_checks.analysis.names.undefined import Undefined
from aicheck_checks.finding import Edit, Fix
from aicheck_checks.languages.tree import inside, is_first, text_of
from aicheck_checks.patterns import lazy
from aicheck_checks.surroundings.scala import DECLARES, provides

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from aicheck_checks.source import Source

LIBRARY = {
    "java.io": "IOException InputStream OutputStream PrintWriter FileInputStream FileOutputStream",
    "java.net": "URI URL",
    "java.nio.charset": "StandardCharsets",
    "java.nio.file": "Files Paths",
    "java.time": "Instant LocalDate LocalDateTime ZonedDateTime",
    "java.util": "UUID",
    "java.util.concurrent": "ConcurrentHashMap CountDownLatch Executors TimeUnit",
    "java.util.concurrent.atomic": "AtomicBoolean AtomicInteger AtomicLong AtomicReference",
    "scala.collection": "mutable",
    "scala.collection.mutable": "ArrayBuffer ListBuffer",
    "scala.concurrent": "Await ExecutionContext Future Promise",
    "scala.concurrent.duration": "Duration FiniteDuration",
    "scala.util": "Failure Random Success Try",
    "scala.util.control": "NonFatal",
    "scala.util.matching": "Regex",
}
"""Well-known classes by package (https://www.scala-lang.org/api, java.base's)."""
_OWNERS = {name: package for package, names in LIBRARY.items() for name in names.split()}
_OFTEN_INHERITED = frozenset("Duration Failure Future Promise Random Regex Success Try".split())
"""Names that libraries' traits bring to what extends them (those of parsers, of effects, of tests)."""
_EXTENDS = lazy(r"\b(?:extends|with)\s+(\w+)|\bself\s*:\s*(\w+)")
_WILDCARD = lazy(r"^[^\S\n]*import\b.*(?:[._{,]\s*[_*]|\bgiven)\s*(?:}|,|$|//|;)", re.MULTILINE)
_PACKAGE = lazy(r"^[^\S\n]*package\s+([\w.]+)", re.MULTILINE)
_MARK = lazy(r"[,{}]")
_USING = ("generic_type", "instance_expression", "field_expression", "call_expression", "stable_type_identifier")


def undefined_names(source: Source, formerly: frozenset[str]) -> list[Undefined]:
    """The well-known classes, and those imported before, that nothing brings."""
    clauses = _PACKAGE.findall(source.text)  # each stands inside the one above
    package = ".".join(clauses) + "."
    if _WILDCARD.search(source.text):
        return []
    declared = {name for names in DECLARES.findall(source.text) for name in names}
    own = declared | dict(imports_of(source)).keys()
    assert source.tree is not None
    foreign = any((a or b) not in declared for a, b in _EXTENDS.findall(source.text))
    found = []
    for name, nodes in _uses(source.tree.root_node, formerly).items():
        at_home = package.startswith(f"{_OWNERS.get(name, '-')}.")
        beside = source.surroundings is not None and source.surroundings.ask(provides, name)
        inherited = name in _OFTEN_INHERITED and name not in formerly and foreign
        if name in own or at_home or beside or inherited:
            continue
        start = source.char_offset(nodes[0].start_byte)
        likely = f"import {_OWNERS[name]}.{name}" if name in _OWNERS else None
        found.append(Undefined(name, start, start + len(name), len(nodes), likely=likely))
    return sorted(found, key=lambda u: u.start)


def _uses(root: Node, formerly: frozenset[str]) -> dict[str, list[Node]]:
    """Where well-known and formerly imported names stand for a class or an object."""
    used: dict[str, list[Node]] = {}
    stack = [root]
    while stack:
        node = stack.pop()
        if node.type in ("import_declaration", "package_identifier"):
            continue
        stack.extend(reversed(node.named_children))
        if node.type not in ("type_identifier", "identifier") or node.parent is None:
            continue
        name = text_of(node)
        first = is_first(node, node.parent)
        names = node.type == "type_identifier" and node.parent.type != "stable_type_identifier"
        if (name in _OWNERS or name in formerly) and (names or (first and node.parent.type in _USING)):
            used.setdefault(name, []).append(node)
    return used


def imports_of(source: Source) -> Iterator[tuple[str, str]]:
    """Each name that an import brings, those of inner blocks included."""
    assert source.tree is not None
    for node in inside(source.tree.root_node):
        if node.type == "import_declaration":
            for clause in _clauses(text_of(node)[len("import") :]):
                yield from _bound(clause.strip())


def _clauses(listing: str) -> list[str]:
    """The parts between commas, but for commas in braces."""
    parts, end, braced = [], len(listing), False
    for mark in reversed(list(_MARK.finditer(listing))):
        if mark[0] != ",":
            braced = mark[0] == "}"
        elif not braced:
            parts.append(listing[mark.end() : end])
            end = mark.start()
    return [listing[:end], *reversed(parts)]


def _bound(clause: str) -> Iterator[tuple[str, str]]:
    """``a.b.{C, D => E}`` brings C and E (Scala 3 writes ``D as E``)."""
    path, brace, selectors = clause.partition("{")
    if not brace:
        path, _, selectors = clause.rpartition(".")
    for selector in selectors.rstrip("} \n").split(","):
        name, _, alias = map(str.strip, re.sub(r"=>|\bas\b", "=", selector).partition("="))
        origin = f"{path.rstrip('. ')}.{name}"
        yield alias or name, f"import {origin}" if not alias else f"import {path.rstrip('. ')}.{{{name} => {alias}}}"


def insert_import(source: Source, statement: str) -> Fix:
    """Add above the first import, else below the package clause."""
    first = re.search(r"^import\b", source.text, re.MULTILINE)
    package = _PACKAGE.search(source.text)
    at = first.start() if first else package.end() if package else 0
    return Fix(f"add '{statement}'", (Edit(at, at, f"{statement}\n" if first else f"\n\n{statement}"),))
