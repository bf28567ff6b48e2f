"""Packages that a Go text uses without importing them.

In ``x.Name`` the qualifier is a package unless something of that name is in
scope, also in another file of the same package. In a type (``http.Client``) it
can only be a package. So a qualifier is missing its import if it stands in a
type, if it is a package of the standard library that nobody names a variable
after, or if the other files of the package are at hand and do not define it.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from aicheck_checks.analysis.names.undefined import Undefined
from aicheck_checks.finding import Edit, Fix
from aicheck_checks.languages import language_of
from aicheck_checks.languages.tree import sorted_captures, text_of
from aicheck_checks.surroundings.go import declared_beside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node, Query

    from aicheck_checks.source import Source

STANDARD = {
    path.rpartition("/")[2]: path
    for path in """archive/tar archive/zip bufio bytes compress/gzip compress/zlib container/heap context crypto/ecdsa
    crypto/hmac crypto/md5 crypto/rsa crypto/sha1 crypto/sha256 crypto/sha512 crypto/tls crypto/x509 database/sql embed
    encoding/base64 encoding/binary encoding/csv encoding/hex encoding/json encoding/xml errors expvar fmt hash/crc32
    hash/fnv html/template io io/fs io/ioutil log/slog maps math math/big math/bits mime net/http net/http/httptest
    net/http/httputil net/mail net/netip net/smtp net/textproto os os/exec os/signal path/filepath reflect regexp
    runtime runtime/debug slices sort strconv strings sync sync/atomic syscall testing text/tabwriter time unicode
    unicode/utf8 unsafe""".split()
}
"""Packages of the standard library (https://pkg.go.dev/std) whose names are hardly used for variables."""
BUILT_IN = frozenset(
    """append cap clear close complex copy delete imag len make max min new panic print println real recover any bool byte comparable
    complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune string uint uint8 uint16 uint32 uint64 uintptr init""".split()
)
"""The Go Programming Language Specification, "Predeclared identifiers"."""
_LOG_MEMBERS = frozenset("Fatal Fatalf Fatalln Panic Panicf Panicln Print Printf Println SetFlags SetOutput".split())
_DECLARING = (
    "short_var_declaration", "var_spec", "const_spec", "type_spec", "import_spec", "type_alias", "function_declaration",
    "method_declaration", "parameter_declaration", "variadic_parameter_declaration", "type_parameter_declaration",
    "range_clause", "type_switch_statement", "receive_statement", "labeled_statement", "func_literal",
)  # fmt: skip
_PATH_NOISE = re.compile(r"^go-|^go\.|[-.]go$|\.v\d+$")


def undefined_names(source: Source, formerly: frozenset[str]) -> list[Undefined]:
    """The packages used without an import."""
    assert source.tree is not None
    imports = list(specs(source.tree.root_node))
    if any(name in (".", "C") for name, _ in imports):
        return []
    qualifiers = list(_qualifiers(source.tree.root_node))
    named = {text_of(node) for node, _, _ in qualifiers}
    # Go refuses unused imports: one whose name is not used is used under a name that its path does not tell.
    unplaced = [(name, path) for name, path in imports if not {name, _plain(name)} & named]
    known = {name for name, _ in imports} | {_plain(name) for name, _ in imports} | _segments(unplaced)
    declared = _declared(source.tree.root_node)
    uses: dict[str, list[Node]] = {}
    certain: set[str] = set()
    for node, member, in_type in qualifiers:
        name = text_of(node)
        if name in known or (name in declared and not in_type) or not member[:1].isupper():
            continue
        uses.setdefault(name, []).append(node)
        if in_type or name in STANDARD or name in formerly or (name == "log" and member in _LOG_MEMBERS):
            certain.add(name)
    calls = {
        name: nodes
        for name, nodes in _calls(source.tree.root_node).items()
        if name[:1].islower() and name not in declared and name not in BUILT_IN and name not in known
    }
    around = source.surroundings if uses or calls else None
    package = around.ask(declared_beside, os.path.basename(source.path)) if around is not None else None
    found = [
        _undefined(source, name, nodes)
        for name, nodes in uses.items()
        if (name in certain or package is not None) and name not in (package or ())
    ]
    if package is not None:  # a function of this package that none of its files has
        found += [_undefined(source, name, nodes) for name, nodes in calls.items() if name not in package]
    return sorted(found, key=lambda u: u.start)


def _calls(root: Node) -> dict[str, list[Node]]:
    """Where each name is called that has no qualifier."""
    found: dict[str, list[Node]] = {}
    for node in _found(_queries()[2], root, "c"):
        found.setdefault(text_of(node), []).append(node)
    return found


def _undefined(source: Source, name: str, nodes: list[Node]) -> Undefined:
    start = source.char_offset(nodes[0].start_byte)
    path = "log" if name == "log" else STANDARD.get(name)
    return Undefined(name, start, start + len(name), len(nodes), likely=f'import "{path}"' if path else None)


def imports_of(source: Source) -> Iterator[tuple[str, str]]:
    """Each package name with its import."""
    assert source.tree is not None
    for name, path in specs(source.tree.root_node):
        alias = f"{name} " if name != _last(path) else ""
        yield name, f'import {alias}"{path}"'


def insert_import(source: Source, statement: str) -> Fix:
    """Add to the import block, or make one below the package clause."""
    spec = statement.removeprefix("import ")
    assert source.tree is not None
    at, text = 0, f"{statement}\n"
    for child in source.tree.root_node.named_children:
        if child.type == "package_clause":
            at, text = source.char_offset(child.end_byte), f"\n\n{statement}"
        elif child.type == "import_declaration":
            block = next((c for c in child.named_children if c.type == "import_spec_list"), None)
            if block is not None:
                at, text = source.char_offset(block.start_byte) + 1, f"\n\t{spec}"
            else:
                at, text = source.char_offset(child.start_byte), f"{statement}\n"
            break
    return Fix(f"add '{statement}'", (Edit(at, at, text),))


def specs(root: Node) -> Iterator[tuple[str, str]]:
    """Each import's name in the file and its path."""
    for declaration in root.named_children:
        if declaration.type != "import_declaration":
            continue
        stack = list(declaration.named_children)
        while stack:
            node = stack.pop()
            if node.type != "import_spec":
                stack.extend(node.named_children)
                continue
            path_node, name_node = node.child_by_field_name("path"), node.child_by_field_name("name")
            path = ((path_node.text if path_node else None) or b"").decode("utf-8", "replace").strip('"`')
            name = ((name_node.text if name_node else None) or b"").decode("utf-8", "replace")
            yield name or _last(path), path


def _last(path: str) -> str:
    """The likely package name of a path: its last part that is not a version."""
    parts = [part for part in path.split("/") if not re.fullmatch(r"v\d+", part)]
    return parts[-1] if parts else path


def _plain(name: str) -> str:
    """``go-cmp`` and ``yaml.v3`` are packages ``cmp`` and ``yaml``."""
    return _PATH_NOISE.sub("", name).replace("-", "_")


def _segments(imports: list[tuple[str, str]]) -> set[str]:
    """A package may be named otherwise than its path's end: every part of the path excuses its name."""
    return {part for _, path in imports for part in re.split(r"[/.\-_]", path)} | {
        re.sub(r"[-.]", "", _last(path)) for _, path in imports
    }


@lru_cache(maxsize=1)
def _queries() -> tuple[Query, Query, Query]:
    """The nodes of ``x.Member``, those that declare names, and names that are called; a query finds them much faster than a walk."""
    go = language_of("a.go")
    assert go is not None
    declaring = " ".join(f"({kind}) @d" for kind in _DECLARING)
    return (
        go.query("(selector_expression operand: (identifier)) @q (qualified_type) @q"),
        go.query(declaring),
        go.query("(call_expression function: (identifier) @c)"),
    )


def _found(query: Query, root: Node, name: str) -> list[Node]:
    from tree_sitter import QueryCursor

    return sorted_captures(QueryCursor(query), root).get(name, [])


def _qualifiers(root: Node) -> Iterator[tuple[Node, str, bool]]:
    """Each ``x.Member``: the node of ``x``, the member, and whether it stands in a type."""
    for node in _found(_queries()[0], root, "q"):
        in_type = node.type == "qualified_type"
        base = node.child_by_field_name("package" if in_type else "operand")
        field = node.child_by_field_name("name" if in_type else "field")
        if base is not None and field is not None:
            yield base, text_of(field), in_type and not _may_be_index(node) and not _is_new(node)


def _is_new(node: Node) -> bool:
    """Whether a type is what `new` is given, which since Go 1.26 may be a value: `new(a.Float)`, `new(*a.Float)`."""
    while node.parent is not None and node.parent.type in ("pointer_type", "parenthesized_type"):
        node = node.parent
    before = node.parent.prev_sibling if node.parent is not None and node.parent.type == "argument_list" else None
    return before is not None and before.text == b"new"


def _may_be_index(node: Node) -> bool:
    """Whether a type stands in square brackets that only names tell from an index: `m[a.X][b.Y] = struct{}{}`."""
    while node.parent is not None and node.parent.type in ("type_elem", "type_arguments", "generic_type", "array_type"):
        node = node.parent
    return node.type in ("generic_type", "type_arguments") or (
        node.parent is not None and node.parent.type.startswith("type_inst")
    )


def _declared(root: Node) -> set[str]:
    """Every name that the text declares anywhere: scopes are not told apart, which can only hide a finding."""
    found: set[str] = set()
    for node in _found(_queries()[1], root, "d"):
        found |= _identifiers(node.child_by_field_name("left")) | _identifiers(node.child_by_field_name("alias"))
        if node.type != "short_var_declaration":
            found |= {
                text_of(child)
                for child in node.named_children
                if child.type in ("identifier", "type_identifier", "label_name")
            }
    return found


def _identifiers(node: Node | None) -> set[str]:
    if node is None:
        return set()
    nodes = [node] if node.type == "identifier" else node.named_children
    return {text_of(n) for n in nodes if n.type == "identifier"}
