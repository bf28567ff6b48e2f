"""Names that a text uses and nothing defines, in the languages that can say so.

Each language's module offers the same three functions, the first of which is
also told which names the version before imported: such a name can't have come
from elsewhere. What a text can't tell
(a wildcard import, a file of the same package that is not at hand) it leaves
out: "can't tell" comes before a guess.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.finding import Edit, Fix
from aicheck_checks.languages.tree import steep

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType

    from aicheck_checks.source import Source

MODULES = {
    "c": "c", "cpp": "c", "csharp": "csharp", "go": "go", "java": "java", "javascript": "ecma", "kotlin": "kotlin", "php": "php", "python": "python", "ruby": "ruby", "rust": "rust", "scala": "scala", "tsx": "ecma", "typescript": "ecma",
}  # fmt: skip
"""The module of this folder that reads a language's imports."""
LOOKS_AROUND = tuple(name for name, module in MODULES.items() if module not in ("ecma", "python", "ruby"))
"""Languages in which a name may come from files beside without an import."""


_CLIMB = frozenset(MODULES.values()) - {"python", "go"}
"""Modules that ask nodes for their parents."""
MANY = 4_000
"""Code points of a text that may be nested too deep for that."""
MAX_NAMES = 100
"""Undefined names that are told; a text with more is no clearer for them."""
_BARE = "\0"
_STATEMENT = f"import {_BARE}"
"""What stands for a statement, and for what follows its `import`: no checked text has a NUL."""


class Undefined(NamedTuple):
    """A name that nothing defines: its first use (code points) and the number of uses."""

    name: str
    start: int
    end: int
    uses: int
    certain: bool = True
    """Whether it is used in plain code, and not only inside quoted annotations."""
    likely: str | None = None
    """The import statement that is most likely missing, where the name is a well-known one."""
    elsewhere: bool = False
    """Whether other functions of the text define the name, each for itself."""


def _module(source: Source) -> ModuleType:
    assert source.language is not None
    return import_module(f"aicheck_checks.analysis.names.{MODULES[source.language.name]}")


@lru_cache(maxsize=4)
def undefined_names(source: Source) -> list[Undefined]:
    """The undefined names that the text is to blame for, in the order of their first use."""
    if source.language is None or source.language.name not in MODULES or not source.parses:
        return []
    if len(source.text) > MANY and source.tree is not None and MODULES[source.language.name] in _CLIMB:
        if steep(source.tree.root_node):
            return []
    old = source.before
    formerly = frozenset[str]()
    if old is not None and old.tree is not None:
        formerly = frozenset(name for name, _ in imports_of(old)) - {name for name, _ in imports_of(source)}
    found: list[Undefined] = _module(source).undefined_names(source, formerly)
    return found[:MAX_NAMES]


def imports_of(source: Source) -> Iterable[tuple[str, str]]:
    """Each name that an import binds, with the statement that would bind it alone."""
    found: Iterable[tuple[str, str]] = _module(source).imports_of(source)
    return found


def insert_import(source: Source, statement: str) -> Fix:
    """A fix that adds an import where the language's imports stand."""
    at, title, text = _place(source)
    whole, bare = statement, statement.removeprefix("import ")
    title, text = (part.replace(_STATEMENT, whole).replace(_BARE, bare) for part in (title, text))
    return Fix(title, (Edit(at, at, text),))


@lru_cache(maxsize=2)
def _place(source: Source) -> tuple[int, str, str]:
    """Where an import goes, and the fix's words with a stand-in for the statement: one search for a text serves all names."""
    fix: Fix = _module(source).insert_import(source, _STATEMENT)
    return fix.edits[0].start, fix.title, fix.edits[0].text
