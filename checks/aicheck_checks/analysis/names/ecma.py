"""Names that a JavaScript or TypeScript module uses without defining or importing them.

Only modules can say so: a classic script shares its names with every other
script of the page. A name counts as defined in the whole function that binds it;
blocks are not told apart, which can only hide a finding. Known globals (browsers,
Node, workers, test runners, TypeScript's own libraries) are in
`data/ecma_globals.txt`.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.analysis.names.undefined import Undefined
from aicheck_checks.finding import Edit, Fix
from aicheck_checks.languages.tree import text_of
from aicheck_checks.patterns import lazy
from aicheck_checks.surroundings.ambient import provides, writes_imports

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from aicheck_checks.source import Source

_NAMES = frozenset({"identifier", "type_identifier", "shorthand_property_identifier"})
_BINDS_ALL = frozenset(
    """import_clause import_specifier namespace_import import_require_clause import_alias formal_parameters rest_pattern
    object_pattern array_pattern catch_clause type_parameter infer_type index_signature namespace_export required_parameter
    optional_parameter type_predicate asserts""".split()
)
"""Nodes whose own identifiers are names being bound (or, in predicates, parameters named again)."""
_ENUM = ("enum_body", "enum_assignment")
"""Where members of an enumeration stand, which those after them may name."""
_BINDS_FIELD = {
    "variable_declarator": "name", "function_declaration": "name", "function_expression": "name",
    "generator_function_declaration": "name", "generator_function": "name", "function_signature": "name",
    "class_declaration": "name", "class": "name", "abstract_class_declaration": "name", "enum_declaration": "name",
    "interface_declaration": "name", "type_alias_declaration": "name", "module": "name", "internal_module": "name",
    "mapped_type_clause": "name",
    "assignment_pattern": "left", "object_assignment_pattern": "left", "for_in_statement": "left",
    "assignment_expression": "left", "augmented_assignment_expression": "left", "pair_pattern": "value",
    "arrow_function": "parameter",
}  # fmt: skip
"""Nodes that bind the identifier in this field; an assignment to a bare name makes a global of it."""
_FUNCTIONS = frozenset(
    """function_declaration function_expression generator_function_declaration generator_function arrow_function
    method_definition function_signature method_signature abstract_method_signature function_type constructor_type
    call_signature construct_signature""".split()
)
"""Nodes whose inside keeps the names that it binds to itself."""
_ASSIGNS = frozenset({"assignment_expression", "augmented_assignment_expression"})
"""They bind for the whole file what no function declares."""
_MODULE = lazy(r"^[^\S\n]*(?:import\b(?!\s*\()|export\b)|\brequire\(|\bmodule\.exports\b|^exports\.", re.MULTILINE)
_DECLARED_GLOBALS = lazy(r"/\*\s*(?:globals?|exported)\s([^*]*+)\*/")
_UNKNOWABLE = lazy(
    r"eslint-disable\s++(?:(?:(?!eslint-disable\s)[\w/, -])*?\bno-undef|\*/)|\bwith\s*\(|\beval\(|\bnew Function\(|@ts-nocheck|@flow\b|declare global\b"
)
_KEYWORDS = frozenset(
    """await async yield of let get set static as type from asserts is keyof satisfies accessor unique
    number string boolean any unknown never void bigint symbol object""".split()
)
"""Words that are names only where the grammar does not see that they are not."""
WELL_KNOWN = {
    name: module
    for module, names in {
        "react": "useState useEffect useMemo useCallback useRef useContext useReducer useLayoutEffect createContext "
        "forwardRef Fragment Suspense useId useTransition",
        "react-dom/client": "createRoot",
        "vue": "ref computed reactive watch watchEffect onMounted onUnmounted nextTick defineComponent",
        "node:fs": "readFileSync writeFileSync existsSync mkdirSync readdirSync statSync",
        "node:path": "basename dirname",
        "node:url": "fileURLToPath pathToFileURL",
        "node:child_process": "execSync spawn spawnSync execFileSync",
        "rxjs": "Observable Subject BehaviorSubject ReplaySubject",
        "@angular/core": "Injectable NgModule OnInit EventEmitter",
        "@testing-library/react": "renderHook screen",
    }.items()
    for name in names.split()
}
_GLOBALS_IMPORTED = lazy(
    r"^[^\S\n]*import[^\S\n]+[\"'][^\"'\n]*(?:globals?|register|polyfills?|setup|shim)[^\"'\n]*[\"']|^///[^\S\n]*<reference[^\S\n]+(?:path|types)",
    re.MULTILINE,
)
"""What brings names from elsewhere to all of a file."""
_GIVEN = {
    ".github/": frozenset("github context core glob io exec".split()),
    "/workflows/": frozenset("agent parallel pipeline phase log args budget workflow".split()),
}
"""What whoever runs the scripts of a folder gives them: the action `github-script`, and Claude Code's workflows."""
_SILENCED = lazy(r"@ts-(?:ignore|expect-error)\b")
_OWN_FILES = (".", "~", "@/", "#", "src/")
"""How the names of a project's own files begin."""
_WRITTEN_FOR_ALL = lazy(
    r"[\"'](?:vue|vue-router|vue-i18n|vitest|pinia|h3|ufo|ofetch|react|@vueuse/[\w-]+|nuxt/[\w-]+|nitropack/[\w/-]+|wxt/[\w/-]+)[\"']$"
)
"""Packages whose names a build step imports."""
_NODE_MODULES = frozenset("fs path os util crypto http https url child_process assert zlib stream readline net".split())


