"""A process that holds pylint warm: requests in, messages out, a line of JSON each.

    {"path", "text", "search": [folders]}  ->  {"messages": [[symbol, text, line, column, end_line, end_column], ...]}

pylint (https://pylint.readthedocs.io) infers from sources alone: it imports
neither the checked code nor the libraries' C extensions. The search path is the
standard library and the folders of the request, not the packages of aicheck's
own environment, which the checked project may not have.

Only what pylint says of a library is passed on: what the text itself or its own
package defines may be made in ways that inference can't follow. Of a member or
name that a library lacks, the library's files must not even hold the word: a
class that sets its members at run time names them somewhere.
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
import sysconfig
from contextlib import suppress
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING, Any

from aicheck_checks.surroundings import Disk

if TYPE_CHECKING:
    from collections.abc import Iterator

SYMBOLS = (
    "no-member", "no-name-in-module", "unexpected-keyword-arg", "no-value-for-parameter", "too-many-function-args",
    "missing-kwoa", "unreachable", "used-before-assignment",
)  # fmt: skip
MEMORY_BYTES = 3 << 30
MAX_BYTES = 10_000_000
"""Of a library's file that is searched for a word."""
TINY = 1000
"""Code points of an ``__init__.py`` that hardly says what is in the package."""
_LACKING = frozenset({"no-member", "no-name-in-module"})
_CALLING = frozenset("unexpected-keyword-arg no-value-for-parameter too-many-function-args missing-kwoa".split())
_FAILURES = {
    "no-member": frozenset({"AttributeError"}),
    "no-name-in-module": frozenset({"ImportError", "ModuleNotFoundError"}),
    **dict.fromkeys(_CALLING, frozenset({"TypeError"})),
}
"""What fails at run time where pylint's message is right."""
_TAKING = frozenset({"suppress", "raises", "assertRaises", "assertRaisesRegex", "warns", "deprecated_call"})
"""Contexts that are made for a failure."""
_FUNCTIONS = frozenset({"FunctionDef", "AsyncFunctionDef", "Lambda"})
"""What does not run where it stands."""
_MAKES_NAMES = re.compile(
    r"\bglobals\(\)(?:\[[^\]]{1,500}+\]\s*=(?!=)|\.update)|\bsys\.modules\[(?:__name__|[\"'][\w.]+[\"'])\]|\bsetattr\((?:sys\.modules|_?module)|"
    r"\bexec\(|\bvars\(\)|\bglobals\(\)\s*[,)]|=\s*globals\(\)"
)
"""How a module makes names at run time."""
_MAKES_MEMBERS = re.compile(r"\bsetattr\(|\b__dict__\b")
"""How a class does."""


_DISK = Disk()
"""What this process knows of libraries; each request looks anew."""


class _OwnImports:
    """Imports of the worker itself, from where they come now: the search path of a request is for inference alone.

    astroid looks along ``sys.path``, and so would every import that pylint makes late, or that astroid makes
    of an extension module of the standard library: of a file that the checked project has named like it.
    """

    def __init__(self) -> None:
        self.path = list(sys.path)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """As the finder of the import system, whose place this takes."""
        return PathFinder.find_spec(name, self.path if path is None else path, target)


def main() -> None:
    """Serve requests until standard input ends."""
    _limit_memory()
    sys.meta_path[:] = [_OwnImports() if finder is PathFinder else finder for finder in sys.meta_path]
    answers, requests = sys.stdout.buffer, sys.stdin.buffer
    from pylint.lint import PyLinter
    from pylint.reporters import CollectingReporter

    class Linter(PyLinter):
        """pylint, which drops what it can't be sure of."""

        def add_message(
            self, msgid: str, line: Any = None, node: Any = None, args: Any = None, *rest: Any, **more: Any
        ) -> None:
            if node is None or msgid not in _LACKING | _CALLING or _certain(msgid, node):
                super().add_message(msgid, line, node, args, *rest, **more)

        def check_astroid_module(self, ast_node: Any, *rest: Any, **more: Any) -> bool | None:
            lazy.extend(_lazy_members(ast_node))
            done: bool | None = super().check_astroid_module(ast_node, *rest, **more)
            return done

    lazy: list[list[Any]] = []
    reporter = CollectingReporter()
    linter = Linter(reporter=reporter)
    linter.load_default_plugins()
    linter.disable("all")
    for symbol in SYMBOLS:
        linter.enable(symbol)
    linter.config.from_stdin = True
    own = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    standard = [folder for folder in sys.path if folder and folder not in own and "site-packages" not in folder]
    sys.stdout = sys.stderr
    for line in requests:
        request = json.loads(line)
        _DISK.renew()
        sys.path[:] = [*request["search"], *standard]
        sys.stdin = io.TextIOWrapper(io.BytesIO(request["text"].encode("utf-8", "replace")), encoding="utf-8")
        reporter.messages.clear()
        lazy.clear()
        linter.check([request["path"]])
        rows = [
            [m.symbol, m.msg, m.line, m.column + 1, m.end_line or m.line, (m.end_column or m.column) + 1]
            for m in reporter.messages
            if m.symbol in SYMBOLS
        ]
        answers.write(json.dumps({"messages": [*rows, *lazy]}).encode() + b"\n")
        answers.flush()


