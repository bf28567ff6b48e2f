"""Well-known names of C and C++ that a text uses without including a header that brings them.

Which header brings which name comes from a compiler (`data/c_headers.txt`,
`data/cpp_headers.txt`). A header of the project is read, with all that it
includes; where one is not at hand, or a library's is included, or the text is a
header itself, it can't be told what else comes with it, and only headers that
the version before included are missed.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from aicheck_checks.analysis.names.undefined import Undefined
from aicheck_checks.finding import Edit, Fix
from aicheck_checks.languages.tree import inside, is_first, text_of
from aicheck_checks.patterns import lazy
from aicheck_checks.surroundings.c import INCLUDE, find_header, header_of, is_included_beside, read_header

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from aicheck_checks.source import Source

_HEADERS = (
    ".h", ".hh", ".hpp", ".hxx", ".h++", ".hp", ".cuh", ".inl", ".ipp", ".inc", ".tpp", ".tcc", ".txx", ".def", ".ixx",
)  # fmt: skip
_MAIN = lazy(r"^[^\S\n]*(?:int|void|auto)\s+main\s*\(", re.MULTILINE)
_NAMES = ("identifier", "type_identifier", "namespace_identifier", "primitive_type", "true", "false", "null")
_DECLARING = frozenset(
    """function_declarator pointer_declarator array_declarator init_declarator parameter_declaration declaration
    field_declaration preproc_def preproc_function_def preproc_params type_definition struct_specifier class_specifier
    enum_specifier union_specifier enumerator alias_declaration template_function using_declaration labeled_statement
    type_parameter_declaration optional_parameter_declaration reference_declarator goto_statement namespace_definition
    namespace_alias_definition
    structured_binding_declarator for_range_loop lambda_capture_initializer concept_definition
    preproc_defined preproc_ifdef""".split()
)
"""What makes a name the text's own, or only asks for it."""
_OPENS_STD = lazy(r"\busing\s+namespace\s+std\b")
_MAX_FILES = 100
_MAX_LOOKUPS = 1_000
_LONGEST = 200
"""Bytes of a qualified name that may be a well-known one."""


def undefined_names(source: Source, formerly: frozenset[str]) -> list[Undefined]:
    """The well-known names for which no header is included."""
    assert source.language is not None
    table = _table(source.language.name)
    included, told = _included(source)
    part = not included and not _MAIN.search(source.text)
    if (not told or part) and not formerly:
        return []
    assert source.tree is not None
    own, used = _names(source.tree.root_node, source.data)
    found = []
    for name, nodes in used.items():
        headers = table.get(name)
        if f"std::{name}" in table and (_is_called(nodes) or _OPENS_STD.search(source.text)):
            continue  # a function of C++ of the same name, which its arguments may choose
        if headers is None or name in own or included & {name, *headers} or (not told and name not in formerly):
            continue
        start = source.char_offset(nodes[0].start_byte)
        likely = f"#include <{_owner(headers)}>"
        found.append(Undefined(name, start, start + len(name), len(nodes), likely=likely))
    return sorted(found, key=lambda u: u.start) if not found or not _is_part(source) else []


@lru_cache(maxsize=2)
def _table(language: str) -> dict[str, list[str]]:
    text = (files("aicheck_checks") / "data" / f"{language}_headers.txt").read_text("utf-8")
    return {name: headers for name, *headers in map(str.split, text.splitlines())}


def _owner(headers: list[str]) -> str:
    """The header to include: in C++ a C header goes by its C++ name."""
    cpp = f"c{headers[0].removesuffix('.h')}"
    return cpp if cpp in headers else headers[0]


@lru_cache(maxsize=2)
def _standard(language: str) -> frozenset[str]:
    return frozenset(header for headers in _table(language).values() for header in headers)


def _is_part(source: Source) -> bool:
    """Whether a file beside includes this one, after headers of its own."""
    me = os.path.basename(source.path)
    return bool(me) and source.surroundings is not None and source.surroundings.ask(is_included_beside, me)


