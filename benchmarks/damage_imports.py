"""Taking away an import whose name is used, in the languages whose imports are checked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from benchmarks.damage_any import nodes, parses, root_of

if TYPE_CHECKING:
    import random

    from tree_sitter import Node

    from aicheck_checks.languages import Language

IMPORTS = {
    "javascript": "import_statement", "typescript": "import_statement", "tsx": "import_statement",
    "go": "import_spec", "ruby": "call", "java": "import_declaration", "kotlin": "import", "csharp": "using_directive",
    "scala": "import_declaration", "c": "preproc_include", "cpp": "preproc_include", "rust": "use_declaration", "php": "namespace_use_declaration",
}  # fmt: skip
"""The node of an import statement."""
BROUGHT = {
    "c": {b"<stdio.h>": "printf fprintf FILE fopen snprintf", b"<stdlib.h>": "malloc free exit atoi", b"<string.h>": "strlen memcpy strcmp memset"},
    "cpp": {b"<vector>": "vector", b"<string>": "string", b"<memory>": "unique_ptr shared_ptr", b"<map>": "map",
            b"<iostream>": "cout cerr", b"<cstring>": "memcpy strlen", b"<algorithm>": "sort min max"},
    "csharp": {b"System.Collections.Generic": "List Dictionary IEnumerable HashSet", b"System.Text;": "StringBuilder Encoding",
               b"System.IO": "File Stream Path StreamReader", b"System;": "String Exception Console DateTime", b"System.Threading.Tasks": "Task"},
    "ruby": {b"json": "JSON", b"yaml": "YAML", b"set": "Set", b"date": "Date", b"fileutils": "FileUtils", b"pathname": "Pathname",
             b"stringio": "StringIO", b"net/http": "Net", b"logger": "Logger", b"tempfile": "Tempfile", b"erb": "ERB", b"uri": "URI"},
}  # fmt: skip
"""Imports that name a module, and of what they bring the best-known."""
_INNER = re.compile(r"^block$|body|declaration_list|compound")
_IDENTIFIER = re.compile(r"(?:^|_)identifier$|^name$|^package_identifier$|^constant$")


def _names(node: Node, language: Language) -> set[bytes]:
    """The names that an import brings, as far as they can be told from it alone."""
    text = node.text or b""
    if language.name in BROUGHT:
        return {
            name.encode() for path, names in BROUGHT[language.name].items() if path in text for name in names.split()
        }
    if language.name == "go":
        alias = node.child_by_field_name("name")
        last = re.sub(rb"^go-|\.v\d+$|-go$", b"", re.sub(rb"/v\d+$", b"", text.strip(b'"')).rpartition(b"/")[2])
        return {(alias.text or b"") if alias is not None else last} - {b"_", b"."}
    if b"*" in text or b" static " in text or text.startswith(b"pub"):  # re-exports need no use
        return set()
    found = [n.text or b"" for n in nodes(node) if n.child_count == 0 and _IDENTIFIER.search(n.type)]
    grouped = language.name in ("javascript", "typescript", "tsx") or b"{" in text
    return set(found) if grouped else set(found[-1:])


def _at_the_top(node: Node) -> bool:
    """Whether an import stands outside functions and nested modules."""
    while node.parent is not None:
        node = node.parent
        if _INNER.search(node.type):
            return False
    return True


def drop_import(text: str, language: Language, rng: random.Random) -> str | None:
    """Take away an import one of whose names is used."""
    data = text.encode()
    found = list(nodes(root_of(data, language)))
    imports = [n for n in found if n.type == IMPORTS[language.name] and _at_the_top(n)]
    if language.name == "ruby":
        imports = [n for n in imports if (n.text or b"").startswith(b"require ")]
    spans = [(n.start_byte, n.end_byte) for n in imports]
    used = {
        n.text for n in found
        if n.child_count == 0 and _IDENTIFIER.search(n.type) and n.type != "property_identifier"
        and n.type != "field_identifier" and not any(start <= n.start_byte < end for start, end in spans)
    }  # fmt: skip
    usable = [n for n in imports if _names(n, language) & used]
    if not usable:
        return None
    node = rng.choice(usable)
    end = data.find(b"\n", node.end_byte) + 1
    start = data.rfind(b"\n", 0, node.start_byte) + 1
    if b"\n" in data[node.end_byte : end - 1] or data[start : node.start_byte].strip():
        start, end = node.start_byte, node.end_byte
    result = (data[:start] + data[end:]).decode("utf-8", "replace")
    return result if parses(result, language) else None
