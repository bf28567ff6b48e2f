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
import re
import sys
import sysconfig
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

SYMBOLS = (
    "no-member", "no-name-in-module", "unexpected-keyword-arg", "no-value-for-parameter", "too-many-function-args",
    "missing-kwoa", "redundant-keyword-arg", "unreachable", "used-before-assignment",
)  # fmt: skip
MEMORY_BYTES = 3 << 30
_LACKING = frozenset({"no-member", "no-name-in-module"})
_CALLING = frozenset(
    "unexpected-keyword-arg no-value-for-parameter too-many-function-args missing-kwoa redundant-keyword-arg".split()
)
_MAKES_NAMES = re.compile(r"\bglobals\(\)(?:\[|\.update)|\bsys\.modules\[__name__\]|\bexec\(|\bvars\(\)\[")
"""How a module makes names at run time."""
_MAKES_MEMBERS = re.compile(r"\bsetattr\(|\b__dict__\b")
"""How a class does."""


def main() -> None:
    """Serve requests until standard input ends."""
    _limit_memory()
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
        sys.path[:] = [*request["search"], *standard]
        sys.stdin = io.TextIOWrapper(io.BytesIO(request["text"].encode("utf-8", "replace")), encoding="utf-8")
        reporter.messages.clear()
        linter.check([request["path"]])
        rows = [
            [m.symbol, m.msg, m.line, m.column + 1, m.end_line or m.line, (m.end_column or m.column) + 1]
            for m in reporter.messages
            if m.symbol in SYMBOLS
        ]
        answers.write(json.dumps({"messages": rows}).encode() + b"\n")
        answers.flush()


def _certain(symbol: str, node: Any) -> bool:
    """Whether a message is about a library whose files show that it is right."""
    if symbol in _CALLING:
        return _of_library(node.root(), list(_inferred(node.func)))
    if symbol == "no-member":
        owners = [getattr(owner, "_proxied", owner) for owner in _inferred(node.expr)]
        files = {file for owner in owners for file in _files(owner)}
        made = (_MAKES_NAMES, *((_MAKES_MEMBERS,) if any(not hasattr(o, "path") for o in owners) else ()))
        return _of_library(node.root(), owners) and not any(_mentions(file, node.attrname, made) for file in files)
    try:
        module = node.do_import_module(node.modname)
    except Exception:  # noqa: BLE001 - astroid fails in many ways
        return False
    names = [name for name, _ in node.names]
    return _of_library(node.root(), [module]) and not all(
        _mentions(str(module.file), name, (_MAKES_NAMES,)) for name in names
    )


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
    return bool(roots) and all(root.file and root.name.partition(".")[0] not in (package, "builtins") for root in roots)


def _files(owner: Any) -> set[str]:
    """The files in which an owner and its ancestors are defined."""
    try:
        ancestors = list(owner.ancestors()) if hasattr(owner, "ancestors") else []
    except Exception:  # noqa: BLE001 - astroid fails in many ways
        ancestors = []
    return {str(one.root().file) for one in [owner, *ancestors] if one.root().file}


@lru_cache(maxsize=512)
def _text(file: str) -> str:
    try:
        with open(file, encoding="utf-8", errors="replace") as stream:
            return stream.read()
    except OSError:
        return ""


def _mentions(file: str, name: str, made: tuple[re.Pattern[str], ...]) -> bool:
    """Whether a file holds the word, or makes such names at run time."""
    text = _text(file)
    return any(pattern.search(text) for pattern in made) or re.search(rf"\b{re.escape(name)}\b", text) is not None


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, resource.getrlimit(resource.RLIMIT_AS)[1]))


if __name__ == "__main__":
    main()
