"""Where a Python text uses members of a name that stands for one thing alone, by the text's own syntax tree."""

from __future__ import annotations

import ast
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_EXCUSING = frozenset({"AttributeError", "Exception", "BaseException", "NameError"})
_TAKING = frozenset({"suppress", "raises", "assertRaises", "assertRaisesRegex"})
"""Contexts that are made for a failure."""


class Use(NamedTuple):
    """A member that is asked of an owner: a module as it is written, or, where ``made``, an object of the class that is written."""

    owner: str
    made: bool
    name: str
    line: int
    column: int


def uses_of(text: str, members: set[str]) -> Iterator[Use]:
    """The uses of these members, of modules and of objects that are made or annotated by a class, where the owner has one meaning.

    Of an object only what is called counts: people give objects attributes of their own. Nothing is said of what a handler or a
    context takes, nor of a member whose name the text also holds as a string: it asks whether it is there.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    every = list(ast.walk(tree))
    said = {node.value for node in every if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    called = {node.func for node in every if isinstance(node, ast.Call)}
    bound = Counter(_bound(tree))
    lines = text.split("\n")
    for node, classes in _reached(tree, bound):
        if node.attr in members and node.attr not in said:
            yield from _use(node, lines, bound, classes, called=node in called)


def _bound(tree: ast.AST) -> Iterator[str]:
    """The names that a text gives a meaning anywhere, once for each time; a package whose modules are imported counts once."""
    packages: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.partition(".")[0]
                if name not in packages:
                    yield name
                packages |= set() if alias.asname else {name}
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in node.names)
        elif name := _given(node):
            yield name


def _given(node: ast.AST) -> str:
    """The name to which a node gives a meaning, or of which it says that it may have another one; empty for none."""
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
            return name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            return name
        case ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name(id=name), *_]):
            return name  # it may be of a class below
        case ast.Attribute(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()):
            return name  # given a member: it may have any
    return ""


def _reached(tree: ast.AST, bound: Counter[str]) -> Iterator[tuple[ast.Attribute, dict[str, str]]]:
    """The members that are asked for and whose lack nothing excuses, in the order of the text, with the classes of the names there."""
    stack: list[tuple[ast.AST, dict[str, str]]] = [(tree, _classes(tree, bound))]
    while stack:
        node, classes = stack.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            classes = classes | _classes(node, bound)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            yield node, classes
        if isinstance(node, ast.With) and any(_takes(item.context_expr) for item in node.items):
            continue
        said = (getattr(node, "annotation", None), getattr(node, "returns", None))  # which need not run
        children = [child for child in ast.iter_child_nodes(node) if child not in said]
        if isinstance(node, ast.Try) and any(map(_excuses, node.handlers)):
            children = [child for child in children if child not in node.body]
        stack.extend((child, classes) for child in reversed(children))


def _takes(context: ast.expr) -> bool:
    return isinstance(context, ast.Call) and ast.unparse(context.func).rpartition(".")[2] in _TAKING


def _use(
    node: ast.Attribute, lines: list[str], bound: Counter[str], classes: dict[str, str], *, called: bool
) -> Iterator[Use]:
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    line = lines[node.end_lineno - 1] if node.end_lineno <= len(lines) else ""
    column = len(line.encode()[: node.end_col_offset].decode("utf-8", "replace")) - len(node.attr) + 1
    owner = node.value
    if isinstance(owner, ast.Name) and classes.get(owner.id):
        written, made = classes[owner.id], True
    elif isinstance(owner, ast.Call):
        written, made = _written(owner.func, bound), True
    else:
        written, made = _written(owner, bound), False
    if written and (called or not made):
        yield Use(written, made, node.attr, node.end_lineno, column)


def _classes(scope: ast.AST, bound: Counter[str]) -> dict[str, str]:
    """The classes of names that a function is given with an annotation, or that are given one value in all; empty for no one class."""
    found: dict[str, str] = {}
    if isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        inside = Counter(_bound(scope))
        every = (*scope.args.posonlyargs, *scope.args.args, *scope.args.kwonlyargs)
        for each in every:
            sure = each.annotation is not None and inside[each.arg] == 1
            found[each.arg] = _annotated(each.annotation, bound) if sure and each.annotation is not None else ""
    for node in ast.iter_child_nodes(scope):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and isinstance(node.targets[0], ast.Name):
            if len(node.targets) == 1 and bound[node.targets[0].id] == 1:
                found[node.targets[0].id] = _written(node.value.func, bound)
    return found


def _annotated(annotation: ast.expr, bound: Counter[str]) -> str:
    """The class that an annotation names, alone or beside None."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            annotation = ast.parse(annotation.value, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return ""
    if (
        isinstance(annotation, ast.BinOp)
        and isinstance(annotation.right, ast.Constant)
        and annotation.right.value is None
    ):
        annotation = annotation.left
    if (
        isinstance(annotation, ast.Subscript)
        and isinstance(annotation.value, ast.Name)
        and annotation.value.id == "Optional"
    ):
        annotation = annotation.slice
    return _written(annotation, bound)


def _written(node: ast.expr, bound: Counter[str]) -> str:
    """A dotted name as it is written, whose first part has one meaning in the text; else nothing."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or bound[node.id] != 1:
        return ""
    return ".".join([node.id, *reversed(parts)])


def _excuses(handler: ast.ExceptHandler) -> bool:
    """Whether a handler takes a missing member: one that is made for it, or one for all that does not raise."""
    kinds = [] if handler.type is None else handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = {ast.unparse(kind).rpartition(".")[2] for kind in kinds}
    if "AttributeError" in names or any(not name[:1].isupper() or name.isupper() for name in names):
        return True
    every = not names or not names.isdisjoint(_EXCUSING)
    return every and not any(isinstance(node, ast.Raise) for statement in handler.body for node in ast.walk(statement))