@lru_cache(maxsize=1)
def known_globals() -> frozenset[str]:
    """The names that any module may use."""
    path = os.path.join(os.path.dirname(__file__), "..", "..", "data", "ecma_globals.txt")
    with open(path, encoding="utf-8") as file:
        return frozenset(file.read().split())


def undefined_names(source: Source, formerly: frozenset[str]) -> list[Undefined]:
    """The names used and never bound, of a module whose globals can be known."""
    text = source.text
    if not _MODULE.search(text) or _UNKNOWABLE.search(text) or source.is_bundled:
        return []  # a bundler has globals of its own
    assert source.tree is not None
    bound, used = bindings(source.tree.root_node)
    unbound = ((name, _outside(nodes, bound.get(name, ()))) for name, nodes in used.items())
    declared = {name for listing in _DECLARED_GLOBALS.findall(text) for name in re.findall(r"[\w$]+", listing)}
    known = declared | known_globals()
    sure = formerly - _written(source)
    found = [
        _undefined(source, name, nodes, elsewhere=name in bound)
        for name, nodes in unbound
        if nodes
        and name not in known
        and name not in _KEYWORDS
        and not name.startswith(("$", "_"))
        and not _optional(name, nodes)
        and not all(_silenced(source, node) for node in nodes)
        and (name in sure or not _elsewhere(source, name))
    ]
    return sorted(found, key=lambda u: u.start)


def _elsewhere(source: Source, name: str) -> bool:
    """Whether a name may come from where the text does not say: Nuxt and others import what a component uses."""
    place = source.path.replace("\\", "/")
    if any(folder in place and name in given for folder, given in _GIVEN.items()):
        return True
    if source.path.endswith(".vue") or _GLOBALS_IMPORTED.search(source.text):
        return True
    return source.surroundings is not None and source.surroundings.ask(provides, name) is not False


def _written(source: Source) -> frozenset[str]:
    """The names of the version before that a build step goes on to import, though the text does not any more."""
    around = source.surroundings
    if source.before is None or around is None or not around.ask(writes_imports):
        return frozenset()
    found = ((name, statement.rpartition(" ")[2].strip(";")) for name, statement in imports_of(source.before))
    return frozenset(
        name for name, module in found if module[1:].startswith(_OWN_FILES) or _WRITTEN_FOR_ALL.match(module)
    )


