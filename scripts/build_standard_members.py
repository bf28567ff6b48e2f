"""Make ``python.index``: what the modules and classes of Python's standard library have, in any supported version.

    python scripts/build_standard_members.py

From the stubs that come with mypy (typeshed, Apache-2.0), all versions and platforms together, and what the running Python shows of the
same modules. Left out is what has members that no stub can name: modules and classes with a ``__getattr__``, what people are
meant to add to, and whatever inherits from a class that the stubs don't hold.
"""

from __future__ import annotations

import ast
import importlib
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import mypy

from aicheck_checks.packages.index import build

STUBS = Path(mypy.__file__).parent / "typeshed" / "stdlib"
TARGET = Path(__file__).parents[1] / "checks/aicheck_checks/data/python.index"
OPEN_MODULES = (
    "typing",
    "typing_extensions",
    "_typeshed",
    "collections.abc",
    "abc",
    "ast",
    "enum",
    "types",
    "builtins",
    "unittest.mock",
    "ctypes",
    "lib2to3",
    "distutils",
    "antigravity",
    "this",
    "__main__",
    "idlelib",
    "test",
)
"""Modules whose names or classes stand for others, or run something when they are imported."""
OPEN_CLASSES = frozenset(
    "Logger LoggerAdapter LogRecord Namespace Action local Structure Union Mock SimpleNamespace Enum Flag Protocol Message EmailMessage Values TestCase Handler Element".split()
)
"""Classes whose instances have what people give them."""
ELSEWHERE = {
    "os.RTLD_MEMBER",
    "sys.pypy_version_info",
    "sys.pypy_translation_info",
    "sys.gettotalrefcount",
    "sys.getobjects",
}
"""What only other systems, implementations and builds have, and no stub names."""


class Class(NamedTuple):
    """A class of a stub: its bases as they stand there, in which module, and its own members."""

    module: str
    bases: tuple[str, ...]
    members: frozenset[str]


def statements(body: list[ast.stmt]) -> list[ast.stmt]:
    """Statements with those inside of conditions: any version may be the user's."""
    found: list[ast.stmt] = []
    for one in body:
        if isinstance(one, ast.If):
            found += statements(one.body) + statements(one.orelse)
        elif isinstance(one, ast.Try):
            found += statements(one.body) + [s for handler in one.handlers for s in statements(handler.body)]
        else:
            found.append(one)
    return found


def names_of(statement: ast.stmt) -> set[str]:
    """The names that a statement of a stub defines."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    targets = (
        statement.targets
        if isinstance(statement, ast.Assign)
        else [statement.target]
        if isinstance(statement, ast.AnnAssign)
        else []
    )
    return {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}


class Stubs:
    """All stubs, with what each module has and takes over from others."""

    def __init__(self) -> None:
        self.trees: dict[str, list[ast.stmt]] = {}
        for path in sorted(STUBS.rglob("*.pyi")):
            parts = path.relative_to(STUBS).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            self.trees[name] = statements(ast.parse(path.read_text("utf-8")).body)
        self.packages = {str(path.parent.relative_to(STUBS)).replace("/", ".") for path in STUBS.rglob("__init__.pyi")}

    def source_of(self, module: str, statement: ast.ImportFrom) -> str:
        """The module that an import of a stub is from."""
        if not statement.level:
            return statement.module or ""
        up = module.split(".")[: len(module.split(".")) - statement.level + (module in self.packages)]
        return ".".join([*up, *([statement.module] if statement.module else [])])

    def names(self, module: str, seen: frozenset[str] = frozenset()) -> set[str]:
        """The names that a module has, those that it only imports too."""
        found = {name.rpartition(".")[2] for name in self.trees if name.rpartition(".")[0] == module}
        for statement in self.trees.get(module, ()):
            found |= names_of(statement)
            if isinstance(statement, ast.Import):
                found |= {alias.asname or alias.name.partition(".")[0] for alias in statement.names}
            elif isinstance(statement, ast.ImportFrom):
                found |= {alias.asname or alias.name for alias in statement.names if alias.name != "*"}
                source = self.source_of(module, statement)
                if statement.names[0].name == "*" and source not in seen:
                    found |= self.names(source, seen | {module})
        return found

    def found_class(self, module: str, name: str, depth: int = 0) -> Class | None:
        """The class that a name of a module stands for."""
        if depth > 8:
            return None
        for statement in self.trees.get(module, ()):
            if isinstance(statement, ast.ClassDef) and statement.name == name:
                members = {n for inner in statements(statement.body) for n in names_of(inner)}
                bases = tuple(
                    ast.unparse(base.value if isinstance(base, ast.Subscript) else base) for base in statement.bases
                )
                return Class(module, bases, frozenset(members))
            if isinstance(statement, ast.ImportFrom):
                for alias in statement.names:
                    if alias.name in ("*", name) or alias.asname == name:
                        wanted = name if alias.name == "*" else alias.name
                        if (alias.asname or alias.name) in (name, "*"):
                            known = self.found_class(self.source_of(module, statement), wanted, depth + 1)
                            if known is not None:
                                return known
        return self.found_class("builtins", name, depth + 8) if depth == 0 and module != "builtins" else None

    def members(self, module: str, name: str, depth: int = 0) -> set[str] | None:
        """All members of a class's instances; None where they can't be told."""
        known = self.found_class(module, name)
        if known is None or depth > 12 or name in OPEN_CLASSES:
            return None
        if "__getattr__" in known.members or (name != "object" and "__getattribute__" in known.members):
            return None
        found = set(known.members)
        for base in (*known.bases, *(() if name == "object" else ("builtins.object",))):
            owner, _, short = base.rpartition(".")
            if short in ("Generic", "Protocol"):
                continue
            inherited = self.members(owner or known.module, short, depth + 1)
            if inherited is None:
                return None
            found |= inherited
        return found


def main() -> None:
    """Write the index."""
    warnings.simplefilter("ignore")
    stubs, found = Stubs(), set[str]()
    for module in stubs.trees:
        if module.startswith("_") or any(module == name or module.startswith(f"{name}.") for name in OPEN_MODULES):
            continue
        names = stubs.names(module)
        try:
            running = importlib.import_module(module)
        except Exception:  # noqa: BLE001 - of another system or version
            running = None
        if "__getattr__" in names:
            continue
        found.add(f"{module}:")
        found |= {f"{module}.{name}" for name in names | set(dir(running))}
        for name in names:
            members = stubs.members(module, name) if name[:1] != "_" else None
            if members:
                there = getattr(running, name, None)
                found.add(f"{module}.{name}()")
                found |= {
                    f"{module}.{name}().{member}"
                    for member in members | set(dir(there) if isinstance(there, type) else ())
                }
    found |= ELSEWHERE
    TARGET.write_bytes(build("python", sorted(found), (), made=f"{datetime.now(UTC):%Y-%m-%d}", complete=True))


if __name__ == "__main__":
    main()