def _certain(symbol: str, node: Any) -> bool:
    """Whether a message is about a library whose files show that it is right."""
    if _excused(symbol, node):
        return False
    if symbol in _CALLING:
        functions = list(_inferred(node.func))
        return len(functions) == 1 and _of_library(node.root(), functions) and not _wrapped(functions[0])
    if symbol == "no-member":
        owners = [getattr(owner, "_proxied", owner) for owner in _inferred(node.expr)]
        files = {file for owner in owners for file in _files(owner)}
        made = (_MAKES_NAMES, *((_MAKES_MEMBERS,) if any(not hasattr(o, "path") for o in owners) else ()))
        known = _of_library(node.root(), owners) and not any(hasattr(owner, "args") for owner in owners)
        return known and not any(_mentions(file, node.attrname, made) for file in files)
    if node.level:
        return False
    try:
        module = node.do_import_module(node.modname)
    except Exception:  # noqa: BLE001 - astroid fails in many ways
        return False
    if "__getattr__" in module.locals or not _of_library(node.root(), [module]):
        return False
    files = _files(module)
    return any(not any(_mentions(file, name, (_MAKES_NAMES,)) for file in files) for name, _ in node.names)


def _excused(symbol: str, node: Any) -> bool:
    """Whether the text is ready for this failure here: a handler takes it, or a context that is made for it."""
    while node.parent is not None and type(node).__name__ not in _FUNCTIONS:
        inside, node = node, node.parent
        kind = type(node).__name__
        if kind == "Try" and inside in node.body and any(_takes(handler, symbol) for handler in node.handlers):
            return True
        if kind == "With" and any(
            _last_name(context.func) in _TAKING for context, _ in node.items if hasattr(context, "func")
        ):
            return True
    return False


def _takes(handler: Any, symbol: str) -> bool:
    """Whether a handler is for this very failure, or for all and does not raise."""
    kinds = [] if handler.type is None else getattr(handler.type, "elts", [handler.type])
    names = {_last_name(kind) for kind in kinds}
    if not names.isdisjoint(_FAILURES[symbol]) or not all(name[:1].isupper() and not name.isupper() for name in names):
        return True  # what a handler is for that is held in a variable, nobody can tell
    every = not names or not names.isdisjoint({"Exception", "BaseException"})
    return every and not any(_raises(statement) for statement in handler.body)


def _raises(statement: Any) -> bool:
    from astroid import nodes  # type: ignore[import-untyped]

    return next(statement.nodes_of_class(nodes.Raise, skip_klass=(nodes.FunctionDef, nodes.Lambda)), None) is not None


def _last_name(node: Any) -> str:
    return str(node.as_string()).rpartition(".")[2]


def _wrapped(callee: Any) -> bool:
    """Whether a decorator of a method, or a metaclass, may change what a callee takes.

    Decorators of plain functions in libraries keep the arguments as a rule.
    """
    method = hasattr(callee, "bound")
    function = getattr(callee, "_proxied", callee) if method else callee
    plain = {"staticmethod", "classmethod", "abstractmethod"}
    listed = getattr(function, "decorators", None)
    if method and listed is not None and any(d.as_string().rpartition(".")[2] not in plain for d in listed.nodes):
        return True
    try:
        return hasattr(function, "metaclass") and function.metaclass() is not None
    except Exception:  # noqa: BLE001 - astroid fails in many ways
        return True