def _undefined(source: Source, name: str, nodes: list[Node], *, elsewhere: bool) -> Undefined:
    start = source.char_offset(nodes[0].start_byte)
    likely = None if elsewhere else _likely(source, name, nodes)
    return Undefined(name, start, start + len(name), len(nodes), likely=likely, elsewhere=elsewhere)


def _outside(nodes: list[Node], scopes: Sequence[Scope]) -> list[Node]:
    """The uses of a name that lie in no function which binds it; of a name that is bound somewhere, only values."""
    if not scopes:
        return nodes
    return [
        node
        for node in nodes
        if node.type != "type_identifier" and not any(scope.start <= node.start_byte < scope.end for scope in scopes)
    ]


def _optional(name: str, nodes: list[Node]) -> bool:
    """Whether a build step defines the name, or the text asks whether it is there."""
    return name.isupper() or any(_tested(node) for node in nodes)


def _silenced(source: Source, node: Node) -> bool:
    """Whether the author says that the compiler knows nothing of a line: in one of the two lines above it."""
    row = node.start_point.row
    return any(_SILENCED.search(line) for line in source.lines[max(row - 2, 0) : row])


def _tested(node: Node) -> bool:
    """``typeof name`` is how a text asks whether a global is there."""
    parent = node.parent
    return parent is not None and parent.type == "unary_expression" and (parent.text or b"").startswith(b"typeof")


def _likely(source: Source, name: str, nodes: list[Node]) -> str | None:
    if name in WELL_KNOWN:
        return f"import {{ {name} }} from '{WELL_KNOWN[name]}'"
    if name == "React":
        return "import React from 'react'"
    member = all(n.parent is not None and n.parent.type == "member_expression" for n in nodes)
    if name in _NODE_MODULES and member:
        common = "require(" in source.text and not re.search(r"^[^\S\n]*import\b", source.text, re.MULTILINE)
        return f"const {name} = require('{name}')" if common else f"import {name} from 'node:{name}'"
    return None


class Scope(NamedTuple):
    """What a function takes up of a text, in bytes; the whole text for what stands in none."""

    start: int
    end: int


def bindings(root: Node) -> tuple[dict[str, list[Scope]], dict[str, list[Node]]]:
    """The names that are bound, each with where, and the nodes where names are used."""
    augments = b"declare module" in (root.text or b"")
    bound: dict[str, list[Scope]] = {}
    used: dict[str, list[Node]] = {}
    whole = Scope(root.start_byte, root.end_byte)
    stack = [(root, whole)]
    while stack:
        node, scope = stack.pop()
        if node.type == "shorthand_property_identifier_pattern" or (
            node.type == "property_identifier" and node.parent is not None and node.parent.type in _ENUM
        ):
            bound.setdefault(text_of(node), []).append(scope)
        elif node.type in _NAMES:
            if _binds(node):
                bound.setdefault(text_of(node), []).append(whole if _for_all(node) else scope)
            elif _refers(node) and not (augments and _augments(node)):
                used.setdefault(text_of(node), []).append(node)
        elif node.type == "nested_identifier" and node.parent is not None and "module" in node.parent.type:
            bound.setdefault(text_of(node).partition(".")[0], []).append(scope)
        inner = Scope(node.start_byte, node.end_byte) if node.type in _FUNCTIONS else scope
        name = node.child_by_field_name("name") if inner is not scope else None
        stack.extend(
            (child, scope if name is not None and child.id == name.id else inner)
            for child in reversed(node.named_children)
        )
    return bound, used


def _for_all(node: Node) -> bool:
    """Whether a name is bound without a declaration, by an assignment or a loop: then it is the whole program's."""
    parent = node.parent
    assert parent is not None
    return parent.type in _ASSIGNS or (parent.type == "for_in_statement" and parent.child_by_field_name("kind") is None)


def bound_by(clause: Node) -> set[str]:
    """The names that a part of an import brings, under which the file knows them."""
    return {name for name, _ in _clause(clause, "")}


