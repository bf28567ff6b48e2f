"""Types of .NET's own library that a C# text uses without their namespace.

A `using` brings a whole namespace, so only types that everybody knows are
judged. A project may bring namespaces to all its files: by `global using`, or by
`<ImplicitUsings>` for the commonest ones. Where the project is not at hand, a
file that names one of the commonest namespaces itself shows that it has to.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicheck_checks.analysis.names.undefined import Undefined
from aicheck_checks.finding import Edit, Fix
from aicheck_checks.languages.tree import inside, text_of
from aicheck_checks.patterns import lazy
from aicheck_checks.surroundings.csharp import DECLARES, IMPLICIT, LIBRARY, USING, project_of, types_beside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from aicheck_checks.source import Source

_GENERIC = frozenset(LIBRARY["System.Collections.Generic"].split()) | {"Func", "Lazy", "ValueTask"}
"""Types that a text means only if it gives them type arguments."""
_ATTRIBUTES = frozenset("DllImport StructLayout".split())
_OWNERS = {name: space for space, names in LIBRARY.items() for name in names.split()}
_NAMESPACE = lazy(r"^[ \t]*namespace\s+([\w.]+)", re.MULTILINE)
_PARAMETERS = lazy(r"\b(?:class|struct|interface|record)\s+\w+\s*<([^<>{]*)>")
_WORD = lazy(r"\w+")
_DEEPEST = max(space.count(".") + 1 for space in LIBRARY)


def undefined_names(source: Source, _formerly: frozenset[str]) -> list[Undefined]:
    """The well-known types whose namespace nothing opens."""
    opened = {space for _, _, alias, space in USING.findall(source.text) if not alias}
    opened |= {part for space in _NAMESPACE.findall(source.text) for part in _enclosing(space)}
    own = {alias for _, _, alias, _ in USING.findall(source.text)} | set(DECLARES.findall(source.text))
    own.update(name for names in _PARAMETERS.findall(source.text) for name in _WORD.findall(names))
    assert source.tree is not None
    uses = _uses(source.tree.root_node)
    missing = [name for name in uses if name not in own and _OWNERS[name] not in opened]
    if not missing:
        return []
    around = source.surroundings.ask(project_of) if source.surroundings is not None else None
    if around is not None:
        opened |= around.spaces
        own |= around.types
    else:
        own |= source.surroundings.ask(types_beside) if source.surroundings is not None else frozenset()
        opened |= frozenset() if opened & IMPLICIT else IMPLICIT
    found = []
    for name in missing:
        if name not in own and _OWNERS[name] not in opened:
            node = uses[name][0]
            start = source.char_offset(node.start_byte)
            statement = f"using {_OWNERS[name]};"
            found.append(Undefined(name, start, start + len(name), len(uses[name]), likely=statement))
    return sorted(found, key=lambda u: u.start)


def _enclosing(space: str) -> Iterator[str]:
    """A namespace and those round it, whose types need no `using`; well-known ones are not deep."""
    parts = space.split(".", _DEEPEST)[:_DEEPEST]
    return (".".join(parts[:size]) for size in range(1, len(parts) + 1))


def _uses(root: Node) -> dict[str, list[Node]]:
    """The well-known types that a text uses by their simple name, in the order of the text."""
    used: dict[str, list[Node]] = {}
    for node in inside(root):
        if node.type != "identifier" or node.parent is None:
            continue
        name = text_of(node)
        if name in _OWNERS and _names_type(node, node.parent, name):
            used.setdefault(name, []).append(node)
    return {name: nodes[::-1] for name, nodes in used.items()}


def _names_type(node: Node, parent: Node, name: str) -> bool:
    if name in _GENERIC or parent.type == "generic_name":
        outer = parent.parent
        qualified = outer is not None and outer.type in (
            "qualified_name",
            "member_access_expression",
            "alias_qualified_name",
        )
        return parent.type == "generic_name" and name in (*_GENERIC, "Task") and not qualified
    if parent.type == "attribute":
        return name in _ATTRIBUTES
    if parent.type == "base_list":
        return name != "Task"  # also a class of build tools
    if parent.type in ("object_creation_expression", "catch_declaration", "type_argument_list"):
        return True
    if parent.type in ("parameter", "variable_declaration", "method_declaration", "property_declaration"):
        kind = parent.child_by_field_name("type") or parent.child_by_field_name("returns")
        return kind is not None and kind.id == node.id
    return False


def imports_of(source: Source) -> Iterator[tuple[str, str]]:
    """Each well-known type of an opened namespace, and each alias."""
    for _, _, alias, space in USING.findall(source.text):
        if alias:
            yield alias, f"using {alias} = {space};"
        for name in LIBRARY.get(space, "").split():
            yield name, f"using {space};"


def insert_import(source: Source, statement: str) -> Fix:
    """Add above the first `using`, else at the top."""
    first = next((m for m in USING.finditer(source.text) if not m[1]), None)
    at = first.start() if first else 0
    return Fix(f"add '{statement}'", (Edit(at, at, f"{statement}\n"),))
