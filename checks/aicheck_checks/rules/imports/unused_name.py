"""A Go file imports a package of the standard library, or declares a variable, that it does not use.

## Why it matters
The Go compiler refuses both ("imported and not used", "declared and not used", Go specification, "Import declarations" and
"Implementation restriction" of "Variable declarations"). Agents leave them behind when they take code away.

## Instead
Remove the import or the variable, or restore what used it.

## Known limits
The name of a package outside the standard library need not be the end of its path, so those are left out.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

from aicheck_checks.analysis.imports.unresolved import MAX_FOUND
from aicheck_checks.analysis.names.go import specs
from aicheck_checks.finding import Found
from aicheck_checks.languages.tree import of_types, text_of
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from aicheck_checks.source import Source

_PATH = lazy(r"[a-z]\w*(?:/[a-z]\w*)*")
_VERSION = lazy(r"v\d+")
_WORD = lazy(r"\w+")
_FUNCTIONS = frozenset({"function_declaration", "method_declaration"})
_DECLARES = frozenset({"short_var_declaration", "var_spec", "range_clause"})


def check(source: Source) -> Iterator[Found]:
    """Each import, then each variable that nothing uses."""
    if source.tree is None:
        return
    yield from islice(_imports(source, source.tree.root_node), MAX_FOUND)
    yield from islice(_variables(source, source.tree.root_node), MAX_FOUND)


def _imports(source: Source, root: Node) -> Iterator[Found]:
    named = {name: path for name, path in specs(root) if _is_standard(name, path)}
    if not named:
        return
    count = Counter(_WORD.findall(source.text))
    for name in sorted(name for name, path in named.items() if count[name] == path.split("/").count(name)):
        match = re.search(rf'"{re.escape(named[name])}"', source.text)
        if match is not None:
            yield Found(f"the package '{named[name]}' is imported and not used", match.start(), match.end(), name=name)


def _is_standard(name: str, path: str) -> bool:
    return (
        _PATH.fullmatch(path) is not None
        and path.rpartition("/")[2] == name
        and not _VERSION.fullmatch(name)
        and path != "C"
    )


def _variables(source: Source, root: Node) -> Iterator[Found]:
    for function in of_types(root, _FUNCTIONS):
        count = Counter(_WORD.findall(text_of(function)))
        declared: dict[str, Node] = {}
        for declaration in of_types(function, _DECLARES):
            left = declaration.child_by_field_name("left") if declaration.type != "var_spec" else None
            if declaration.type == "range_clause" and b":=" not in (declaration.text or b""):
                continue
            names = left.named_children if left is not None else declaration.children_by_field_name("name")
            declared |= {text_of(node): node for node in names if node.type == "identifier"}
        for name, node in declared.items():
            if name != "_" and count[name] == 1:
                start = source.char_offset(node.start_byte)
                yield Found(f"'{name}' is declared and not used", start, start + len(name), name=name)


_GOOD = 'package a\n\nimport (\n\t"fmt"\n\t_ "embed"\n\tstr "strings"\n)\n\nfunc f(a []int) {\n\tfor i, b := range a {\n\t\tfmt.Println(i, b)\n\t}\n}\n'

RULE = Rule(
    code="IMP009",
    name="unused-name",
    summary="an import or variable that Go's compiler refuses, for nothing uses it",
    page=__doc__,
    check=check,
    needs=("tree",),
    settles="turn",
    when="parses",
    languages=("go",),
    yields_to=("TRU", "ELI", "IMP002", "COR"),
    good=(
        Case(_GOOD, language="go"),
        Case("package a\n\nvar x = 1\n\nfunc f() {\n\tvar y int\n\t_ = y\n}\n", language="go"),
    ),
    bad=(
        Case(
            'package a\n\nimport "fmt"\n\nfunc f() int {\n\treturn 1\n}\n',
            line=3,
            says="'fmt'",
            language="go",
            symptom="imported and not used (Go)",
        ),
        Case(
            "package a\n\nfunc f(g func() (int, error)) int {\n\tn, err := g()\n\treturn n\n}\n",
            line=4,
            says="'err'",
            language="go",
            symptom="declared and not used (Go)",
        ),
    ),
)
