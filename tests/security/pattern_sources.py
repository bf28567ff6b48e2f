"""Every regular expression of the three packages, read from their syntax trees.

A pattern added later is found without anybody listing it: each call of ``re`` and of ``lazy`` counts.
Where a pattern is put together at run time, each part is looked up in its module or function, and
what only the run knows is a word.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PACKAGES = {"aicheck_checks": "checks", "aicheck_app": "app", "aicheck_lsp": "lsp_server"}
MAKERS = frozenset({"compile", "lazy"})
SEARCHES = frozenset({"search", "sub", "subn", "split", "findall", "finditer"})
METHODS = SEARCHES | {"match", "fullmatch"}
WORD = "word"
"""What stands for a part that only the run knows: names of checked code, escaped."""


class Use(NamedTuple):
    """A pattern and how it is applied: from each place of a text, or only from its start."""

    place: str
    pattern: str | bytes
    flags: int
    method: str


class Unreadable(Exception):  # noqa: N818 - not an error of the program
    """A pattern that cannot be told from the source."""


@cache
def modules() -> dict[str, ast.Module]:
    """The syntax tree of every module of ours by its dotted name."""
    found = {}
    for package, folder in PACKAGES.items():
        for file in sorted((ROOT / folder / package).rglob("*.py")):
            name = ".".join(file.relative_to(ROOT / folder).with_suffix("").parts).removesuffix(".__init__")
            found[name] = ast.parse(file.read_text("utf-8"))
    return found


def uses() -> Iterator[Use]:
    """Every pattern, with each way in which it is applied."""
    for name in modules():
        if not name.startswith(ELSEWHERE):
            yield from _reader(name).uses()


@cache
def _reader(name: str) -> _Reader:
    return _Reader(name, modules()[name])


@cache
def _importers() -> dict[tuple[str, str], list[str]]:
    """The modules that import a name of a module."""
    found: dict[tuple[str, str], list[str]] = {}
    for name, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module is not None:
                for alias in node.names:
                    found.setdefault((node.module, alias.name), []).append(name)
    return found


class _Reader:
    """Reads one module."""

    def __init__(self, name: str, tree: ast.Module) -> None:
        self.name = name
        self.tree = tree
        self.nodes = list(ast.walk(tree))
        self.above = {child: node for node in self.nodes for child in ast.iter_child_nodes(node)}

    @property
    def names(self) -> dict[str, object]:
        """What the module's names stand for; importing is left until a pattern needs it."""
        return vars(import_module(self.name))

    def uses(self) -> Iterator[Use]:
        for node in self.nodes:
            if isinstance(node, ast.Call) and (maker := _maker(node)) is not None:
                yield from self._of_call(node, maker)

    def _of_call(self, node: ast.Call, maker: str) -> Iterator[Use]:
        place = f"{self.name}:{node.lineno}"
        argument = node.args[0] if node.args else node.keywords[0].value
        try:
            patterns = self.values(argument, node)
        except Unreadable:
            if (self.name, ast.unparse(argument)) not in GIVEN:
                raise
            return
        for pattern in patterns:
            for method in sorted(self._methods(node) if maker in MAKERS else {maker}):
                yield Use(place, pattern, self._flags(node, maker), method)

    def _flags(self, node: ast.Call, maker: str) -> int:
        at = {"compile": 1, "lazy": 1, "sub": 4, "subn": 4, "split": 3}.get(maker, 2)
        given = [k.value for k in node.keywords if k.arg == "flags"] or node.args[at : at + 1]
        return int(eval(ast.unparse(given[0]), {"re": re})) if given else 0

    def _methods(self, node: ast.Call) -> set[str]:
        """How the name that a compiled pattern is given to is used; anything else may search."""
        target = self.above[node]
        if not (isinstance(target, ast.Assign) and isinstance(target.targets[0], ast.Name)):
            return {"finditer"}
        name = target.targets[0].id
        readers = (self.name, *_importers().get((self.name, name), ()))
        return {how for reader in readers for how in _reader(reader).applied(name)} or {"finditer"}

    def applied(self, name: str) -> Iterator[str]:
        for node in self.nodes:
            if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load):
                outer = self.above[node]
                known = isinstance(outer, ast.Attribute) and outer.attr in METHODS
                yield outer.attr if known and isinstance(outer, ast.Attribute) else "finditer"

    def values(self, node: ast.expr, where: ast.AST) -> Sequence[str | bytes]:
        """All that an expression may stand for, as far as the source tells."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            return [node.value]
        if isinstance(node, ast.JoinedStr):
            parts = [self.values(part, where) for part in node.values]
            return ["".join(map(str, combined)) for combined in product(*parts)]
        if isinstance(node, ast.FormattedValue):
            return self._part(node.value, where)
        if isinstance(node, ast.IfExp):
            return [*self.values(node.body, where), *self.values(node.orelse, where)]
        if isinstance(node, ast.Name) and (given := self._assigned(node.id, where)):
            return [value for one in given for value in self.values(one, where)]
        try:
            value = eval(ast.unparse(node), dict(self.names))
        except NameError as error:
            raise Unreadable(f"{self.name}:{node.lineno}: {ast.unparse(node)}") from error
        return [value]

    def _part(self, node: ast.expr, where: ast.AST) -> Sequence[str | bytes]:
        try:
            return self.values(node, where)
        except Unreadable:
            return [WORD]

    def _assigned(self, name: str, where: ast.AST) -> list[ast.expr]:
        """What the function around gives to a name."""
        while where in self.above and not isinstance(where, ast.FunctionDef):
            where = self.above[where]
        return [
            node.value
            for node in ast.walk(where)
            if isinstance(where, ast.FunctionDef) and isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name) and target.id == name
        ]


def _maker(call: ast.Call) -> str | None:
    """The name of the function of ``re`` (or of ``lazy``) that a call calls."""
    function = call.func
    if isinstance(function, ast.Name):
        return function.id if function.id == "lazy" else None
    of_re = isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == "re"
    known = isinstance(function, ast.Attribute) and function.attr in METHODS | {"compile"}
    return function.attr if of_re and known and isinstance(function, ast.Attribute) else None


ELSEWHERE = "aicheck_app.redaction"
"""The package whose patterns have a probe of their own, in test_redaction.py: most begin at a place that was found before."""
GIVEN = frozenset(
    {
        ("aicheck_checks.patterns", "pattern"),  # what `lazy` is given, which is read where it is called
        ("aicheck_app.canary.tasks", "pattern"),  # the user's own, in a file of tasks named on the command line
        ("aicheck_app.canary.judge", "p"),  # the same
        (
            "aicheck_checks.globs",
            "_expression(pieces)",
        ),  # made of a file pattern; tests/app/test_excludes.py tries the worst
    }
)
"""Arguments that hold a pattern from elsewhere."""
