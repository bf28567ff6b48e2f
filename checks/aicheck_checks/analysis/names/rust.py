"""Names that a Rust text uses without bringing them into scope.

Every module says itself what it uses, but for the prelude (The Rust Reference,
"Preludes"). Where a glob import may bring names that can't be read from the
crate, only those that the version before imported are judged. Macros' arguments are not looked into.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.analysis.imports.rust import words
from aicheck_checks.analysis.names.undefined import Undefined
from aicheck_checks.finding import Edit, Fix
from aicheck_checks.languages.tree import inside, text_of
from aicheck_checks.patterns import lazy
from aicheck_checks.surroundings.rust import brought, crates_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from aicheck_checks.source import Source

PRELUDE = frozenset(
    """Option Some None Result Ok Err Vec String Box ToString ToOwned Clone Copy Send Sync Sized Drop Fn FnMut FnOnce
    AsyncFn AsyncFnMut AsyncFnOnce Unpin Iterator IntoIterator Extend DoubleEndedIterator ExactSizeIterator Default
    PartialEq Eq PartialOrd Ord AsRef AsMut Into From TryFrom TryInto FromIterator Future IntoFuture Self Debug Hash
    self super crate std core alloc bool char str u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f16 f32 f64 f128
    drop size_of size_of_val align_of align_of_val main Rule test proc_macro""".split()
)
WELL_KNOWN = {
    name: path
    for path, names in {
        "std::borrow": "Cow", "std::cell": "RefCell Cell OnceCell", "std::cmp": "Ordering Reverse",
        "std::collections": "HashMap HashSet BTreeMap BTreeSet VecDeque BinaryHeap", "std::error": "Error",
        "std::ffi": "OsString OsStr CString CStr", "std::fs": "File OpenOptions", "std::io": "BufReader BufWriter",
        "std::marker": "PhantomData", "std::net": "SocketAddr TcpListener TcpStream IpAddr Ipv4Addr",
        "std::path": "Path PathBuf", "std::pin": "Pin", "std::process": "Command", "std::rc": "Rc",
        "std::str": "FromStr", "std::sync": "Arc Mutex RwLock OnceLock", "std::time": "Duration Instant SystemTime",
        "std::sync::atomic": "AtomicBool AtomicUsize AtomicU64",
        "std": "fs fmt io mem ptr env thread cmp iter fmt",
    }.items()
    for name in names.split()
}  # fmt: skip
"""Names of the standard library (https://doc.rust-lang.org/std/) that hardly mean anything else."""
_OPAQUE = lazy(r"\binclude(?!_str!|_bytes!)(?:_\w+)?!\s*[({\[]|^[^\S\n]*#!?\[macro_use|\bpaste!\s*[({]", re.MULTILINE)
_GENERATED = lazy(r"@generated|\bDO NOT EDIT\b|automatically generated")
_LONG_NAME = 8
"""Code points of a type's name that no other one ends with by chance."""
_HEAD = 1_000
"""Code points at the beginning of a file, where generators sign."""
_DERIVE = lazy(r"#\[derive\(([^()]*)\)\]", re.DOTALL)
_CODE = lazy(r"\b(?:fn|impl)\b")
_DECLARES = lazy(
    r"\b(?:struct|enum|union|trait|type|mod|fn|static|const|ref|as|macro_rules!)\s+(\w+)|(?<!\w)(\w++)\s*+(?:!\s*+)?\{"
)
_EXPRESSIONS = lazy(
    r"(?:debug_)?assert(?:_eq|_ne)?!|e?print(?:ln)?!|format!|vec!|write(?:ln)?!|panic!|matches!|todo!|dbg!|unreachable!"
)
_MAKES = lazy(r"[\w:]{1,200}!\s*[({\[]\s*[A-Z]\w{0,100}\s*[,;)}\]]")
"""A macro that is given a name which may not be there yet."""
_USES = lazy(r"\buse\s+([^;]++)(;?)")
_WORD = lazy(r"\w+")
_BINDING = frozenset(
    """function_item function_signature_item struct_item enum_item union_item trait_item type_item associated_type
    const_item static_item mod_item macro_definition enum_variant type_parameter const_parameter use_as_clause
    extern_crate_declaration""".split()
)
MAX_MODULES = 200
"""Modules in a text that are looked into: each may take in all names of the one around it."""
_DEEPEST = 100
"""Parts of a path that are told apart."""
_ITEM_LEVEL = frozenset({"source_file", "declaration_list"})


class _Scope(NamedTuple):
    """One module: the names in it, where names are used, and its inline modules."""

    items: set[str]
    types: set[str]
    """Structures declared here, of which derives may make others."""
    locals: set[str]
    paths: dict[str, list[Node]]
    """Types, and first parts of paths: only items bring those."""
    calls: dict[str, list[Node]]
    globs: list[list[str]]
    modules: list[Node]
    made: set[str]
    """Words of macros that may make items of longer names."""
    structs: dict[str, list[Node]]
    """Names before braces: types, or variants of an enum."""
    enums: list[list[str]]
    """Enums whose variants are all taken in."""
    makers: list[Node]
    """Macros in functions that may make items of any name."""


def undefined_names(source: Source, formerly: frozenset[str]) -> list[Undefined]:
    """Types, modules and functions that nothing in the text brings into scope."""
    assert source.tree is not None
    if (
        _OPAQUE.search(source.text) is not None
        or _GENERATED.search(source.text[:_HEAD])
        or source.path.endswith(".serde.rs")
    ):
        return []  # what is generated is often included by a file that has the names
    found: dict[str, list[Node]] = {}
    modules: list[tuple[Node, frozenset[str] | None]] = [(source.tree.root_node, frozenset())]
    crates = source.surroundings.ask(crates_of) if source.surroundings is not None else None
    for _ in range(MAX_MODULES):
        if not modules:
            break
        module, outer = modules.pop()
        scope = _scope(module)
        globs = dict.fromkeys(map(tuple, scope.globs))
        opaque = not all(_resolve(source, list(path), scope, outer) for path in globs) or bool(scope.makers)
        for name, nodes in _unbound(scope).items():
            crate = name in (crates or ()) or (crates is None and name[:1].islower() and name not in WELL_KNOWN)
            if name in formerly or not (opaque or (crate and name in scope.paths)):
                found.setdefault(name, []).extend(nodes)
        around = None if opaque else frozenset(scope.items)
        modules += [(inner, around) for inner in scope.modules]
    return sorted((_undefined(source, name, nodes) for name, nodes in found.items()), key=lambda u: u.start)


def _undefined(source: Source, name: str, nodes: list[Node]) -> Undefined:
    start = source.char_offset(nodes[0].start_byte)
    likely = f"use {WELL_KNOWN[name]}::{name};" if name in WELL_KNOWN else None
    return Undefined(name, start, start + len(name), len(nodes), likely=likely)


def _unbound(scope: _Scope) -> dict[str, list[Node]]:
    calls = {name: nodes for name, nodes in scope.calls.items() if name not in scope.locals}
    sizes = {len(name) for name in scope.types}
    structs = {} if scope.enums else scope.structs
    return {
        name: nodes
        for name, nodes in (calls | structs | scope.paths).items()
        if name not in scope.items
        and name not in PRELUDE
        and not _derived(name, scope.types, sizes)
        and not any(word in name for word in scope.made)
    }


def _resolve(source: Source, path: list[str], scope: _Scope, outer: frozenset[str] | None) -> bool:
    """Take in what a glob import may bring; whether that can be told.

    ``outer`` holds the names of the module around, empty at the top of the file,
    None where they can't be told.
    """
    inline = outer is None or len(outer) > 0
    if inline and path[:1] != ["crate"]:
        scope.items.update(outer or ())
        return path == ["super"] and outer is not None
    around = source.surroundings
    words_there = around.ask(brought, source.path, tuple(path)) if around is not None else None
    scope.items.update(words_there or ())
    return words_there is not None


def _derived(name: str, types: set[str], sizes: set[int]) -> bool:
    """A type that a derive or a mock makes of one that is declared here (`FooBuilder` of `Foo`), whose lengths are known."""
    if any(name.endswith(one) for one in types if len(one) >= _LONG_NAME):  # `ResolvedMetricConfig` of `MetricConfig`
        return True
    made = name.removeprefix("Mock")
    return any(made[:size] in types for size in sizes if size <= len(made))


def _scope(module: Node) -> _Scope:
    scope = _Scope(set(), set(), set(), {}, {}, [], [], set(), {}, [], [])
    stack = [module]
    while stack:
        node = stack.pop()
        if node.type == "use_declaration":
            _use(node, scope)
        elif node.type == "macro_invocation":
            _macro(node, scope)
        elif node.type == "macro_definition":
            scope.items.update(a or b for a, b in _DECLARES.findall(text_of(node)))
        elif node.type == "attribute_item":
            _derives(node, scope)
        elif node.type == "mod_item" and (body := node.child_by_field_name("body")) is not None:
            scope.items.add(_text(node.child_by_field_name("name") or node))
            scope.modules.append(body)
        elif node.type not in ("token_tree", "inner_attribute_item"):
            if node.type in ("identifier", "type_identifier"):
                _note(node, scope)
            stack.extend(reversed(node.named_children))
    return scope


def _use(node: Node, scope: _Scope) -> None:
    argument = node.child_by_field_name("argument")
    for name, path in _brings(argument, []) if argument is not None else ():
        if name != "*":
            scope.items.add(name)
        else:  # variants of an enum are no types and no modules
            (scope.enums if path and path[-1][:1].isupper() else scope.globs).append(path)


def _macro(node: Node, scope: _Scope) -> None:
    """What a macro call declares, and the paths in the arguments of those that take expressions."""
    text = text_of(node)
    if _item_level(node) and _CODE.search(text) is None:
        listed = _WORD.findall(text)
        scope.items.update(listed)
        scope.made.update(word for word in listed if word[:1].isupper() and len(word) > 3)
        return
    declared = {a or b for a, b in _DECLARES.findall(text)}
    scope.items.update(declared)
    if _item_level(node):
        scope.made.update(name for name in declared if name[:1].isupper() and len(name) > 2)
    scope.items.update(word for use, end in _USES.findall(text) if end for word in _WORD.findall(use))
    if _EXPRESSIONS.match(text) is None:
        if _is_statement(node) and _MAKES.match(text):
            scope.makers.append(node)
        return
    for inner in inside(node):
        follows = inner.next_sibling is not None and inner.next_sibling.type == "::"
        begins = inner.prev_sibling is None or inner.prev_sibling.type not in ("::", ".")
        if inner.type == "identifier" and follows and begins:
            scope.paths.setdefault(_text(inner), []).append(inner)


def _derives(attribute: Node, scope: _Scope) -> None:
    """The plain names in ``#[derive(...)]``, which need an import like any other."""
    text = text_of(attribute)
    listed = _DERIVE.match(text)
    if listed is None:
        scope.items.update(_WORD.findall(text))  # an attribute may name what it makes
        return
    plain = {name.strip() for name in listed[1].split(",") if name.strip().isidentifier()}
    for node in inside(attribute):
        if node.type == "identifier" and _text(node) in plain:
            scope.paths.setdefault(_text(node), []).append(node)


def _item_level(node: Node) -> bool:
    parent = node.parent
    if parent is not None and parent.type == "expression_statement":
        parent = parent.parent
    return parent is not None and parent.type in _ITEM_LEVEL


def _is_statement(node: Node) -> bool:
    """Whether a macro call is a statement of a function: what it makes is there for those after it."""
    return node.parent is not None and node.parent.type in ("expression_statement", "block")


def _note(node: Node, scope: _Scope) -> None:
    parent, name = node.parent, _text(node)
    if parent is None or name == "_":
        return
    if _names_item(node, parent):
        if not (parent.type.startswith("function") and parent.parent is not None and _is_method(parent.parent)):
            scope.items.add(name)
        if parent.type in ("struct_item", "enum_item", "union_item", "trait_item") and len(name) > 2:
            scope.types.add(name)
    elif parent.type in ("scoped_identifier", "scoped_type_identifier"):
        if _is_field(parent, "path", node):
            scope.paths.setdefault(name, []).append(node)
    elif node.type == "type_identifier":
        if parent.type != "type_binding" or not _is_field(parent, "name", node):
            braced = parent.type in ("struct_expression", "struct_pattern")
            (scope.structs if braced else scope.paths).setdefault(name, []).append(node)
    elif parent.type == "call_expression" and _is_field(parent, "function", node) and name[:1].islower():
        scope.calls.setdefault(name, []).append(node)
    else:
        scope.locals.add(name)


def _names_item(node: Node, parent: Node) -> bool:
    if parent.type in ("type_parameters", "constrained_type_parameter", "optional_type_parameter"):
        return True
    return parent.type in _BINDING and (_is_field(parent, "name", node) or _is_field(parent, "alias", node))


def _is_method(around: Node) -> bool:
    """Whether a list of declarations is that of an `impl` or a trait, whose functions are in no scope."""
    return around.parent is not None and around.parent.type in ("impl_item", "trait_item")


def _is_field(parent: Node, field: str, node: Node) -> bool:
    child = parent.child_by_field_name(field)
    return child is not None and child.id == node.id


def _brings(node: Node, path: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Each name that a use tree brings (``*`` for a glob), and the path before it."""
    stack = [(node, path)]
    while stack:
        node, path = stack.pop()
        if node.type in ("scoped_use_list", "scoped_identifier", "use_wildcard"):
            before = node.child_by_field_name("path") or (node.named_children[0] if node.named_children else None)
            here = (path + (words(before) if before is not None else []))[:_DEEPEST]
            last = node.child_by_field_name("list") or node.child_by_field_name("name")
            if node.type == "use_wildcard":
                yield "*", here
            elif last is not None:
                stack.append((last, here))
        elif node.type == "use_list":
            stack.extend((child, path) for child in reversed(node.named_children))
        elif node.type == "use_as_clause":
            alias = node.child_by_field_name("alias")
            yield (_text(alias) if alias is not None else ""), path
        elif node.type == "self":
            yield (path[-1] if path else "self"), path
        else:
            yield _text(node), path


def _text(node: Node) -> str:
    return text_of(node).removeprefix("r#")


def imports_of(source: Source) -> Iterator[tuple[str, str]]:
    """Each name that a `use` at the top level brings in."""
    assert source.tree is not None
    for node in source.tree.root_node.named_children:
        if node.type == "use_declaration":
            statement = " ".join(text_of(node).split())
            argument = node.child_by_field_name("argument")
            for name, _ in _brings(argument, []) if argument is not None else ():
                yield name, statement


def insert_import(source: Source, statement: str) -> Fix:
    """Add above the first `use`, else below the attributes and comments at the head."""
    assert source.tree is not None
    at = 0
    for node in source.tree.root_node.named_children:
        if node.type in ("inner_attribute_item", "line_comment", "block_comment"):
            at = source.offset(node.end_point.row + 2)
            continue
        if node.type == "use_declaration":
            at = source.char_offset(node.start_byte)
        break
    return Fix(f"add '{statement}'", (Edit(at, at, f"{statement}\n"),))
