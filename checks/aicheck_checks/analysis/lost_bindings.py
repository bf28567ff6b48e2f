"""Names that a function gave a value in the version before, gives none now, and still reads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicheck_checks.languages.tree import text_of
from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from aicheck_checks.source import Source

_GO_BOUND = lazy(
    r"\b(\w{1,60}(?:, ?\w{1,60}){0,8}) ?:=|\b(?:var|const) (\w{1,60}(?:, ?\w{1,60}){0,8})|\bfunc ?(\([^()]{0,300}\))"
)
_GO_OUTER = lazy(r"^(?:var|const|func|type)[ \t]+(\w+)|^\t(\w+(?:, \w+)*)[ \t]+(?:=|[\w*\[.])", re.MULTILINE)
_GO_IMPORTED = lazy(r"^(?:import)?[ \t]+(?:\w+[ \t]+)?\"([^\"\n]+)\"", re.MULTILINE)
_WORD = lazy(r"\w+")
_GO_USE = lazy(
    r"(?<![\w.\"])(\w{1,60})(?!\w)(?=[.(\[]|[ \t\n]{0,9}(?:[)\],;!=<>+*/-]|$))(?![ \t\n]{0,9}:[^=])", re.MULTILINE
)
_PHP_USE = lazy(r"\$(\w{1,80})(?!\w)(->|::)?")
_PHP_READS = lazy(
    r"(?:\breturn |\becho |\bforeach ?\(|\b(?:count|implode|in_array|json_encode|strlen|array_(?:chunk|map|filter|values|keys|merge|unique|sum|column|slice))\([^()$;]{0,40})\Z"
)
"""What stands before a variable that is read, and can't be set by that."""
_PHP_SET = lazy(r"\$(\w{1,80}) ?=(?![=>])")
_PHP_BOUND = lazy(
    r"\$(\w{1,80}) ?(?:=(?![=>])|\?\?=|\+\+|--)|\bas (?:\$(\w{1,80}) ?=> ?)?&?\$(\w{1,80})|"
    r"\b(?:catch|function|fn|global|static|list|use)\b[^;{$\n]{0,200}\$(\w{1,80})|&\$(\w{1,80})"
)
_PHP_LIST = lazy(r"\[([^\[\]=;\n]{1,200})\] ?=(?![=>])")
_PHP_NAME = lazy(r"\$(\w{1,80})")


def lost_bindings(source: Source) -> Iterator[tuple[str, int]]:
    """Each lost name with the place (code points) where it is read first."""
    old, language = source.before, source.language
    if old is None or language is None or source.tree is None or old.tree is None:
        return
    finder = _FINDERS.get(language.name)
    changed = list(_changed(source, old)) if finder is not None else []
    if finder is not None and changed:
        yield from finder(source, changed)


def _changed(source: Source, old: Source) -> Iterator[tuple[Node, Node]]:
    """The functions that both versions have, as they are now and as they were, where that is not the same."""
    for name, definition in source.definitions.items():
        then = old.definitions.get(name)
        if then is not None and definition.kind == "function":
            now, was = _whole(definition.body), _whole(then.body)
            if now.text != was.text:
                yield now, was


def _whole(body: Node) -> Node:
    """The definition whose body this is."""
    return body.parent if body.parent is not None else body


def _in_ecma(source: Source, changed: Sequence[tuple[Node, Node]]) -> Iterator[tuple[str, int]]:
    from aicheck_checks.analysis.names.ecma import bindings, known_globals

    known = _outer(source) | known_globals()
    for now, was in changed:
        then, _ = bindings(was)
        bound, used = bindings(now)
        for name in sorted((then.keys() - bound.keys()) & used.keys() - known):
            yield name, source.char_offset(used[name][0].start_byte)


def _outer(source: Source) -> set[str]:
    """What a file's own statements bind, not inside its functions."""
    from aicheck_checks.analysis.names.ecma import bindings, declared

    assert source.tree is not None
    found: set[str] = set()
    for statement in source.tree.root_node.named_children:
        inner = statement.child_by_field_name("declaration") if statement.type == "export_statement" else statement
        inner = inner or statement
        name = inner.child_by_field_name("name")
        if name is not None and inner.child_by_field_name("body") is not None:
            found.add(text_of(name))
        elif inner.type in ("lexical_declaration", "variable_declaration"):
            found |= declared(inner)
        elif inner.type != "expression_statement":
            found |= bindings(inner)[0].keys()
    return found


def _in_go(source: Source, changed: Sequence[tuple[Node, Node]]) -> Iterator[tuple[str, int]]:
    outer = {name.rpartition("/")[2] for name in _GO_IMPORTED.findall(source.text)}
    outer |= {name for group in _GO_OUTER.findall(source.text) for part in group for name in _WORD.findall(part)}
    for now, was in changed:
        text, base = text_of(now), source.char_offset(now.start_byte)
        lost = _go_bound(text_of(was)) - _go_bound(text) - outer - {"_"}
        for name, use in _first(_GO_USE, text, lost).items():
            if source.region(base + use.start()) == "code":
                yield name, base + use.start()


def _go_bound(text: str) -> set[str]:
    head = text.partition("{")[0]
    return set(_WORD.findall(head)) | {
        name for group in _GO_BOUND.findall(text) for part in group for name in _WORD.findall(part)
    }


def _in_php(source: Source, changed: Sequence[tuple[Node, Node]]) -> Iterator[tuple[str, int]]:
    for now, was in changed:
        text, base = text_of(now), source.char_offset(now.start_byte)
        bound = {name for group in _PHP_BOUND.findall(text) for name in group if name}
        bound |= set(_PHP_NAME.findall(" ".join([text.partition("{")[0], *_PHP_LIST.findall(text)])))
        lost = set(_PHP_SET.findall(text_of(was))) - bound - {"this"}
        for name, use in _first(_PHP_USE, text, lost).items():
            read = use[2] or _PHP_READS.search(text[max(use.start() - 80, 0) : use.start()])
            if read and source.region(base + use.start()) == "code":
                yield name, base + use.start()


def _first(pattern: re.Pattern[str], text: str, names: set[str]) -> dict[str, re.Match[str]]:
    """Where each of some names is used first."""
    found: dict[str, re.Match[str]] = {}
    for match in pattern.finditer(text) if names else ():
        if match[1] in names:
            found.setdefault(match[1], match)
    return found


_FINDERS = {"javascript": _in_ecma, "typescript": _in_ecma, "tsx": _in_ecma, "go": _in_go, "php": _in_php}