def _lazy_members(module: Any) -> Iterator[list[Any]]:
    """Members of library modules with a ``__getattr__``, on which pylint gives up, that their files do not mention."""
    from astroid import nodes

    for node in module.nodes_of_class(nodes.Attribute):
        owners = list(_inferred(node.expr)) if isinstance(node.expr, nodes.Name | nodes.Attribute) else []
        if len(owners) != 1 or not isinstance(owners[0], nodes.Module) or "__getattr__" not in owners[0].locals:
            continue
        owner = owners[0]
        missing = node.attrname not in owner.locals and node.attrname not in owner.wildcard_import_names()
        if (
            missing
            and not _excused("no-member", node)
            and _of_library(module, owners)
            and not _submodule(owner, node.attrname)
        ):
            if not any(_mentions(file, node.attrname, (_MAKES_NAMES,)) for file in _files(owner)):
                message = f"Module '{owner.name}' has no '{node.attrname}' member"
                yield ["no-member", message, node.lineno, node.col_offset + 1, node.end_lineno, node.end_col_offset + 1]


def _submodule(owner: Any, name: str) -> bool:
    folder = os.path.dirname(str(owner.file))
    return owner.package and any(entry.partition(".")[0] == name for entry in _DISK.listing(folder))


def _inferred(node: Any) -> Iterator[Any]:
    from astroid.util import Uninferable  # type: ignore[import-untyped]

    try:
        yield from (found for found in node.infer() if found is not Uninferable)
    except Exception:  # noqa: BLE001 - astroid fails in many ways
        return


def _of_library(module: Any, owners: list[Any]) -> bool:
    """Whether all owners are defined in files outside the text's own package, written in Python."""
    package = module.name.partition(".")[0]
    roots = [owner.root() for owner in owners]
    return bool(roots) and all(
        root.file
        and root.name.partition(".")[0] not in (package, "builtins")
        and not _DISK.fact(_compiled, str(root.file))
        for root in roots
    )


def _compiled(disk: Disk, file: str) -> bool:
    """Whether a module is an extension, or has been compiled to one beside its source."""
    folder, name = os.path.split(file)
    stem = name.partition(".")[0]
    beside = any(other.startswith(f"{stem}.") and other.endswith((".so", ".pyd")) for other in disk.listing(folder))
    return beside or not name.endswith((".py", ".pyi"))


def _files(owner: Any) -> set[str]:
    """The files in which an owner and its ancestors are defined."""
    try:
        ancestors = list(owner.ancestors()) if hasattr(owner, "ancestors") else []
    except Exception:  # noqa: BLE001 - astroid fails in many ways
        ancestors = []
    return {str(one.root().file) for one in [owner, *ancestors, *_starred(owner)] if one.root().file}


def _starred(owner: Any) -> Iterator[Any]:
    """The modules whose names a module takes over by star imports."""
    from astroid import nodes

    for node in owner.body if isinstance(owner, nodes.Module) else ():
        if isinstance(node, nodes.ImportFrom) and node.names[0][0] == "*":
            try:
                yield node.do_import_module(node.modname)
            except Exception:  # noqa: BLE001 - astroid fails in many ways
                continue


def _text(disk: Disk, file: str) -> str:
    return disk.read(file, MAX_BYTES)


def _mentions(file: str, name: str, made: tuple[re.Pattern[str], ...]) -> bool:
    """Whether a file holds the word, or makes such names at run time."""
    text = _DISK.fact(_text, file)
    start = os.path.basename(file) == "__init__.py"
    if start and len(text) < TINY and re.search(r"^(?:def|class) ", text, re.MULTILINE) is None:
        return True
    return any(pattern.search(text) for pattern in made) or re.search(rf"\b{re.escape(name)}\b", text) is not None


def memory_is_limited() -> bool:
    """Whether this system refuses a process more memory than it was allowed: macOS takes no such limit, Windows knows none."""
    return sys.platform not in ("darwin", "win32")


def _limit_memory() -> None:
    """Have the system refuse more memory; where it can't, inference goes on without, and ``doctor`` says so."""
    if sys.platform == "win32":
        return
    import resource

    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, resource.getrlimit(resource.RLIMIT_AS)[1]))


if __name__ == "__main__":
    main()
