"""The same function, method, class or binding is defined twice in one scope.

## Why it matters
An edit was applied twice, or the model wrote on after it had finished. Most languages forbid the second definition; in the others it
silently takes the place of the first.

## Instead
Remove the copy that is not meant.

## When it counts
Word for word the same, the second definition is a copy in any language. With another body it counts where the language forbids it: a
name bound twice in a block of JavaScript or TypeScript, a function or method of Go, PHP, Rust with the same name, one of Java, Kotlin,
C#, Swift with the same signature. What stands under conditions of a preprocessor or an attribute may be meant.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from aicheck_checks.analysis.history import name_and_body
from aicheck_checks.analysis.names.ecma import bound_by, declared
from aicheck_checks.finding import Found
from aicheck_checks.languages.tree import text_of
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from aicheck_checks.source import Source

MIN_BYTES = 60
"""Shorter twins (``def f(self): pass``) occur in honest code."""
MAX_DEPTH = 60
MAX_FOUND = 20
_ECMA = frozenset({"javascript", "typescript", "tsx"})
_BY_NAME = frozenset({"go", "php", "rust"})
_BY_SIGNATURE = frozenset({"java", "kotlin", "csharp", "swift"})
_CONDITIONS = lazy(
    rb"^[ \t]*#[ \t]*(?:if|else|elif)|#\[cfg|#!?\[cfg_attr|#\[(?!rustfmt\b|clippy\b|tokio\b)\w{1,60}::\w|//go:build|@available|@_spi|#if\b",
    re.MULTILINE,
)
_FUNCTIONS = frozenset({"function_declaration", "generator_function_declaration"})
_MAY_REPEAT = frozenset({"init", "_", "main", "constructor"})
_TWICE = frozenset(
    {
        "block",
        "impl_item",
        "foreign_mod_item",
        "namespace_definition",
        "extension",
        "interface_declaration",
        "module",
        "internal_module",
    }
)
"""Nodes of which a file may have any number with the same name; those of one name are one in TypeScript."""


def check(source: Source) -> Iterator[Found]:
    """The second of two definitions in the same scope; in Python where ruff says that it redefines."""
    redefined = {d.line for d in source.diagnostics or () if d.code == "F811"}
    python = source.language is not None and source.language.name == "python"
    if (python and not redefined) or source.is_bundled:
        return
    twins = (twin for twin in _twins(source) if not python or twin[1].start_point.row + 1 in redefined)
    for first, second, name in islice(twins, MAX_FOUND):
        yield _finding(source, first, second, name)


def _twins(source: Source) -> Iterator[tuple[Node, Node, str]]:
    """The definitions that stand in their scope a second time, each with the first one and its name."""
    assert source.tree is not None
    assert source.language is not None
    stack = [(source.tree.root_node, 0)]
    while stack:
        scope, depth = stack.pop()
        if depth < MAX_DEPTH:
            stack.extend((child, depth + 1) for child in reversed(scope.named_children) if child.named_child_count)
        seen: dict[tuple[object, ...], Node] = {}
        for child in scope.named_children if not scope.has_error else ():
            for key, label in (*_once(child, source.language.name), *_word_for_word(child)):
                first = seen.setdefault(key, child)
                if first is not child and not _is_conditional(source, first, child):
                    yield first, child, label
                    break


def _word_for_word(node: Node) -> Iterator[tuple[tuple[object, ...], str]]:
    """By its own words, if these define something."""
    text = node.text or b""
    name, body = name_and_body(node) if len(text) >= MIN_BYTES else (None, None)
    if name is not None and body is not None and node.type not in _TWICE and not node.type.endswith("_statement"):
        yield ("words", text), name


def _once(node: Node, language: str) -> Iterator[tuple[tuple[object, ...], str]]:
    """By what a definition may stand only once in its scope, and the name to show."""
    if node.type == "export_statement":
        node = node.child_by_field_name("declaration") or node
    if language in _ECMA:
        once = node.type == "class_declaration" or (
            node.type in _FUNCTIONS and node.child_by_field_name("body") is not None
        )
        names = [text_of(node.child_by_field_name("name"))] if once else []
        if node.type == "import_statement":
            names = sorted(
                {name for clause in node.named_children if clause.type == "import_clause" for name in bound_by(clause)}
            )
        if node.type == "lexical_declaration":
            names = sorted(declared(node))
        yield from ((("binding", name), name) for name in names)
        return
    name, body = name_and_body(node)
    if name is None or body is None or name in _MAY_REPEAT or node.type in _TWICE or not _is_function(node):
        return
    if language in _BY_NAME:
        receiver = _receiver(node.child_by_field_name("receiver"))
        yield ("function", receiver, name.lower() if language == "php" else name), name
    elif language in _BY_SIGNATURE:
        signature = (node.text or b"")[: body.start_byte - node.start_byte]
        yield ("signature", b"".join(signature.split())), name


def _is_function(node: Node) -> bool:
    return any(word in node.type for word in ("function", "method"))


def _receiver(node: Node | None) -> str:
    """The type of a receiver, without its name."""
    return text_of(node).strip("()").rpartition(" ")[2].lstrip("*").partition("[")[0] if node is not None else ""


def _is_conditional(source: Source, first: Node, second: Node) -> bool:
    """Whether conditions of a preprocessor, or attributes with some, stand round one of the two."""
    start = first.prev_sibling.start_byte if first.prev_sibling is not None else first.start_byte
    return _CONDITIONS.search(source.data, start, second.end_byte) is not None


def _finding(source: Source, first: Node, second: Node, name: str) -> Found:
    same = first.text == second.text
    how = ", word for word" if same else ""
    start = source.char_offset(second.start_byte)
    message = f"'{name}' is defined here a second time{how} (first on line {first.start_point.row + 1})"
    return Found(message, start, start + len(source.lines[second.start_point.row].strip()))


_TWIN = "def area(width, height):\n    result = width * height\n    return round(result, 2)\n"
_FUNCTION = "function area(width, height) {\n  const result = width * height;\n  return Math.round(result);\n}\n"

RULE = Rule(
    code="REP002",
    name="duplicate-definition",
    summary="the same definition stands twice",
    page=__doc__,
    check=check,
    needs=(
        "tree",
        "linter",
    ),
    when="parses",
    languages=("code",),
    good=(
        Case("import { a as _a } from 'x';\n\nexport function a() {\n  return _a();\n}\n", language="typescript"),
        Case(_TWIN),
        Case(_TWIN + "\n\n" + _TWIN.replace("2", "3")),
        Case("let a = 1;\n{\n  let a = 2;\n}\n", language="javascript"),
        Case("class A {\n  void f(int a) { g(a); }\n  void f(long a) { g(a); }\n}\n", language="java"),
        Case("func init() {\n\ta()\n}\n\nfunc init() {\n\tb()\n}\n", language="go"),
        Case("#if canImport(Darwin)\nimport Darwin\nfunc rest() {\n    a()\n}\n#elseif os(Windows)\nimport WinSDK\nfunc rest() {\n    b()\n}\n#endif\n", language="swift"),
        Case("#[rustversion::since(1.60)]\nfn f() -> u8 {\n    1\n}\n\n#[rustversion::before(1.60)]\nfn f() -> u8 {\n    2\n}\n", language="rust"),
        Case("#[maybe_async::sync_impl]\nfn f() -> u8 {\n    1\n}\n\n#[maybe_async::async_impl]\nasync fn f() -> u8 {\n    2\n}\n", language="rust"),
        Case("#[cfg(unix)]\nfn f() -> u8 {\n    1\n}\n\n#[cfg(windows)]\nfn f() -> u8 {\n    2\n}\n", language="rust"),
    ),
    bad=(
        Case("#[tokio::test]\nasync fn f() {\n    assert!(true);\n}\n\n#[tokio::test]\nasync fn f() {\n    assert!(false);\n}\n", line=7, says="'f'", language="rust"),
        Case(_TWIN + "\n\n" + _TWIN, line=6, says="'area'", symptom='the same function stands twice'),
        Case(_FUNCTION + "\n" + _FUNCTION, line=6, says="'area'", language="javascript"),
        Case("import { a } from 'x';\nimport { a, b } from 'x';\n\na(b);\n", line=2, says="'a'", language="typescript", symptom='the same import stands twice (TypeScript)'),
        Case("function f() {\n  const [a, b] = g();\n  const [b, c] = h();\n}\n", line=3, says="'b'", language="tsx"),
        Case("func (s *S) Get() int {\n\treturn 1\n}\n\nfunc (s *S) Get() int {\n\treturn 2\n}\n", line=5, says="'Get'", language="go"),
        Case("<?php\nclass A {\n  function f() { g(); }\n  function F() { h(); }\n}\n", line=4, says="'F'", language="php"),
        Case("class A {\n  int f(int a) { return 1; }\n  int f(int a) { return 2; }\n}\n", line=3, says="'f'", language="csharp"),
        Case("class A {\n    fun f(a: Int) {\n        g(a)\n    }\n    fun f(a: Int) {\n        h(a)\n    }\n}\n", line=5, language="kotlin"),
    ),
)  # fmt: skip
