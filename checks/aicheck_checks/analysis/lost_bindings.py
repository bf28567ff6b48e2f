"""Names that a function gave a value in the version before, gives none now, and still reads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicheck_checks.languages.tree import text_of
from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from aicheck_checks.source import Source

_GO_BOUND = lazy(
    r"\b(\w{1,60}(?:, ?\w{1,60}){0,8}) ?:=|\b(?:var|const) (\w{1,60}(?:, ?\w{1,60}){0,8})|\bfunc ?(\([^()]{0,300}\))"
)
_GO_OUTER = lazy(r"^(?:var|const|func|type)[ \t]+(\w+)|^\t(\w+(?:, \w+)*)[ \t]+(?:=|[\w*\[.])", re.MULTILINE)
_GO_IMPORTED = lazy(r"^(?:import)?[ \t]+(?:\w+[ \t]+)?\"([^\"\n]+)\"", re.MULTILINE)
_WORD = lazy(r"\w+")
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
    if finder is None:
        return
    for name, definition in source.definitions.items():
        then = old.definitions.get(name)
        if then is None or definition.kind != "function":
            continue
        now, was = _whole(definition.body), _whole(then.body)
        if now.text != was.text:
            yield from finder(source, now, was)


def _whole(body: Node) -> Node:
    """The definition whose body this is."""
    return body.parent if body.parent is not None else body


def _in_ecma(source: Source, now: Node, was: Node) -> Iterator[tuple[str, int]]:
    from aicheck_checks.analysis.names.ecma import bindings, known_globals

    then, _ = bindings(was)
    bound, used = bindings(now)
    lost = (then - bound) & set(used)
    if not lost:
        return
    lost -= _outer(source, now) | known_globals()
    for name in sorted(lost):
        yield name, source.char_offset(used[name][0].start_byte)


def _outer(source: Source, now: Node) -> set[str]:
    """What is bound round a function: by the file's own statements, not inside its other functions."""
    from aicheck_checks.analysis.names.ecma import bindings, declared

    assert source.tree is not None
    found: set[str] = set()
    for statement in source.tree.root_node.named_children:
        if statement.start_byte <= now.start_byte < statement.end_byte and "class" not in statement.type:
            continue
        inner = statement.child_by_field_name("declaration") if statement.type == "export_statement" else statement
        inner = inner or statement
        name = inner.child_by_field_name("name")
        if name is not None and inner.child_by_field_name("body") is not None:
            found.add(text_of(name))
        elif inner.type in ("lexical_declaration", "variable_declaration"):
            found |= declared(inner)
        elif inner.type != "expression_statement":
            found |= bindings(inner)[0]
    return found


def _in_go(source: Source, now: Node, was: Node) -> Iterator[tuple[str, int]]:
    text, before = text_of(now), text_of(was)
    lost = _go_bound(before) - _go_bound(text) - {"_"}
    outer = {name.rpartition("/")[2] for name in _GO_IMPORTED.findall(source.text)}
    outer |= {name for group in _GO_OUTER.findall(source.text) for part in group for name in _WORD.findall(part)}
    base = source.char_offset(now.start_byte)
    for name in sorted(lost - outer):
        use = re.search(
            rf"(?<![\w.\"]){re.escape(name)}(?=[.(\[]|\s*(?:[)\],;!=<>+*/-]|$))(?!\s*:[^=])", text, re.MULTILINE
        )
        if use is not None and source.region(base + use.start()) == "code":
            yield name, base + use.start()


def _go_bound(text: str) -> set[str]:
    head = text.partition("{")[0]
    return set(_WORD.findall(head)) | {
        name for group in _GO_BOUND.findall(text) for part in group for name in _WORD.findall(part)
    }


def _in_php(source: Source, now: Node, was: Node) -> Iterator[tuple[str, int]]:
    text, before = text_of(now), text_of(was)
    bound = {name for group in _PHP_BOUND.findall(text) for name in group if name}
    bound |= set(_PHP_NAME.findall(" ".join([text.partition("{")[0], *_PHP_LIST.findall(text)])))
    base = source.char_offset(now.start_byte)
    for name in sorted(set(_PHP_SET.findall(before)) - bound - {"this"}):
        first = re.search(rf"\${re.escape(name)}\b(?P<reads>->|::)?", text)
        if first is not None and first["reads"] and source.region(base + first.start()) == "code":
            yield name, base + first.start()


_FINDERS = {"javascript": _in_ecma, "typescript": _in_ecma, "tsx": _in_ecma, "go": _in_go, "php": _in_php}
