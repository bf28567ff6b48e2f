"""Where Rust's `use` paths begin: the standard library, the crate, what Cargo.toml declares, a name in scope.

The Cargo Book, "Specifying Dependencies"; the Rust Reference, "Use declarations".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.analysis.imports.unresolved import Unresolved
from aicheck_checks.patterns import lazy
from aicheck_checks.surroundings.rust import crates_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from aicheck_checks.source import Source

_ROOTS = frozenset("std core alloc proc_macro test crate self super Self".split())
_DECLARED = lazy(r"\b(?:mod|enum|struct|trait|type|union|as|crate)\s+(?:r#)?(\w+)")
_MACRO = lazy(r"\bmacro_rules!|\binclude!\(")


def unresolved(source: Source) -> Iterator[Unresolved]:
    """Each `use` at the top level whose first name is in no scope."""
    crates = source.surroundings.ask(crates_of) if source.surroundings is not None else None
    if crates is None or source.tree is None or _MACRO.search(source.text):
        return
    local = set(_DECLARED.findall(source.text))
    uses = [n for n in source.tree.root_node.named_children if n.type == "use_declaration"]
    named = {name for node in uses for name in words(node)[1:]}
    for node in uses:
        path = words(node)
        root = path[0] if path else ""
        argument = node.child_by_field_name("argument")
        if argument is None or argument.type not in ("scoped_identifier", "scoped_use_list", "use_wildcard"):
            continue
        if root and root not in _ROOTS and root not in crates and root not in local and root not in named:
            start, end = source.char_offset(node.start_byte), source.char_offset(node.end_byte)
            message = f"no crate '{root}' in Cargo.toml, and nothing of that name in this file"
            yield Unresolved("unprovided", message, start, end, "warning", "medium")


def words(node: Node) -> list[str]:
    """The names in a `use`, in order."""
    found, stack = [], [node]
    while stack:
        inner = stack.pop()
        if inner.type in ("identifier", "crate", "self", "super", "metavariable") and inner.text:
            found.append(inner.text.decode("utf-8", "replace").removeprefix("r#"))
        stack.extend(reversed(inner.named_children))
    return found