def declared(declaration: Node) -> set[str]:
    """The names that a declaration of variables binds itself, not inside the values that it gives them."""
    targets = (declarator.child_by_field_name("name") for declarator in declaration.named_children)
    return {name for target in targets if target is not None for name in bindings(target)[0]}


def _binds(node: Node) -> bool:
    parent = node.parent
    if parent is None:
        return False
    if parent.type in _BINDS_ALL:
        return True
    field = _BINDS_FIELD.get(parent.type)
    target = parent.child_by_field_name(field) if field is not None else None
    return target is not None and target.id == node.id


def _refers(node: Node) -> bool:
    """Whether an identifier that binds nothing is a use of a name."""
    parent = node.parent
    if parent is None:
        return False
    if parent.type == "export_specifier":
        statement = parent.parent.parent if parent.parent is not None else None
        alias = parent.child_by_field_name("alias")
        elsewhere = statement is not None and statement.child_by_field_name("source") is not None
        return not elsewhere and (alias is None or alias.id != node.id)
    if parent.type.startswith("jsx_"):
        return text_of(node)[:1].isupper() or not parent.type.endswith("_element")
    if parent.type in ("nested_type_identifier", "nested_identifier"):
        return node.type == "identifier" and not (node.text == b"React" and _in_type(parent))
    return parent.type not in ("break_statement", "continue_statement", "labeled_statement", "meta_property")


def _in_type(node: Node) -> bool:
    """Whether a dotted name is a type: React's are there for all once they are installed."""
    while node.parent is not None and node.type == "nested_identifier":
        node = node.parent
    return node.type == "nested_type_identifier"


def _augments(node: Node) -> bool:
    """Whether a name stands in ``declare module "x"``, which sees what that module has."""
    up = node.parent
    while up is not None:
        if up.type == "module" and (name := up.child_by_field_name("name")) is not None and name.type == "string":
            return True
        up = up.parent
    return False


def imports_of(source: Source) -> Iterator[tuple[str, str]]:
    """Each name that an import or a require binds, with the statement that would bind it alone."""
    assert source.tree is not None
    for statement in source.tree.root_node.named_children:
        module = statement.child_by_field_name("source")
        if statement.type == "import_statement" and module is not None:
            for clause in statement.named_children:
                if clause.type == "import_clause":
                    yield from _clause(clause, text_of(module))
        for declarator in statement.named_children:
            value = declarator.child_by_field_name("value") if declarator.type == "variable_declarator" else None
            if value is not None and text_of(value).startswith("require("):
                name = declarator.child_by_field_name("name")
                names = (
                    [name] if name is not None and name.type == "identifier" else (name.named_children if name else [])
                )
                for one in names:
                    shown = text_of(one) if name is one else f"{{ {text_of(one)} }}"
                    yield text_of(one).rpartition(":")[2].strip(), f"const {shown} = {text_of(value)}"


def _clause(clause: Node, module: str) -> Iterator[tuple[str, str]]:
    for part in clause.named_children:
        if part.type == "identifier":
            yield text_of(part), f"import {text_of(part)} from {module}"
        elif part.type == "namespace_import":
            yield text_of(part).rpartition(" ")[2], f"import {text_of(part)} from {module}"
        else:
            for specifier in part.named_children:
                name = specifier.child_by_field_name("alias") or specifier.child_by_field_name("name")
                if name is not None:
                    yield text_of(name), f"import {{ {text_of(specifier)} }} from {module}"


def insert_import(source: Source, statement: str) -> Fix:
    """Add above the first import, else below leading comments and directives."""
    at = 0
    assert source.tree is not None
    for child in source.tree.root_node.named_children:
        directive = child.type == "expression_statement" and text_of(child)[:1] in "'\""
        if child.type not in ("comment", "hash_bang_line") and not directive:
            at = source.char_offset(child.start_byte)
            break
    end = ";" if ";" in source.text else ""
    return Fix(f"add '{statement}'", (Edit(at, at, f"{statement}{end}\n"),))