def _included(source: Source) -> tuple[set[str], bool]:
    """The standard headers that a text includes and all words of the project's headers; whether these are all."""
    assert source.language is not None
    standard = _standard(source.language.name)
    found: set[str] = set()
    told = not source.path.endswith(_HEADERS)
    around = source.surroundings
    texts = [(header_of(source.text), around.folder if around is not None else "")]
    seen: set[str] = set()
    asked: set[str] = set()
    while texts:
        text, folder = texts.pop()
        for angled, quoted in text.includes:
            if angled in standard:
                found.add(angled)
                continue
            asked.add(quoted)
            look = around is not None and quoted and len(asked) < _MAX_LOOKUPS
            path = around.disk.fact(find_header, folder, quoted) if around is not None and look else None
            if around is None or path is None or len(seen) > _MAX_FILES:
                told = False
            elif path not in seen:
                seen.add(path)
                inner = around.disk.fact(read_header, path)
                found |= inner.words
                texts.append((inner, os.path.dirname(path)))
    return found, told


def _names(root: Node, data: bytes) -> tuple[set[str], dict[str, list[Node]]]:
    """The names that a text makes its own, and those that it uses; standard ones with their `std::`."""
    own: set[str] = set()
    used: dict[str, list[Node]] = {}
    for node in inside(root):
        parent = node.parent
        if node.type == "qualified_identifier" and (parent is None or parent.type != "qualified_identifier"):
            path = data[node.start_byte : min(node.end_byte, node.start_byte + _LONGEST)].decode("utf-8", "replace")
            path = path.partition("<")[0].replace(" ", "")
            if path.startswith("std::"):
                parts = path.split("::", 3)
                if parent is not None and parent.type == "using_declaration":
                    own.add(parts[-1])
                for size in (2, max(min(len(parts), 3), 2)):
                    used.setdefault("::".join(parts[:size]), []).append(node)
        elif node.type == "field_identifier" and parent is not None and parent.type in _DECLARING:
            own.add(text_of(node))  # within its class, a method goes before what a header brings
        elif node.type in _NAMES and parent is not None:
            if parent.type in _DECLARING and not _is_type_of(node, parent):
                own.add(text_of(node))
            elif parent.type not in ("qualified_identifier", "field_expression", "template_type") and not _of_macro(
                node, parent
            ):
                used.setdefault(text_of(node), []).append(node)
    return own, {name: nodes[::-1] for name, nodes in used.items()}


def _is_called(nodes: list[Node]) -> bool:
    return all(node.parent is not None and node.parent.type == "call_expression" for node in nodes)


def _of_macro(node: Node, parent: Node) -> bool:
    """Whether a name is an argument of a macro, which may make another of it."""
    call = parent.parent
    called = call.child_by_field_name("function") if call is not None else None
    return parent.type == "argument_list" and called is not None and text_of(called).isupper()


def _is_type_of(node: Node, parent: Node) -> bool:
    if parent.type in ("array_declarator", "init_declarator"):
        return not is_first(node, parent)  # a size, a value
    kind = parent.child_by_field_name("type")
    return kind is not None and kind.id == node.id and parent.type != "type_parameter_declaration"


def imports_of(source: Source) -> Iterator[tuple[str, str]]:
    """Each well-known name that an included header is the owner of."""
    assert source.language is not None
    direct = {angled for angled, _ in INCLUDE.findall(source.text) if angled}
    for name, headers in _table(source.language.name).items():
        owner = next((header for header in headers if header in direct), None)
        if owner is not None:
            yield name, f"#include <{owner}>"


def insert_import(source: Source, statement: str) -> Fix:
    """Add above the first system header, else below the head's comment."""
    first = next((m for m in INCLUDE.finditer(source.text) if m[1]), None)
    at = first.start() if first else 0
    return Fix(f"add '{statement}'", (Edit(at, at, f"{statement}\n"),))
