"""Imports that lead nowhere, in the languages whose packages can be looked up.

Each language's module offers ``unresolved(source)``. Three rules share its
answer: nothing provides the module (IMP004), no registry has such a package
(IMP006), the package is an obscure one with nearly a famous name (IMP007).
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from itertools import islice
from typing import TYPE_CHECKING, Literal, NamedTuple

from aicheck_checks.finding import Found

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aicheck_checks.finding import Confidence, Severity
    from aicheck_checks.packages.index import Index
    from aicheck_checks.source import Source

MODULES = {
    "go": "go", "java": "java", "javascript": "ecma", "python": "python", "rust": "rust",
    "tsx": "ecma", "typescript": "ecma",
}  # fmt: skip
"""The module of this folder that resolves a language's imports."""
MAX_IMPORTS = 1_000
"""Imports of a text that are looked up: each may cost questions to the disk."""
MAX_FOUND = 100
"""A text with more unresolved imports is no clearer for them."""
Kind = Literal["unprovided", "nonexistent", "lookalike"]


class Unresolved(NamedTuple):
    """An import that leads nowhere: what is wrong with it, where (code points), and how sure that is."""

    kind: Kind
    message: str
    start: int
    end: int
    severity: Severity = "error"
    confidence: Confidence = "medium"


@lru_cache(maxsize=4)
def unresolved(source: Source) -> list[Unresolved]:
    """All imports of a text that lead nowhere, in its order."""
    if source.language is None or source.language.name not in MODULES or source.tree is None:
        return []
    module = import_module(f"aicheck_checks.analysis.imports.{MODULES[source.language.name]}")
    found: Iterable[Unresolved] = module.unresolved(source)
    return list(islice(found, MAX_FOUND))


def findings(source: Source, kind: Kind) -> Iterator[Found]:
    """A rule's findings: the imports of one kind."""
    for one in unresolved(source):
        if one.kind == kind:
            yield Found(one.message, one.start, one.end, severity=one.severity, confidence=one.confidence)


def nonexistent(name: str, index: Index, what: str) -> str:
    """The message about a name that the registry lacks."""
    near = index.near(name)
    mean = f"; did you mean {' or '.join(repr(n) for n in near)}?" if near else "."
    return f"no package '{name}' in {what}{mean} Don't install one by that name: it would be a stranger's code"
